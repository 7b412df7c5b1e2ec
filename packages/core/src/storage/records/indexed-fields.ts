import { type CollectionName, recordIndexes } from '../../ports/record-store.ts'

/** The declared fields of a row by which it can be found, and their values; a field that is neither text nor number is in no index. */
export function indexedFields(collection: CollectionName, row: object): readonly (readonly [field: string, value: string | number])[] {
  const fields: readonly string[] = recordIndexes[collection]
  const indexed: [string, string | number][] = []
  for (const field of fields) {
    const value: unknown = Object.hasOwn(row, field) ? Reflect.get(row, field) : undefined
    if (typeof value === 'string' || typeof value === 'number') indexed.push([field, value])
  }
  return indexed
}
