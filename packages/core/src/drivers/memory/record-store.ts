import { isAmount } from '../../domain/amount.ts'
import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  type CollectionName,
  type CommitOutcome,
  type RecordEntry,
  type RecordQuery,
  type RecordReading,
  type RecordStore,
  type RecordWrite,
  recordIndexes,
} from '../../ports/record-store.ts'
import { frozenJson } from '../../storage/records/frozen-json.ts'
import { type RecordTable, type Row, createRecordTable } from './record-table.ts'

const mostFound = 1000

/** A row as it will be once the whole commit is known to hold. `revision: 0` means deleted. */
interface StagedRow {
  readonly table: RecordTable
  readonly id: string
  readonly revision: number
  readonly value: Row['value'] | null
}

/** Keeps records in this process. A commit runs to its end before anything else happens, so it is indivisible. */
export function createRecordStore(clock: Clock): RecordStore {
  const tables = new Map(Object.entries(recordIndexes).map(([name, fields]) => [name, createRecordTable(fields)]))

  function tableOf(collection: CollectionName): RecordTable {
    return tables.get(collection) ?? invalid('collection', `Name one of ${[...tables.keys()].join(', ')}`)
  }

  function rowsOf<Name extends CollectionName>(customer: string, name: Name): readonly RecordEntry<Name>[] {
    // A table holds what was committed under its own name, and `RecordWrite` ties the name to the shape.
    return [...tableOf(name).rowsOf(customer)] as RecordEntry<Name>[]
  }

  function commit(customer: string, writes: readonly RecordWrite[]): CommitOutcome {
    const staged = new Map<string, StagedRow>()
    for (const { collection, id, expect, value } of writes) {
      const table = tableOf(collection)
      if (typeof id !== 'string' || id === '') invalid('id', 'Give a string that is not empty')
      if (expect !== undefined && !isAmount(expect, 0)) invalid('expect', 'Give a revision, or 0 for a row that is not there')
      const slot = `${collection}:${id}`
      const revision = (staged.get(slot) ?? table.find(customer, id))?.revision ?? 0
      if (expect !== undefined && expect !== revision) return { kind: 'conflict', collection, id }
      const next = value === null ? null : frozenJson(value, `${collection}.${id}`)
      staged.set(slot, { table, id, revision: next === null ? 0 : revision + 1, value: next })
    }
    for (const { table, id, revision, value } of staged.values()) {
      if (value === null) table.delete(customer, id)
      else table.put(Object.freeze({ customer, id, revision, value }))
    }
    return { kind: 'committed', now: clock.now() }
  }

  return {
    label: 'linearizable',
    async load<Name extends CollectionName>(customer: string, collections: readonly Name[]): Promise<RecordReading<Name>> {
      requireCustomer(customer)
      const rows = Object.fromEntries(collections.map((name) => [name, rowsOf(customer, name)]))
      // One entry for each name that was asked for, each with the rows of that name.
      return { now: clock.now(), rows: rows as RecordReading<Name>['rows'] }
    },
    async commit(customer, writes) {
      requireCustomer(customer)
      return commit(customer, writes)
    },
    async find<Name extends CollectionName>(query: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]> {
      const table = tableOf(query.collection)
      if (!table.hasIndex(query.index)) invalid('index', 'Name a declared index of the collection')
      if (!isAmount(query.limit) || query.limit > mostFound) invalid('limit', `Give an integer from 1 to ${mostFound}`)
      // As in `rowsOf`: the table's name decides the shape of its rows.
      return table.select(query.index, query.where, query.limit) as readonly RecordEntry<Name>[]
    },
    async forget(customer) {
      for (const table of tables.values()) {
        for (const row of table.rowsOf(customer)) table.delete(customer, row.id)
      }
    },
  }
}

function requireCustomer(customer: string): void {
  if (typeof customer !== 'string' || customer === '') invalid('customer', 'Give a string that is not empty')
}

function invalid(path: string, message: string): never {
  throw new FareboxError('invalid-request', 'The request to the record store is not valid', { faults: [{ path, message }] })
}
