import type { Invoice, Subscription } from '../objects.ts'

const threeDays = 3 * 86_400

/** How long a first payment may stay open before the subscription expires: 23 hours. */
export const incompleteLifetime: number = 23 * 3600

/** When a trial's end is announced: three days before, or at once when the trial is shorter. */
export function trialReminderAt(subscription: Subscription): number | undefined {
  if (subscription.status !== 'trialing' || subscription.trial_end === null) return undefined
  if (subscription.internal.trialReminderSent) return undefined
  return Math.max(subscription.trial_end - threeDays, subscription.created)
}

/** The end of the current period: the earliest over the items. */
export function periodEnd(subscription: Subscription): number {
  return Math.min(...subscription.items.map((item) => item.current_period_end))
}

/** When something next happens to a subscription by itself (seconds); undefined once it has ended. */
export function nextInstant(subscription: Subscription, latestInvoice: Invoice | undefined): number | undefined {
  switch (subscription.status) {
    case 'canceled':
    case 'incomplete_expired':
      return undefined
    case 'incomplete':
      return subscription.created + incompleteLifetime
    case 'trialing':
    case 'active':
    case 'past_due':
    case 'unpaid':
    case 'paused': {
      const instants = [
        periodEnd(subscription),
        subscription.cancel_at ?? Infinity,
        trialReminderAt(subscription) ?? Infinity,
        latestInvoice?.next_payment_attempt ?? Infinity,
      ]
      return Math.min(...instants)
    }
  }
}
