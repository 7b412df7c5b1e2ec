import type { Instant } from '../../domain/instant.ts'
import { isWithoutPlan } from '../../domain/notices.ts'
import { type Subscription, hasEnded } from '../../domain/subscription.ts'
import type { PaymentReading } from '../../ports/payments.ts'
import type { Context } from '../context.ts'

/** A subscription that is to be stored otherwise than it is. */
export interface SubscriptionChange {
  readonly before: Subscription | null
  readonly after: Subscription
}

/**
 * What to store so that it equals the reading. Nothing revives a subscription that has ended. One that Stripe no longer
 * lists gives nothing from now on: with a deleted customer it has ended, else it is `unknown` until Stripe lists it again.
 */
export function changesOf(
  stored: readonly Subscription[],
  { subscriptions, deleted }: PaymentReading,
  now: Instant,
): readonly SubscriptionChange[] {
  const listed = subscriptions.flatMap((after): SubscriptionChange[] => {
    const before = stored.find(({ id }) => id === after.id) ?? null
    if (before !== null && (isSame(before, after) || (hasEnded(before) && !hasEnded(after)))) return []
    return [{ before, after }]
  })
  const vanished = stored
    .filter((before) => !hasEnded(before) && !subscriptions.some(({ id }) => id === before.id))
    .filter((before) => deleted || before.endedAt === null)
    .map((before): SubscriptionChange => {
      const after: Subscription = { ...before, status: deleted ? 'canceled' : 'unknown', endedAt: before.endedAt ?? now }
      return { before, after }
    })
  return [...listed, ...vanished]
}

/** Tells the log of subscriptions that are paid for, as it seems, and give nothing: somebody has to look at them. */
export function warnOfPuzzles({ catalog, clock, logger }: Context, customer: string, changes: readonly SubscriptionChange[]): void {
  for (const { after } of changes) {
    const { id: subscription, plan, price, status } = after
    if (after.ours && isWithoutPlan(catalog, after, clock.now())) {
      logger.warn('A subscription gives nothing: its prices name no plan, or two', { customer, subscription, plan, price })
    }
    if (status === 'unknown') {
      logger.warn('A subscription gives nothing: its status is not known, or Stripe no longer lists it', { customer, subscription })
    }
  }
}

/** Whether from now on something else is paid for than before; a new one is paid for from the start of its period. */
export function isRepriced({ before, after }: SubscriptionChange): boolean {
  if (before === null) return false
  return before.price !== after.price || before.quantity !== after.quantity || isPaused(before) !== isPaused(after)
}

function isPaused({ paused }: Subscription): boolean {
  return (paused ?? null) !== null
}

function isSame(first: Subscription, second: Subscription): boolean {
  // Every field is a plain value, and both have the same ones in the same order.
  return JSON.stringify(first) === JSON.stringify(second)
}
