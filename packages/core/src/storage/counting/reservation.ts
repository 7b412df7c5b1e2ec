import type { Draw } from '../../domain/decision.ts'
import { type Instant, day } from '../../domain/instant.ts'
import type { ReserveOperation } from '../../ports/usage-store.ts'
import type { CustomerUsage } from './customer-usage.ts'
import type { EndedReservation, FeatureUsage, HeldReservation, KeyedOutcome } from './feature-usage.ts'
import { ledgerOf, readFeature } from './ledger.ts'
import { type UsageState, copyDraws } from './usage-state.ts'

/** How long the end of a reservation is remembered, so that a repeat is answered as such. */
const endedFor = day

/** Remembers what is held; the counters have it as reserved already. Answers when it expires. */
export function hold(
  state: UsageState,
  feature: FeatureUsage,
  operation: ReserveOperation,
  drawn: readonly Draw[],
  now: Instant,
): Instant {
  const expiresAt = now + operation.expiresIn
  feature.held ??= new Map()
  feature.held.set(operation.reservation, {
    amount: operation.amount,
    drawn: copyDraws(drawn),
    buckets: operation.buckets.map((bucket) => ({ ...bucket })),
    overdraft: operation.overdraft,
    overdraftBucket: { ...operation.overdraftBucket },
    onExpiry: operation.onExpiry,
    expiresAt,
    key: operation.key,
  })
  if (expiresAt < feature.expiry) feature.expiry = expiresAt
  state.created += 1
  return expiresAt
}

/** Whether the id was used before, by a reservation that is held or whose end is still remembered. */
export function hasReservation(feature: FeatureUsage | undefined, id: string, now: Instant): boolean {
  if (feature?.held?.has(id) === true) return true
  const ended = feature?.ended?.get(id)
  return ended !== undefined && ended.until > now
}

/** A feature as it stands at `now`: reservations whose time is over have ended. */
export function featureAt(customer: CustomerUsage | undefined, name: string, now: Instant): FeatureUsage | undefined {
  return customer && withoutExpired(customer, ledgerOf(customer).find(name), now)
}

/** The same, to be looked at: where one counter is held in place, a copy of it. */
export function readFeatureAt(customer: CustomerUsage | undefined, name: string, now: Instant): FeatureUsage | undefined {
  return customer && withoutExpired(customer, readFeature(customer, name), now)
}

function withoutExpired(customer: CustomerUsage, feature: FeatureUsage | undefined, now: Instant): FeatureUsage | undefined {
  if (feature !== undefined && feature.expiry <= now) endExpired(customer, feature, now)
  return feature
}

/** Ends every reservation of a feature whose time is over, as it was declared. */
export function endExpired(customer: CustomerUsage | undefined, feature: FeatureUsage, now: Instant): number {
  let ended = 0
  let next = Number.POSITIVE_INFINITY
  for (const [id, held] of feature.held ?? []) {
    if (held.expiresAt > now) {
      if (held.expiresAt < next) next = held.expiresAt
      continue
    }
    const counted = held.onExpiry === 'settle' ? held.drawn : []
    moveReserved(feature, held, counted)
    const amount = held.onExpiry === 'settle' ? held.amount : 0
    endReservation(customer, feature, id, held, { as: 'expired', amount, drawn: counted, until: held.expiresAt + endedFor })
    ended += 1
  }
  feature.expiry = next
  return ended
}

/** Counts `counted`, which is part of what was drawn, and frees the rest. */
export function moveReserved(feature: FeatureUsage, held: HeldReservation, counted: readonly Draw[]): void {
  for (const { bucket, amount } of held.drawn) {
    const counter = feature.counters.find(bucket)
    if (counter !== undefined) counter.reserved -= amount
  }
  for (const { bucket, amount } of counted) {
    const counter = feature.counters.find(bucket)
    if (counter !== undefined) counter.used += amount
  }
}

/** Turns a held reservation into a remembered one. A key that counted nothing in the end is free again. */
export function endReservation(
  customer: CustomerUsage | undefined,
  feature: FeatureUsage,
  id: string,
  held: HeldReservation,
  end: EndedReservation,
): void {
  feature.held?.delete(id)
  feature.ended ??= new Map()
  feature.ended.set(id, end)
  const isGivenBack = end.as === 'released' || (end.as === 'expired' && held.onExpiry === 'release')
  if (!isGivenBack || customer === undefined || held.key === null) return
  // A key whose time is over may have been taken since, by another feature and for a reservation of the same id.
  const keyed = customer.keys?.get(held.key)
  if (keyed?.reservation === id && ledgerOf(customer).find(keyed.feature) === feature) customer.keys?.delete(held.key)
}

/** The end of a reservation that was settled or released by its caller just now. */
export function endedNow(as: 'settled' | 'released', drawn: readonly Draw[], amount: number, now: Instant): EndedReservation {
  return { as, amount, drawn: copyDraws(drawn), until: now + endedFor }
}

/** What a key stands for, unless its time is over or its reservation has expired into nothing. */
export function findKeyed(customer: CustomerUsage, key: string, now: Instant): KeyedOutcome | undefined {
  const seen = customer.keys?.get(key)
  if (seen === undefined) return undefined
  if (seen.until <= now) {
    customer.keys?.delete(key)
    return undefined
  }
  if (seen.reservation === null) return seen
  featureAt(customer, seen.feature, now)
  return customer.keys?.get(key)
}
