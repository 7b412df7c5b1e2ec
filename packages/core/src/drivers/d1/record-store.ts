import type { Instant } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  CollectionName,
  RecordCollections,
  RecordEntry,
  RecordQuery,
  RecordReading,
  RecordStore,
  RowIds,
} from '../../ports/record-store.ts'
import { checkQuery } from '../../storage/records/check-query.ts'
import { checkCommit, checkCustomer, checkLoad } from '../../storage/records/check-records.ts'
import { corruptRow } from '../../storage/rows/corrupt-row.ts'
import { unescapeName } from '../../storage/rows/names.ts'
import type { D1Connection } from './database.ts'
import { selectNow } from './fetch-rows.ts'
import { type Row, numberAt, rowsOf, textAt } from './read-rows.ts'
import { commitStatements, findStatement, forgetStatements, loadStatement } from './record-statements.ts'

/** Keeps records in D1. A commit is one batch: a guard fails it where an expectation does not hold, and then nothing is written. */
export function createRecordStore(connection: D1Connection, clock: Clock | undefined): RecordStore {
  function presentOf(results: readonly unknown[] | undefined): Instant {
    if (clock !== undefined) return clock.now()
    for (const row of rowsOf(results)) return numberAt(row, 'now')
    throw new FareboxError('unavailable', 'The D1 database did not tell the time')
  }

  return {
    label: 'linearizable',
    async load<Name extends CollectionName>(customer: string, collections: readonly Name[], only?: RowIds): Promise<RecordReading<Name>> {
      checkLoad(customer, collections)
      const [present, found] = await connection.run([selectNow, loadStatement(customer, collections, only)])
      const entries = new Map<string, RecordEntry<CollectionName>[]>(collections.map((name) => [name, []]))
      for (const row of rowsOf(found)) entries.get(textAt(row, 'collection'))?.push(entryOf(row, customer))
      const rows: Record<string, unknown> = Object.fromEntries(entries)
      // One entry for each name that was asked for, each with the rows that were committed under that name.
      return { now: presentOf(present), rows: rows as RecordReading<Name>['rows'] }
    },
    async commit(customer, writes) {
      const checked = checkCommit(customer, writes)
      const written = await connection.runGuarded([selectNow, ...commitStatements(customer, checked)])
      if (!('refusal' in written)) return { kind: 'committed', now: presentOf(written[0]) }
      const conflicting = checked[Number(written.refusal)]
      if (conflicting === undefined) throw corruptRow('record')
      return { kind: 'conflict', collection: conflicting.collection, id: conflicting.id }
    },
    async find<Name extends CollectionName>(query: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]> {
      checkQuery(query)
      const [found] = await connection.run([findStatement(query)])
      // The collection that was asked for decides the shape of its rows.
      return rowsOf(found).map((row) => entryOf(row, unescapeName(textAt(row, 'customer')))) as RecordEntry<Name>[]
    },
    async forget(customer) {
      checkCustomer(customer)
      await connection.run(forgetStatements(customer))
    },
  }
}

function entryOf(row: Row, customer: string): RecordEntry<CollectionName> {
  return {
    customer,
    id: unescapeName(textAt(row, 'id')),
    revision: numberAt(row, 'revision'),
    value: valueOf(textAt(row, 'value')),
  }
}

function valueOf(text: string): RecordCollections[CollectionName] {
  try {
    // A commit wrote it, of the shape that its collection has.
    return JSON.parse(text) as RecordCollections[CollectionName]
  } catch {
    throw corruptRow('record')
  }
}
