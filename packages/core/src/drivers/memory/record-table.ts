import { type CollectionName, type RecordEntry, recordIndexes } from '../../ports/record-store.ts'
import { indexedFields } from '../../storage/records/indexed-fields.ts'

/** A row of some collection. */
export type Row = RecordEntry<CollectionName>

type Indexed = string | number

/** The rows of one collection, found by customer and by each declared index. */
export interface RecordTable {
  rowsOf(customer: string): Iterable<Row>
  find(customer: string, id: string): Row | undefined
  put(row: Row): void
  delete(customer: string, id: string): void
  /** Rows in ascending order of the indexed value; rows without a value are in no index. */
  select(index: string, where: { readonly equals: Indexed } | { readonly atMost: number }, limit: number): readonly Row[]
}

export function createRecordTable(name: CollectionName): RecordTable {
  const customers = new Map<string, Map<string, Row>>()
  const indexes = new Map<string, Map<Indexed, Set<Row>>>(recordIndexes[name].map((field) => [field, new Map()]))

  function enter(row: Row): void {
    for (const [field, value] of indexedFields(name, row.value)) {
      const index = indexes.get(field)
      index?.set(value, (index.get(value) ?? new Set()).add(row))
    }
  }

  function leave(row: Row): void {
    for (const [field, value] of indexedFields(name, row.value)) {
      const index = indexes.get(field)
      const rows = index?.get(value)
      rows?.delete(row)
      if (rows?.size === 0) index?.delete(value)
    }
  }

  function drop(customer: string, id: string): void {
    const rows = customers.get(customer)
    const known = rows?.get(id)
    if (rows === undefined || known === undefined) return
    leave(known)
    rows.delete(id)
    if (rows.size === 0) customers.delete(customer)
  }

  return {
    rowsOf: (customer) => customers.get(customer)?.values() ?? [],
    find: (customer, id) => customers.get(customer)?.get(id),
    put(row) {
      drop(row.customer, row.id)
      const rows = customers.get(row.customer) ?? new Map<string, Row>()
      customers.set(row.customer, rows.set(row.id, row))
      enter(row)
    },
    delete: drop,
    select(field, where, limit) {
      const index = indexes.get(field)
      if (index === undefined) return []
      if ('equals' in where) return [...(index.get(where.equals) ?? [])].slice(0, limit)
      const values = [...index.keys()].filter((value): value is number => typeof value === 'number' && value <= where.atMost)
      const found: Row[] = []
      for (const value of values.toSorted((first, second) => first - second)) {
        for (const row of index.get(value) ?? []) {
          if (found.length === limit) return found
          found.push(row)
        }
      }
      return found
    },
  }
}
