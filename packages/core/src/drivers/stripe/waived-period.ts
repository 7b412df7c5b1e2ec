import { restMetadata } from '../../catalog/stripe-names.ts'
import type { StripeSubscription, StripeSubscriptionItem } from './subscription-shape.ts'

/** When the present period began, of all items, in seconds. */
export function periodStartOf({ current_period_start, start_date }: StripeSubscription, items: readonly StripeSubscriptionItem[]): number {
  const start = current_period_start ?? start_date
  return items.length === 0 ? start : Math.min(...items.map((item) => item.current_period_start ?? start))
}

/**
 * Whether nobody is going to pay for the present period, since the customer let the subscription rest when it began, or when it was
 * changed in Stripe's portal: Stripe has voided that invoice before it tried anything with it, and comes back to it no more. Whatever
 * the app's people void or pause themselves is for them to say. Where somebody has tried to pay for a new one, which has an invoice of
 * its own, that is noted by the period that was voided. Source: https://docs.stripe.com/billing/subscriptions/pause-payment
 */
export function isWaived(subscription: StripeSubscription, items: readonly StripeSubscriptionItem[]): boolean {
  const { status, latest_invoice: latest, metadata } = subscription
  const rest = metadata?.[restMetadata] ?? ''
  if (status !== 'active' || rest === '' || typeof latest !== 'object' || latest === null) return false
  const start = periodStartOf(subscription, items)
  if (rest.startsWith(waived)) return rest === `${waived}${start}` && latest.status !== 'paid'
  const isVoided = latest.status === 'void' && reasons.has(latest.billing_reason ?? '') && latest.attempt_count === 0
  return isVoided && latest.created >= start && (rest === open || latest.created < Number(rest))
}

/** https://docs.stripe.com/api/invoices/object#invoice_object-billing_reason */
const reasons: ReadonlySet<string> = new Set(['subscription_cycle', 'subscription_update'])

const open = 'open'
const waived = 'waived:'

/** What an update says of a rest that begins. `until` in seconds, `null` where nobody has said. */
export function restUntil(until: number | null): { readonly metadata: Readonly<Record<string, string>> } {
  return { metadata: { [restMetadata]: until === null ? open : String(until) } }
}

/** What an update says before it tries to have a new period paid in place of one that was voided. */
export function waivedPeriod(subscription: StripeSubscription, items: readonly StripeSubscriptionItem[]): ReturnType<typeof restUntil> {
  return { metadata: { [restMetadata]: `${waived}${periodStartOf(subscription, items)}` } }
}

/** What an update says of a rest that is over. */
export const noRest: ReturnType<typeof restUntil> = { metadata: { [restMetadata]: '' } }
