import { toIso } from '../../domain/instant.ts'
import { isLive } from '../../domain/is-live.ts'
import { type Subscription, isResting } from '../../domain/subscription.ts'
import { invoicePreviewView } from '../../protocol/invoice-view.ts'
import type { UpcomingView } from '../../protocol/invoices.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { paymentsOf } from '../payments/payments-of.ts'

/**
 * What the customer is billed next, line by line as Stripe works it out, scheduled changes and pending lines included; `null`
 * where nothing comes by itself: without a subscription, when it ends with its period, and while it rests. Where there are
 * several, of the one that renews first.
 *
 * @throws FareboxError `payments-failed`, `unavailable`, `not-found` without payments.
 */
export async function getUpcoming(context: Context, request: { readonly customer: string }): Promise<UpcomingView> {
  const payments = paymentsOf(context)
  const { records } = await loadCustomer(context, checkId(request.customer, 'customer'))
  const [subscription] = records.subscriptions.filter(isBilled).toSorted((one, other) => one.currentPeriodEnd - other.currentPeriodEnd)
  if (subscription === undefined) return { upcoming: null }
  const upcoming = await payments.findUpcoming(subscription.id)
  return { upcoming: upcoming && { at: toIso(upcoming.at), invoice: invoicePreviewView(upcoming.invoice) } }
}

/** Of one that rests Stripe works out what resuming it would cost, which is not what comes. */
function isBilled(subscription: Subscription): boolean {
  return isLive(subscription) && subscription.status !== 'paused' && !isResting(subscription, subscription.currentPeriodEnd)
}
