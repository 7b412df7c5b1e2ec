import type { Instant } from '../../domain/instant.ts'
import { CompactMap } from '../counting/compact-map.ts'
import type { CustomerUsage } from '../counting/customer-usage.ts'
import type { FeatureUsage, GateCounter } from '../counting/feature-usage.ts'
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
    const feature = ensureFeature(usage, name)
    feature.expiry = reader.next(never)
    if (feature.expiry !== never) notes.expiries = (notes.expiries ?? new Map<string, Instant>()).set(name, feature.expiry)
    if (reader.next(0) === 1) notes.archived = (notes.archived ?? new Set<string>()).add(name)
    notes.counters += decodeFeature(reader, feature)
  }
  return notes
}

function decodeFeature(reader: DocumentReader, feature: FeatureUsage): number {
  const counters = reader.next(0)
  for (let index = 0; index < counters; index += 1) {
    if (!reader.goesOn()) throw corruptRow('document')
    const id = reader.name()
    feature.counters.add(id, { used: reader.next(0), reserved: reader.next(0), keepUntil: reader.next(never) })
  }
  while (reader.goesOn()) {
    feature.gates ??= new CompactMap<GateCounter>()
    feature.gates.add(reader.name(), { state: reader.next(0) })
  }
  return counters
}

/** The text that {@link decodeDocument} reads. Gates that are as good as new are left out. */
export function encodeDocument(usage: CustomerUsage, archived: ReadonlySet<string> | undefined, now: Instant): string {
  const isMarked = usage.markerUntil !== -never
  let text = isMarked ? `${usage.marker},${usage.markerUntil}` : ','
  for (const [name, feature] of usage.features.entries()) {
    text += `;${escapeName(name)},${sometime(feature.expiry)},${archived?.has(name) === true ? '1' : ''},`
    let counters = 0
    let list = ''
    for (const [id, counter] of feature.counters.entries()) {
      counters += 1
      list += `,${escapeName(id)},${amount(counter.used)},${amount(counter.reserved)},${sometime(counter.keepUntil)}`
    }
    text += amount(counters) + list
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
