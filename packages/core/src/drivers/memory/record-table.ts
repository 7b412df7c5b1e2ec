import { type CollectionName, type RecordEntry, recordIndexes } from '../../ports/record-store.ts'
import { indexedFields } from '../../storage/records/indexed-fields.ts'

/** A row of some collection. */
export type Row = RecordEntry<CollectionName>

export type Indexed = string | number

/** By each indexed value the row that has it, or the rows. */
export type RecordIndex = ReadonlyMap<Indexed, Row | Set<Row>>

/** The rows of one collection, found by customer and by each declared index. */
export interface RecordTable {
  rowsOf(customer: string): Iterable<Row>
  find(customer: string, id: string): Row | undefined
  put(row: Row): void
  delete(customer: string, id: string): void
  /** The rows by a declared index; those without a value are in none. */
  indexOf(field: string): RecordIndex | undefined
}

/** Most customers have one row in a collection, and many values stand in one row: those need no collection of rows. */
export function createRecordTable(name: CollectionName): RecordTable {
  const customers = new Map<string, Row | Map<string, Row>>()
  const indexes = new Map<string, Map<Indexed, Row | Set<Row>>>(recordIndexes[name].map((field) => [field, new Map()]))

  function enter(row: Row): void {
    for (const [field, value] of indexedFields(name, row.value)) {
      const index = indexes.get(field)
      const known = index?.get(value)
      if (known === undefined) index?.set(value, row)
      else if (known instanceof Set) known.add(row)
      else index?.set(value, new Set([known, row]))
    }
  }

  function leave(row: Row): void {
    for (const [field, value] of indexedFields(name, row.value)) {
      const index = indexes.get(field)
      const known = index?.get(value)
      if (known instanceof Set) known.delete(row)
      if (known === row || (known instanceof Set && known.size === 0)) index?.delete(value)
    }
  }

  function find(customer: string, id: string): Row | undefined {
    const known = customers.get(customer)
    if (known instanceof Map) return known.get(id)
    return known?.id === id ? known : undefined
  }

  function drop(customer: string, id: string): void {
    const known = customers.get(customer)
    const row = find(customer, id)
    if (row === undefined) return
    leave(row)
    if (known instanceof Map) known.delete(id)
    if (known === row || (known instanceof Map && known.size === 0)) customers.delete(customer)
  }

  return {
    rowsOf(customer) {
      const known = customers.get(customer)
      if (known === undefined) return []
      return known instanceof Map ? known.values() : [known]
    },
    find,
    put(row) {
      drop(row.customer, row.id)
      const known = customers.get(row.customer)
      if (known === undefined) customers.set(row.customer, row)
      else if (known instanceof Map) known.set(row.id, row)
      else customers.set(row.customer, new Map([[known.id, known], [row.id, row]]))
      enter(row)
    },
    delete: drop,
    indexOf: (field) => indexes.get(field),
  }
}
