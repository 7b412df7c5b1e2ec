import { type CollectionName, type RecordEntry, type RecordPlace, type RecordQuery, recordIndexes } from '../../ports/record-store.ts'
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
  /** Rows in ascending order of the indexed value, customer and id; rows without a value are in no index. */
  select(index: string, query: Pick<RecordQuery<CollectionName>, 'where' | 'after' | 'limit'>): readonly Row[]
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
    select(field, { where, after, limit }) {
      const index = indexes.get(field)
      if (index === undefined) return []
      const found: Row[] = []
      for (const value of 'equals' in where ? [where.equals] : numbersOf(index, where.atMost, after)) {
        for (const row of rowsAt(index, value)) {
          if (found.length === limit) return found
          if (after === undefined || isBehind(value, row, after)) found.push(row)
        }
      }
      return found
    },
  }
}

/** The numbers of an index up to a bound, ascending. */
function numbersOf(index: ReadonlyMap<Indexed, unknown>, atMost: number, after: RecordPlace | undefined): readonly number[] {
  const least = typeof after?.value === 'number' ? after.value : Number.NEGATIVE_INFINITY
  return [...index.keys()]
    .filter((value): value is number => typeof value === 'number' && value >= least && value <= atMost)
    .toSorted((first, second) => first - second)
}

function rowsAt(index: ReadonlyMap<Indexed, Row | Set<Row>>, value: Indexed): Iterable<Row> {
  const known = index.get(value)
  if (known === undefined) return []
  return known instanceof Set ? [...known].toSorted(inOrder) : [known]
}

function isBehind(value: Indexed, row: Row, after: RecordPlace): boolean {
  return value === after.value ? inOrder(row, after) > 0 : value > after.value
}

function inOrder(one: Pick<Row, 'customer' | 'id'>, other: Pick<Row, 'customer' | 'id'>): number {
  if (one.customer !== other.customer) return one.customer < other.customer ? -1 : 1
  return one.id === other.id ? 0 : one.id < other.id ? -1 : 1
}
