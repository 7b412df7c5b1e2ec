import type { Instant } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import { type Clock, systemClock } from '../../ports/clock.ts'
import type { CollectionName, CustomerRow, RecordEntry, RecordReading, RecordStore } from '../../ports/record-store.ts'
import { checkQuery } from './check-query.ts'
import { checkCommit, checkCustomer, checkLoad } from './check-records.ts'

/** 1 January 1973, a Monday: periods that count from here are those of the UTC calendar, weeks as well. */
const since: Instant = 94_694_400_000

/** Everybody's row, at a version that never grows. */
const stranger: CustomerRow = Object.freeze({
  version: 1,
  createdAt: since,
  paymentCustomer: null,
  email: null,
  name: null,
  plan: '',
  changesAt: null,
  converged: 0,
  convergedAt: null,
})

/**
 * Stands in for a record store where an app only counts: every customer is known, is on the default plan and has nothing
 * beside it. Nothing can be recorded, so it is labelled `best-effort`, and payments are refused on it.
 *
 * @throws FareboxError `invalid-configuration` from every commit, telling to pair the counters with a record store.
 */
export function createNoRecords(clock: Clock = systemClock): RecordStore {
  return {
    label: 'best-effort',
    async load<Name extends CollectionName>(customer: string, collections: readonly Name[]): Promise<RecordReading<Name>> {
      checkLoad(customer, collections)
      const row: RecordEntry<'customers'> = { customer, id: customer, revision: 1, value: stranger }
      const rows = Object.fromEntries(collections.map((name): [string, readonly RecordEntry<CollectionName>[]] => [name, name === 'customers' ? [row] : []]))
      // One entry for each name that was asked for, and only that of the customers has a row.
      return { now: clock.now(), rows: rows as RecordReading<Name>['rows'] }
    },
    async commit(customer, writes) {
      checkCommit(customer, writes)
      throw new FareboxError('invalid-configuration', 'This store only counts, and has nowhere to record anything', {
        faults: [{ path: 'store.records', message: 'Give a record store too, such as postgresStore({ client }).records' }],
      })
    },
    async find(query) {
      checkQuery(query)
      return []
    },
    async forget(customer) {
      checkCustomer(customer)
    },
  }
}
