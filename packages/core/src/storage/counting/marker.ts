import { type Instant, type Milliseconds, isWithin, minute } from '../../domain/instant.ts'
import type { Freshness } from '../../ports/usage-store.ts'
import type { CustomerUsage } from './customer-usage.ts'

/** A marker is forgotten when nobody asked for it for this long. */
const markerFor: Milliseconds = 15 * minute

/** The customer's marker, unless it was unused for too long. */
export function markerAt(customer: CustomerUsage | undefined, now: Instant): number | null {
  return customer === undefined || customer.markerUntil <= now ? null : customer.marker
}

/** The marker only rises; one that has expired starts anew. A version below it neither lowers it nor keeps it. */
export function raiseMarker(customer: CustomerUsage, version: number, now: Instant): void {
  const marker = markerAt(customer, now)
  if (marker !== null && version < marker) return
  customer.marker = version
  customer.markerUntil = now + markerFor
}

/** Whether what the caller knows is of the marker's version and holds now; then the marker is kept longer. */
export function passMarker(customer: CustomerUsage, freshness: Freshness, now: Instant): boolean {
  if (customer.markerUntil <= now || customer.marker !== freshness.version || !isWithin(freshness, now)) return false
  customer.markerUntil = now + markerFor
  return true
}
