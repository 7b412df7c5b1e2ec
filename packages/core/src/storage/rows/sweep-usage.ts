import type { Instant } from '../../domain/instant.ts'
import type { CustomerUsage } from '../counting/customer-usage.ts'
import type { FeatureUsage } from '../counting/feature-usage.ts'
import { ledgerOf } from '../counting/ledger.ts'
import { endExpired } from '../counting/reservation.ts'

/** What a sweep dropped from documents. */
export interface SweptUsage {
  reservations: number
  counters: number
  markers: number
}

/** Ends reservations that are due, and drops counters, gates, features and markers that are over. */
export function sweepUsage(swept: SweptUsage, usage: CustomerUsage, archived: ReadonlySet<string> | undefined, now: Instant): void {
  for (const [name, feature] of ledgerOf(usage).entries()) {
    if (feature.expiry <= now) swept.reservations += endExpired(usage, feature, now)
    sweepFeature(swept, feature, now)
    // The feature says that there are rows of counters, which may be asked for.
    if (isIdle(feature) && archived?.has(name) !== true) ledgerOf(usage).delete(name)
  }
  if (usage.markerUntil <= now && usage.markerUntil !== Number.NEGATIVE_INFINITY) {
    usage.markerUntil = Number.NEGATIVE_INFINITY
    swept.markers += 1
  }
}

function sweepFeature(swept: SweptUsage, feature: FeatureUsage, now: Instant): void {
  for (const [id, counter] of feature.counters.entries()) {
    if (counter.keepUntil > now || counter.reserved > 0) continue
    feature.counters.delete(id)
    swept.counters += 1
  }
  for (const [id, { state }] of feature.gates?.entries() ?? []) {
    if (state <= now * 1000) feature.gates?.delete(id)
  }
}

/** Reservations are rows of their own, and one that is held holds a counter. Of one that has just ended the row is still to be written. */
function isIdle({ counters, gates, ended }: FeatureUsage): boolean {
  return counters.isEmpty() && (gates?.isEmpty() ?? true) && ended === undefined
}
