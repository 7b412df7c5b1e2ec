import { largestAmount } from '../../domain/amount.ts'
import type { Instant, Milliseconds } from '../../domain/instant.ts'
import type { ConsumeOperation, PlainCounter, UsageBucket, UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { CustomerUsage } from './customer-usage.ts'
import { ensureCustomer } from './ensure-customer.ts'
import { keepUntilOf } from './keep-until.ts'
import { PlainKeyedOutcome, rememberKey } from './keyed-outcome.ts'
import { markerAt, passMarker, raiseMarker } from './marker.ts'
import type { UsageState } from './usage-state.ts'

/** A consumption that needs one counter and nothing beside it. */
export interface PlainOperation extends ConsumeOperation {
  readonly buckets: readonly [UsageBucket]
}

export function isPlain(operation: UsageOperation): operation is PlainOperation {
  return operation.verb === 'consume' && operation.gates.length === 0 && operation.requests === undefined && operation.buckets.length === 1
}

/** Whether the counter of `operation` can be held in place, or is. */
export function hasRoomFor(known: CustomerUsage | undefined, { feature, buckets: [bucket] }: PlainOperation): boolean {
  return known === undefined || known.hasRoomFor(feature, bucket.id)
}

/** What `take` does, on a counter in place. */
export function takePlain(
  state: UsageState,
  known: CustomerUsage | undefined,
  operation: PlainOperation,
  now: Instant,
): UsageOutcome {
  const { freshness, amount } = operation
  const customer = known ?? (freshness.loaded ? ensureCustomer(state, operation.customer) : undefined)
  if (customer === undefined) return { kind: 'stale', now, marker: null }
  if (freshness.loaded) raiseMarker(customer, freshness.version, now)
  else if (!passMarker(customer, freshness, now)) return { kind: 'stale', now, marker: markerAt(customer, now) }

  const [bucket] = operation.buckets
  const isTaken = fits(customer, bucket, amount)
  if (isTaken) add(state, customer, counterOf(state, customer, operation), amount)
  const buckets = [{ id: bucket.id, used: customer.used, reserved: 0 }]
  if (!isTaken) return { kind: 'refused', now, buckets, gates: [], by: 'bucket', retryAt: null }
  const { feature, key, keyFor } = operation
  const keyUntil = key === null ? null : rememberPlain(state, customer, { feature, bucket }, amount, key, keyFor, now)
  const drawn = [{ bucket: bucket.id, kind: bucket.kind, amount }]
  return { kind: 'taken', now, buckets, gates: [], repeated: false, drawn, keyUntil, reservation: null, expiresAt: null }
}

/** Remembers a consumption out of one bucket. Answers until when. */
export function rememberPlain(
  state: UsageState,
  customer: CustomerUsage,
  { feature, bucket }: PlainCounter,
  amount: number,
  key: string,
  keyFor: Milliseconds,
  now: Instant,
): Instant {
  const until = now + keyFor
  rememberKey(state, customer, key, new PlainKeyedOutcome(feature, amount, bucket.id, bucket.kind, until), now)
  return until
}

/** Whether the counter in place holds `amount` more. */
export function fits({ used }: CustomerUsage, { limit }: UsageBucket, amount: number): boolean {
  return amount <= (limit ?? largestAmount) - used
}

/** Counts; the counter is kept as long as the latest caller asks. */
export function add(state: UsageState, customer: CustomerUsage, counter: PlainCounter, amount: number): void {
  const { plain } = customer
  customer.used += amount
  if (plain === counter) return
  if (plain === null) state.created += 1
  if (plain === null || keepUntilOf(counter.bucket) > keepUntilOf(plain.bucket)) customer.plain = counter
}

/** A name that no caller can change any more, shared with the customer who was counted last where it is the same. */
function counterOf(state: UsageState, customer: CustomerUsage, { feature, buckets: [bucket] }: PlainOperation): PlainCounter {
  const { id, keepUntil } = bucket
  for (const known of [customer.plain, state.lastPlain]) {
    if (known?.feature === feature && known.bucket.id === id && known.bucket.keepUntil === keepUntil) return known
  }
  state.lastPlain = Object.freeze({ feature, bucket: Object.freeze({ ...bucket }) })
  return state.lastPlain
}
