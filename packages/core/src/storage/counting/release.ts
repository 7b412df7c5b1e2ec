import type { Draw } from '../../domain/decision.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ReleaseOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { CustomerUsage } from './customer-usage.ts'
import type { FeatureUsage } from './feature-usage.ts'
import { endReservation, endedNow, featureAt, findKeyed, moveReserved } from './reservation.ts'
import { type UsageState, copyDraws } from './usage-state.ts'

/** Gives back what its target took. */
export function release(state: UsageState, operation: ReleaseOperation, now: Instant): UsageOutcome {
  const customer = state.customers.get(operation.customer)
  const feature = featureAt(customer, operation.feature, now)
  if (customer === undefined || feature === undefined) return unknown(now)

  const { target } = operation
  switch (target.by) {
    case 'key':
      return releaseKey(customer, feature, operation.feature, target.key, now)
    case 'reservation':
      return releaseReservation(customer, feature, target.reservation, now)
    case 'drawn':
      return giveBack(feature, target.drawn) ? ended(target.drawn, now) : unknown(now)
    default:
      return target satisfies never
  }
}

function releaseKey(customer: CustomerUsage, feature: FeatureUsage, name: string, key: string, now: Instant): UsageOutcome {
  const seen = findKeyed(customer, key, now)
  if (seen === undefined || seen.feature !== name) return unknown(now)
  if (seen.reservation !== null) return releaseReservation(customer, feature, seen.reservation, now)
  if (!giveBack(feature, seen.drawn)) return unknown(now)
  customer.keys?.delete(key)
  return ended(seen.drawn, now)
}

function releaseReservation(customer: CustomerUsage, feature: FeatureUsage, id: string, now: Instant): UsageOutcome {
  const held = feature.held?.get(id)
  if (held === undefined) {
    const known = feature.ended?.get(id)
    if (known === undefined || known.until <= now) return unknown(now)
    return known.as === 'released' ? ended(known.drawn, now, true) : { kind: 'unknown', now, as: known.as }
  }
  moveReserved(feature, held, [])
  endReservation(customer, feature, id, held, endedNow('released', held.drawn, 0, now))
  return ended(held.drawn, now)
}

/** Takes all of it off the counters, or nothing where one of them does not hold as much. */
function giveBack(feature: FeatureUsage, drawn: readonly Draw[]): boolean {
  const sums = new Map<string, number>()
  for (const { bucket, amount } of drawn) sums.set(bucket, (sums.get(bucket) ?? 0) + amount)
  for (const [bucket, amount] of sums) {
    if ((feature.counters.find(bucket)?.used ?? 0) < amount) return false
  }
  for (const [bucket, amount] of sums) {
    const counter = feature.counters.find(bucket)
    if (counter !== undefined) counter.used -= amount
  }
  return true
}

function ended(drawn: readonly Draw[], now: Instant, repeated = false): UsageOutcome {
  return { kind: 'ended', now, amount: 0, repeated, drawn: copyDraws(drawn) }
}

function unknown(now: Instant): UsageOutcome {
  return { kind: 'unknown', now, as: null }
}
