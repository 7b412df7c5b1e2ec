import { largestAmount } from '../../domain/amount.ts'
import type { Instant } from '../../domain/instant.ts'
import type { DirectUsage, Freshness, PlainCounter, PlainOutcome } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../../storage/counting/customer-usage.ts'
import { keepUntilOf } from '../../storage/counting/keep-until.ts'
import { passMarker } from '../../storage/counting/marker.ts'
import { featureAt } from '../../storage/counting/reservation.ts'

/** What {@link countInLedger} leaves: how the counter stands. */
type Seen = { -readonly [Number in 'used' | 'reserved']: DirectUsage[Number] }

/** As `take`, on a counter that is there already. */
export function countInLedger(
  seen: Seen,
  customer: CustomerUsage,
  { feature: name, bucket }: PlainCounter,
  freshness: Freshness,
  amount: number,
  now: Instant,
): PlainOutcome {
  if (customer.isPlain) return 'unanswered'
  const counter = featureAt(customer, name, now)?.counters.find(bucket.id)
  if (counter === undefined || !passMarker(customer, freshness, now)) return 'unanswered'
  const isTaken = amount <= (bucket.limit ?? largestAmount) - counter.used - counter.reserved
  if (isTaken) {
    counter.used += amount
    counter.keepUntil = Math.max(counter.keepUntil, keepUntilOf(bucket))
  }
  seen.used = counter.used
  seen.reserved = counter.reserved
  return isTaken ? 'taken' : 'refused'
}
