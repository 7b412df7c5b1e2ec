import { largestAmount } from './amount.ts'
import type { Bucket, BucketKind } from './bucket.ts'
import type { Instant } from './instant.ts'

/** Why a request was refused: the problem types of the HTTP contract. */
export type RefusalReason =
  | 'plan-required'
  | 'payment-past-due'
  | 'quota-exceeded'
  | 'rate-limited'
  | 'idempotency-conflict'
  | 'unavailable'

/** `unavailable` allows only where the feature was declared `onError: 'allow'`. */
export type DecisionReason = 'allowed' | RefusalReason

/** How much was drawn from which bucket. */
export interface Draw {
  readonly bucket: string
  readonly kind: BucketKind
  readonly amount: number
}

/** A rate limit after the decision. */
export interface GateState {
  readonly id: string
  readonly limit: number
  /** Seconds. */
  readonly window: number
  readonly remaining: number
  readonly resetsAt: Instant
}

/** What would lift the limit: the cheapest plan that allows the request. */
export interface Lift {
  readonly plan: string
  readonly limit: number | null
}

/**
 * The answer to consume, reserve or check. Numbers count allowance and grants together, overage apart;
 * `null` means unlimited. `resetsAt` is the end of the usage period.
 */
export interface Decision {
  readonly allowed: boolean
  readonly reason: DecisionReason
  readonly feature: string
  /**
   * The answer was given before, under the same idempotency key; nothing was counted again. `drawn` and `keyUntil` are
   * the first answer's; all other numbers are of the present, also after the period or the plan has changed: of the plan
   * that this instance knows of, for a repeat is never held up as stale.
   */
  readonly repeated: boolean
  readonly drawn: readonly Draw[]
  readonly limit: number | null
  readonly used: number
  readonly reserved: number
  readonly remaining: number | null
  /** What was drawn beyond allowance and grants because the plan bills it; what settlements overdrew is in the history alone. */
  readonly overage: number
  readonly resetsAt: Instant | null
  /** The usage period's length in seconds; 0 where the feature is not metered. */
  readonly window: number
  /** What one of the feature is called; empty where it is not metered. */
  readonly unit: string
  /** When asking again may be answered otherwise; `null` when time alone does not help. */
  readonly retryAt: Instant | null
  readonly gates: readonly GateState[]
  /** Until when the idempotency key is remembered. */
  readonly keyUntil: Instant | null
  /** The customer's plan. */
  readonly plan: string
  /** The plans that have the feature, lowest rank first. */
  readonly requiredPlans: readonly string[]
  /** When grace ended, where access was lost because a payment is overdue. */
  readonly graceEndedAt: Instant | null
  readonly lift?: Lift
}

/** The counter of one bucket. */
export interface BucketState {
  readonly id: string
  readonly used: number
  readonly reserved: number
}

/** Totals as a decision and a snapshot show them. */
export interface Totals {
  readonly limit: number | null
  readonly used: number
  readonly reserved: number
  readonly remaining: number | null
  readonly overage: number
}

/**
 * Adds up counters: allowance and grants together, overage apart. A counter above its limit leaves nothing, never less.
 * A grant counts with its whole life, so `limit` and `used` both hold what earlier periods drew from it.
 * Sums stop at the largest amount.
 */
export function totalsOf(buckets: readonly Bucket[], states: readonly BucketState[]): Totals {
  let limit: number | null = 0
  let used = 0
  let reserved = 0
  let remaining: number | null = 0
  let overage = 0
  for (const bucket of buckets) {
    const state = states.find((item) => item.id === bucket.id) ?? { used: 0, reserved: 0 }
    if (bucket.kind === 'overage') {
      overage = add(overage, add(state.used, state.reserved))
      continue
    }
    used = add(used, state.used)
    reserved = add(reserved, state.reserved)
    limit = limit === null || bucket.limit === null ? null : add(limit, bucket.limit)
    const left = bucket.limit === null ? null : Math.max(0, bucket.limit - state.used - state.reserved)
    remaining = remaining === null || left === null ? null : add(remaining, left)
  }
  return { limit, used, reserved, remaining, overage }
}

function add(one: number, other: number): number {
  return Math.min(largestAmount, one + other)
}
