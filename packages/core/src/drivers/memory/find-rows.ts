import type { CollectionName, RecordPlace, RecordQuery } from '../../ports/record-store.ts'
import { checkQuery } from '../../storage/records/check-query.ts'
import type { Indexed, RecordIndex, RecordTable, Row } from './record-table.ts'

/**
 * Rows in ascending order of the indexed value, customer and id. Counting asks for none, so this is loaded when it is needed.
 *
 * @throws FareboxError `invalid-request` for a query that no record store can be asked.
 */
export function findRows(tableOf: (name: CollectionName) => RecordTable, query: RecordQuery<CollectionName>): readonly Row[] {
  checkQuery(query)
  const { collection, index: field, where, after, limit } = query
  const index = tableOf(collection).indexOf(field)
  if (index === undefined) return []
  const found: Row[] = []
  for (const value of 'equals' in where ? [where.equals] : numbersOf(index, where.atMost, after)) {
    for (const row of rowsAt(index, value)) {
      if (found.length === limit) return found
      if (after === undefined || isBehind(value, row, after)) found.push(row)
    }
  }
  return found
}

/** The numbers of an index up to a bound, ascending. */
function numbersOf(index: RecordIndex, atMost: number, after: RecordPlace | undefined): readonly number[] {
  const least = typeof after?.value === 'number' ? after.value : Number.NEGATIVE_INFINITY
  return [...index.keys()]
    .filter((value): value is number => typeof value === 'number' && value >= least && value <= atMost)
    .toSorted((first, second) => first - second)
}

function rowsAt(index: RecordIndex, value: Indexed): Iterable<Row> {
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
