import { isAmount } from '../../domain/amount.ts'
import { invalidRequest } from '../../errors/error.ts'
import { type CollectionName, type RecordCollections, type RecordWrite, recordIndexes } from '../../ports/record-store.ts'
import { frozenJson, jsonText } from './frozen-json.ts'
import { indexedFields } from './indexed-fields.ts'

/** A write that was checked. */
interface Checked<Value> {
  readonly collection: CollectionName
  readonly id: string
  /** `null` where the write is unconditional. */
  readonly expect: number | null
  /** `null` deletes the row. */
  readonly value: Value | null
}

/** A write whose value is a frozen copy. */
export type CheckedWrite = Checked<RecordCollections[CollectionName]>

/** A write whose value is JSON already, with the fields by which the row can be found. */
export type EncodedWrite = Checked<string> & { readonly indexed: ReturnType<typeof indexedFields> }

/**
 * Refuses what no record store may write, and copies the rest, so that it can wait for its turn.
 *
 * @throws FareboxError `invalid-request` with the path of the fault, before anything is written.
 */
export function checkCommit(customer: string, writes: readonly RecordWrite[]): readonly CheckedWrite[] {
  checkName(customer, 'customer')
  return writes.map((write) => {
    const { collection, id, expect = null, value } = checkWrite(write)
    return { collection, id, expect, value: value === null ? null : frozenJson(value, `${collection}.${id}`) }
  })
}

/** As {@link checkCommit}, for a store that keeps text: nothing is copied that is encoded anyway. */
export function encodeCommit(customer: string, writes: readonly RecordWrite[]): readonly EncodedWrite[] {
  checkName(customer, 'customer')
  return writes.map((write) => {
    const { collection, id, expect = null, value } = checkWrite(write)
    if (value === null) return { collection, id, expect, value, indexed: [] }
    return { collection, id, expect, value: jsonText(value, `${collection}.${id}`), indexed: indexedFields(collection, value) }
  })
}

function checkWrite(write: RecordWrite): RecordWrite {
  checkCollection(write.collection)
  checkName(write.id, 'id')
  const { expect } = write
  if (expect !== undefined && !isAmount(expect, 0)) refuse('expect', 'Give a revision, or 0 for a row that is not there')
  return write
}

/** As {@link checkCommit}, for a reading. */
export function checkLoad(customer: string, collections: readonly CollectionName[]): void {
  checkName(customer, 'customer')
  for (const collection of collections) checkCollection(collection)
}

/** As {@link checkCommit}, for the name of a customer. */
export function checkCustomer(customer: string): void {
  checkName(customer, 'customer')
}

/** @throws FareboxError `invalid-request` unless there is such a collection. */
export function checkCollection<Name extends CollectionName>(collection: Name): Name {
  if (Object.hasOwn(recordIndexes, collection)) return collection
  return refuse('collection', `Name one of ${Object.keys(recordIndexes).join(', ')}`)
}

/** @throws FareboxError `invalid-request` unless `name` is a string that is not empty. */
export function checkName(name: unknown, path: string): void {
  if (typeof name !== 'string' || name === '') refuse(path, 'Give a string that is not empty')
}

/** @throws FareboxError `invalid-request`, always. */
export function refuse(path: string, message: string): never {
  throw invalidRequest('The request to the record store is not valid', path, message)
}
