import { isAmount } from '../../domain/amount.ts'
import { type CollectionName, type RecordQuery, recordIndexes } from '../../ports/record-store.ts'
import { checkCollection, checkName, refuse } from './check-records.ts'

const mostFound = 1000

/** Refuses what no record store can be asked. @throws FareboxError `invalid-request` with the path of the fault. */
export function checkQuery<Name extends CollectionName>({ collection, index, where, after, limit }: RecordQuery<Name>): void {
  const fields: readonly string[] = recordIndexes[checkCollection(collection)]
  if (!fields.includes(index)) refuse('index', 'Name a declared index of the collection')
  if (!isAmount(limit) || limit > mostFound) refuse('limit', `Give an integer from 1 to ${mostFound}`)
  const value: unknown = 'equals' in where ? where.equals : where.atMost
  const isIndexable = Number.isFinite(value) || ('equals' in where && typeof value === 'string')
  if (!isIndexable) refuse('where', 'Give a string or a finite number that it equals, or a finite number that it is at most')
  if (after === undefined) return
  const place: unknown = after.value
  if (typeof place !== 'string' && !Number.isFinite(place)) refuse('after.value', 'Give the indexed value of a row')
  checkName(after.customer, 'after.customer')
  checkName(after.id, 'after.id')
}
