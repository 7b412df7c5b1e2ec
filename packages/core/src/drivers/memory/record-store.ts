import type { Clock } from '../../ports/clock.ts'
import type {
  CollectionName,
  CommitOutcome,
  RecordEntry,
  RecordQuery,
  RecordReading,
  RecordStore,
  RowIds,
} from '../../ports/record-store.ts'
import { type CheckedWrite, checkCommit, checkCustomer, checkLoad } from '../../storage/records/check-records.ts'
import { type RecordTable, type Row, createRecordTable } from './record-table.ts'

/** A row as it will be once the whole commit is known to hold. `revision: 0` means deleted. */
interface StagedRow {
  readonly table: RecordTable
  readonly id: string
  readonly revision: number
  readonly value: Row['value'] | null
}

/** Keeps records in this process. A commit runs to its end before anything else happens, so it is indivisible. */
export function createRecordStore(clock: Clock): RecordStore {
  const tables = new Map<CollectionName, RecordTable>()

  function tableOf(name: CollectionName): RecordTable {
    const table = tables.get(name) ?? createRecordTable(name)
    tables.set(name, table)
    return table
  }

  function rowsOf<Name extends CollectionName>(customer: string, name: Name, ids?: readonly string[]): readonly RecordEntry<Name>[] {
    const table = tableOf(name)
    const rows = ids === undefined ? table.rowsOf(customer) : [...new Set(ids)].flatMap((id) => table.find(customer, id) ?? [])
    // A table holds what was committed under its own name, and `RecordWrite` ties the name to the shape.
    return [...rows] as RecordEntry<Name>[]
  }

  function commit(customer: string, writes: readonly CheckedWrite[]): CommitOutcome {
    const staged = new Map<string, StagedRow>()
    for (const { collection, id, expect, value } of writes) {
      const table = tableOf(collection)
      const slot = `${collection}:${id}`
      const revision = (staged.get(slot) ?? table.find(customer, id))?.revision ?? 0
      if (expect !== null && expect !== revision) return { kind: 'conflict', collection, id }
      staged.set(slot, { table, id, revision: value === null ? 0 : revision + 1, value })
    }
    for (const { table, id, revision, value } of staged.values()) {
      if (value === null) table.delete(customer, id)
      else table.put(Object.freeze({ customer, id, revision, value }))
    }
    return { kind: 'committed', now: clock.now() }
  }

  return {
    label: 'linearizable',
    load<Name extends CollectionName>(customer: string, collections: readonly Name[], only?: RowIds): RecordReading<Name> {
      checkLoad(customer, collections)
      const rows = Object.fromEntries(collections.map((name) => [name, rowsOf(customer, name, only?.[name])]))
      // One entry for each name that was asked for, each with the rows of that name.
      return { now: clock.now(), rows: rows as RecordReading<Name>['rows'] }
    },
    commit: (customer, writes) => commit(customer, checkCommit(customer, writes)),
    async find<Name extends CollectionName>(query: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]> {
      const { findRows } = await import('./find-rows.ts')
      // As in `rowsOf`: the table's name decides the shape of its rows.
      return findRows(tableOf, query) as readonly RecordEntry<Name>[]
    },
    async forget(customer) {
      checkCustomer(customer)
      for (const table of tables.values()) {
        for (const row of table.rowsOf(customer)) table.delete(customer, row.id)
      }
    },
  }
}
