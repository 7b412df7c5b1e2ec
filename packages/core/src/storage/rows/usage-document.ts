import type { Instant } from '../../domain/instant.ts'
import { CompactMap } from '../counting/compact-map.ts'
import type { CustomerUsage } from '../counting/customer-usage.ts'
import type { FeatureUsage, GateCounter } from '../counting/feature-usage.ts'
import { ledgerOf } from '../counting/ledger.ts'
import { ensureFeature } from '../counting/usage-state.ts'
import { corruptRow } from './corrupt-row.ts'
import { DocumentReader } from './document-reader.ts'
import { escapeName } from './names.ts'

const never = Number.POSITIVE_INFINITY

/** What a document says beside the counters. */
export interface DocumentNotes {
  /** Features of which some counters have rows of their own. */
  archived: Set<string> | undefined
  /** The features that have held reservations, each with an instant before which none of them expires. */
  expiries: Map<string, Instant> | undefined
  /** How many counters the document holds. */
  counters: number
}

/**
 * Reads what a call needs to know of a customer, one short text:
 *
 * `marker,until` and for each feature `;name,expiry,archived,counters`, followed by `,bucket,used,reserved,keepUntil` for
 * each counter and by `,gate,state` for each gate. A number that is zero, or never, is left empty.
 *
 * @throws FareboxError `unavailable` (`corrupt-row`) for a text that {@link encodeDocument} did not write.
 */
export function decodeDocument(text: string, usage: CustomerUsage): DocumentNotes {
  const reader = new DocumentReader(text)
  const notes: DocumentNotes = { archived: undefined, expiries: undefined, counters: 0 }
  usage.marker = reader.number(0)
  usage.markerUntil = reader.next(-never)
  while (!reader.isAtEnd()) {
    reader.open()
    const name = reader.name()
    const expiry = reader.next(never)
    const isArchived = reader.next(0) === 1
    const counters = reader.next(0)
    notes.counters += counters
    if (expiry !== never) notes.expiries = (notes.expiries ?? new Map<string, Instant>()).set(name, expiry)
    if (isArchived) notes.archived = (notes.archived ?? new Set<string>()).add(name)
    const isAlone = counters === 1 && expiry === never && usage.isPlain && usage.plain === null
    if (!isAlone || !decodePlain(reader, usage, name)) decodeFeature(reader, ensureFeature(usage, name), expiry, counters)
  }
  return notes
}

/** Holds the only counter of a document in place. Answers whether it is the only one. */
function decodePlain(reader: DocumentReader, usage: CustomerUsage, feature: string): boolean {
  const start = reader.place
  if (!reader.goesOn()) throw corruptRow('document')
  const id = reader.name()
  const used = reader.next(0)
  const reserved = reader.next(0)
  const keepUntil = reader.next(never)
  if (reserved > 0 || !reader.isAtEnd()) {
    reader.place = start
    return false
  }
  // Of a counter in place only the name and the end of the bucket are kept.
  usage.plain = { feature, bucket: { id, kind: 'allowance', limit: null, keepUntil: keepUntil === never ? null : keepUntil } }
  usage.used = used
  return true
}

function decodeFeature(reader: DocumentReader, feature: FeatureUsage, expiry: Instant, counters: number): void {
  feature.expiry = expiry
  for (let index = 0; index < counters; index += 1) {
    if (!reader.goesOn()) throw corruptRow('document')
    const id = reader.name()
    feature.counters.add(id, { used: reader.next(0), reserved: reader.next(0), keepUntil: reader.next(never) })
  }
  while (reader.goesOn()) {
    feature.gates ??= new CompactMap<GateCounter>()
    feature.gates.add(reader.name(), { state: reader.next(0) })
  }
}

/** The text that {@link decodeDocument} reads. Gates that are as good as new are left out. */
export function encodeDocument(usage: CustomerUsage, archived: ReadonlySet<string> | undefined, now: Instant): string {
  const marker = usage.markerUntil === -never ? ',' : `${usage.marker},${usage.markerUntil}`
  if (!usage.isPlain) return marker + encodeFeatures(usage, archived, now)
  const { plain, used } = usage
  if (plain === null) return marker
  const { feature, bucket } = plain
  const flag = archived?.has(feature) === true ? '1' : ''
  return `${marker};${escapeName(feature)},,${flag},1,${escapeName(bucket.id)},${amount(used)},,${bucket.keepUntil ?? ''}`
}

function encodeFeatures(usage: CustomerUsage, archived: ReadonlySet<string> | undefined, now: Instant): string {
  let text = ''
  for (const [name, feature] of ledgerOf(usage).entries()) {
    text += `;${escapeName(name)},${sometime(feature.expiry)},${archived?.has(name) === true ? '1' : ''},${amount(feature.counters.size)}`
    for (const [id, { used, reserved, keepUntil }] of feature.counters.entries()) {
      text += `,${escapeName(id)},${amount(used)},${amount(reserved)},${sometime(keepUntil)}`
    }
    for (const [id, { state }] of feature.gates?.entries() ?? []) {
      if (state > now * 1000) text += `,${escapeName(id)},${state}`
    }
  }
  return text
}

function amount(value: number): string {
  return value === 0 ? '' : `${value}`
}

function sometime(instant: Instant): string {
  return instant === never ? '' : `${instant}`
}
