import type { BucketView } from '@farebox/core/protocol'

/** A bucket and how much of it is left. */
export interface BalancePart extends BucketView {
  /** Whole units, never below zero; `null` without a limit. */
  readonly left: number | null
  /** The part of its amount that is used or reserved, from 0 to 1. */
  readonly ratio: number
}

/** What each bucket of a balance still holds, in the order in which they are drawn. The server's numbers; nothing is decided. */
export function deriveBalance(buckets: readonly BucketView[]): readonly BalancePart[] {
  return buckets.map((bucket) => {
    const { amount, used, reserved } = bucket
    const taken = used + reserved
    if (amount === null) return { ...bucket, left: null, ratio: 0 }
    return { ...bucket, left: Math.max(0, amount - taken), ratio: amount === 0 ? 0 : Math.min(1, taken / amount) }
  })
}
