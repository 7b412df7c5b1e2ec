import { invalidRequest } from '../errors.ts'
import type { Metadata } from '../objects.ts'

/** Metadata as given: a null value removes its key. */
export type MetadataChange = Readonly<Record<string, string | number | null>>

/**
 * Metadata after a change. Keys that the change does not name are kept; null instead of a change removes them all.
 * Refuses more than 50 keys, keys over 40 and values over 500 characters.
 */
export function changeMetadata(before: Metadata, change: MetadataChange | null | undefined): Metadata {
  if (change === undefined) return before
  if (change === null) return {}
  const after = new Map(Object.entries(before))
  for (const [key, value] of Object.entries(change)) {
    if (value === null) after.delete(key)
    else after.set(key, String(value))
    if (key.length > 40 || /[[\]]/.test(key)) {
      throw invalidRequest(`Metadata keys can have up to 40 characters and no brackets: ${key.slice(0, 40)}`, {
        param: 'metadata',
      })
    }
    if (String(value).length > 500) {
      throw invalidRequest(`Metadata values can have up to 500 characters: ${key}`, { param: `metadata[${key}]` })
    }
  }
  if (after.size > 50) throw invalidRequest('Metadata can have up to 50 keys', { param: 'metadata' })
  return Object.fromEntries(after)
}
