import type { Account } from '../../account.ts'
import type { Invoice, InvoiceLine, Subscription } from '../../objects.ts'
import { isSent } from '../invoices/invoice-object.ts'
import { createDraft, openInvoice, payerOf, voidInvoice } from '../invoices/invoicing.ts'
import type { InvoiceAttempt } from '../invoices/pay-invoice.ts'
import { restingInvoice } from '../invoices/resting-invoice.ts'
import { periodEnd } from '../next-instant.ts'
import { cancellation, changeSubscription, endSubscription } from '../subscriptions/change-subscription.ts'
import { automaticAttempt, collect } from '../subscriptions/collect.ts'
import { pauseSubscription } from '../subscriptions/pause-subscription.ts'
import { beginsTrialAt, startNextPeriod } from './next-period.ts'

/** Starts the next period: rolls the items, makes the invoice and collects it. Also ends a trial. */
export function renew(account: Account, before: Subscription, attempt: InvoiceAttempt = automaticAttempt): void {
  const isTrialEnd = before.status === 'trialing'
  const isUnpayable = isTrialEnd && !isSent(before) && payerOf(account, before) === undefined
  if (isUnpayable && before.internal.missingPaymentMethod === 'pause') {
    const credit = { from: 'none', on: 'pending_invoice_item' } as const
    pauseSubscription(account, before.id, 'trial_end_without_payment_method', { credit })
    return
  }
  const end = periodEnd(before)
  const start = before.items[0]?.current_period_start ?? before.created
  const { subscription: rolled, lines } = startNextPeriod(account, before)
  const invoice = makeInvoice(account, rolled, lines, { start, end })
  const isOnTrial = beginsTrialAt(rolled, end)
  const status = isTrialEnd && !isOnTrial ? { status: 'active' as const } : {}
  changeSubscription(account, before.id, { latest_invoice: invoice.id, ...status }, before)
  if (invoice.status !== 'open') return
  if (isUnpayable && invoice.amount_due > 0 && before.internal.missingPaymentMethod === 'cancel') {
    voidInvoice(account, invoice)
    endSubscription(account, before.id, cancellation(null))
    return
  }
  collect(account, invoice, attempt)
}

/** The invoice of a new period. An unpaid subscription gets a draft that nobody collects. */
function makeInvoice(
  account: Account,
  subscription: Subscription,
  lines: readonly InvoiceLine[],
  period: { readonly start: number; readonly end: number },
): Invoice {
  if (subscription.status === 'unpaid') return createDraft(account, subscription, 'subscription_cycle', lines, period, { autoAdvance: false })
  const resting = restingInvoice(account, subscription, 'subscription_cycle', lines, period)
  if (resting !== undefined) return resting
  const make = isSent(subscription) ? createDraft : openInvoice
  return make(account, subscription, 'subscription_cycle', lines, period)
}
