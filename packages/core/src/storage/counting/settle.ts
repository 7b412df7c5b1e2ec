import { largestAmount } from '../../domain/amount.ts'
import type { Draw } from '../../domain/decision.ts'
import type { Instant } from '../../domain/instant.ts'
import type { SettleOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { Counter, FeatureUsage, HeldReservation } from './feature-usage.ts'
import { endReservation, endedNow, featureAt, moveReserved } from './reservation.ts'
import { type UsageState, copyDraws, ensureCounter } from './usage-state.ts'

/** Counts the true amount of a reservation, once. */
export function settle(state: UsageState, operation: SettleOperation, now: Instant): UsageOutcome {
  const { amount, reservation } = operation
  const customer = state.customers.get(operation.customer)
  const feature = featureAt(customer, operation.feature, now)
  if (feature === undefined) return { kind: 'unknown', now, as: null }

  const held = feature.held?.get(reservation)
  if (held === undefined) {
    const ended = feature.ended?.get(reservation)
    if (ended === undefined || ended.until <= now) return { kind: 'unknown', now, as: null }
    if (ended.as !== 'settled' || ended.amount !== amount) return { kind: 'unknown', now, as: ended.as }
    return { kind: 'ended', now, amount, repeated: true, drawn: copyDraws(ended.drawn) }
  }

  const most = mostOf(feature, held)
  if (amount > most) return { kind: 'over', now, most }
  const drawn = amount <= held.amount ? firstOf(held.drawn, amount) : [...held.drawn]
  moveReserved(feature, held, drawn)
  const counted = amount <= held.amount ? drawn : [...drawn, ...overdraw(state, feature, held, amount - held.amount)]
  const sums = sumsOf(counted)
  endReservation(customer, feature, reservation, held, endedNow('settled', sums, amount, now))
  return { kind: 'ended', now, amount, repeated: false, drawn: sums }
}

/** The first `amount` of what was drawn: what was drawn last goes back first. */
function firstOf(drawn: readonly Draw[], amount: number): readonly Draw[] {
  let rest = amount
  const kept: Draw[] = []
  for (const draw of drawn) {
    if (rest === 0) break
    const part = Math.min(draw.amount, rest)
    kept.push({ ...draw, amount: part })
    rest -= part
  }
  return kept
}

/** Draws from the reservation's own buckets as far as they have room, then beyond every limit. */
function overdraw(state: UsageState, feature: FeatureUsage, held: HeldReservation, amount: number): readonly Draw[] {
  let rest = amount
  const drawn: Draw[] = []
  for (const bucket of held.buckets) {
    const part = Math.min(roomOf(feature.counters.find(bucket.id), bucket.limit), rest)
    if (part <= 0) continue
    ensureCounter(state, feature, bucket).used += part
    drawn.push({ bucket: bucket.id, kind: bucket.kind, amount: part })
    rest -= part
  }
  if (rest === 0) return drawn
  ensureCounter(state, feature, held.overdraftBucket).used += rest
  return [...drawn, { bucket: held.overdraftBucket.id, kind: held.overdraftBucket.kind, amount: rest }]
}

/** What is held plus the overdraft, unless the overdraft's counter would pass the largest amount. */
function mostOf(feature: FeatureUsage, held: HeldReservation): number {
  return held.amount + Math.min(held.overdraft, roomOf(feature.counters.find(held.overdraftBucket.id), null))
}

function roomOf(counter: Counter | undefined, limit: number | null): number {
  const total = counter === undefined ? 0 : counter.used + counter.reserved
  return Math.max(0, (limit ?? largestAmount) - total)
}

/** One draw for each bucket, in the order in which they were drawn first. */
function sumsOf(drawn: readonly Draw[]): readonly Draw[] {
  const sums = new Map<string, Draw>()
  for (const draw of drawn) {
    const known = sums.get(draw.bucket)
    sums.set(draw.bucket, known === undefined ? draw : { ...known, amount: known.amount + draw.amount })
  }
  return [...sums.values()]
}
