import { largestAmount } from './amount.ts'
import type { Bucket } from './bucket.ts'
import type { BucketState } from './decision.ts'

/** Whether the buckets hold `amount` beside what their counters say, all of it. */
export function canDraw(buckets: readonly Bucket[], states: readonly BucketState[], amount: number): boolean {
  let rest = amount
  for (const { id, limit } of buckets) {
    const state = states.find((item) => item.id === id) ?? { used: 0, reserved: 0 }
    rest -= Math.max(0, (limit ?? largestAmount) - state.used - state.reserved)
    if (rest <= 0) return true
  }
  return false
}
