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
  const notes = rest.split(' ')
  if (notes.includes(waivedNote(subscription, items))) return latest.status !== 'paid'
  const until = notes.find((note) => !note.startsWith(waived))
  const isVoided = latest.status === 'void' && reasons.has(latest.billing_reason ?? '') && latest.attempt_count === 0
  return isVoided && latest.created >= periodStartOf(subscription, items) && (until === open || latest.created < Number(until))
}

/** https://docs.stripe.com/api/invoices/object#invoice_object-billing_reason */
const reasons: ReadonlySet<string> = new Set(['subscription_cycle', 'subscription_update'])

const open = 'open'
const waived = 'waived:'

/** What an update says of a rest. */
type RestNote = Readonly<Record<'metadata', Readonly<Record<string, string>>>>

/**
 * Of a rest that begins. `until` in seconds, `null` where nobody has said. In a period that nobody has paid for both are noted: the
 * invoice of whoever has tried to pay for a new one since is the latest by then.
 */
export function restUntil(until: number | null, reading?: Period): RestNote {
  const rest = until === null ? open : String(until)
  return noted(reading !== undefined && isWaived(reading.subscription, reading.items) ? `${waivedNote(reading.subscription, reading.items)} ${rest}` : rest)
}

interface Period {
  readonly subscription: StripeSubscription
  readonly items: readonly StripeSubscriptionItem[]
}

/** Before somebody tries to have a new period paid in place of one that was voided. */
export function waivedPeriod(subscription: StripeSubscription, items: readonly StripeSubscriptionItem[]): RestNote {
  return noted(waivedNote(subscription, items))
}

/** Of a rest that is over. */
export const noRest: RestNote = noted('')

function waivedNote(subscription: StripeSubscription, items: readonly StripeSubscriptionItem[]): string {
  return `${waived}${periodStartOf(subscription, items)}`
}

function noted(rest: string): RestNote {
  return { metadata: { [restMetadata]: rest } }
}
