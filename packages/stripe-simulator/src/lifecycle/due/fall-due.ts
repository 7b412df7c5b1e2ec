import type { Account } from '../../account.ts'
import { findSubscriptionOf, get } from '../../get.ts'
import type { Invoice, Subscription } from '../../objects.ts'
import type { PaymentIntent } from '../../payment-objects.ts'
import { settleSession } from '../checkout/settle-session.ts'
import { isSent } from '../invoices/invoice-object.ts'
import { finalizeInvoice, latestFinalized, voidInvoice } from '../invoices/invoicing.ts'
import { payInvoice, settleInvoice } from '../invoices/pay-invoice.ts'
import { incompleteExpiry, periodEnd, trialReminderAt } from '../next-instant.ts'
import { settleRefund } from '../payments/refunds.ts'
import { advanceSchedule } from '../schedules/run-schedule.ts'
import { changeSubscription, remindOfTrialEnd } from '../subscriptions/change-subscription.ts'
import { automaticAttempt, collect, followPayment } from '../subscriptions/collect.ts'
import { endBilled } from '../subscriptions/end-billed.ts'
import { expirePendingChange } from '../subscriptions/pending-change.ts'
import { expireResumption, resumeSubscription } from '../subscriptions/resume-subscription.ts'
import { renew } from './renew.ts'

/**
 * Runs everything that falls due up to and including `until` (milliseconds), in order, each thing at its own
 * instant: session expiry, trial reminders, trial ends, renewals, retries, bank debits, scheduled cancellations.
 */
export function runDue(account: Account, until: number): void {
  for (;;) {
    const due = account.agenda.earliest()
    if (due === undefined || due.at * 1000 > until) return
    account.clock.at(due.at * 1000, () => runOne(account, due.id))
  }
}

/** Closes an open session that nobody paid. */
export function expireSession(account: Account, id: string): void {
  const session = get(account.store.checkoutSessions, id)
  const expired = account.store.checkoutSessions.save({ ...session, status: 'expired', url: null })
  account.emit('checkout.session.expired', expired)
}

function runOne(account: Account, id: string): void {
  const { store } = account
  const schedule = store.subscriptionSchedules.find(id)
  if (schedule !== undefined) return advanceSchedule(account, schedule, renew)
  const subscription = store.subscriptions.find(id)
  if (subscription !== undefined) return advanceSubscription(account, subscription)
  const invoice = store.invoices.find(id)
  if (invoice !== undefined) return retryInvoice(account, invoice)
  const intent = store.paymentIntents.find(id)
  if (intent !== undefined) return settleDebit(account, intent)
  const refund = store.refunds.find(id)
  if (refund !== undefined) return settleRefund(account, refund)
  expireSession(account, id)
}

function advanceSubscription(account: Account, subscription: Subscription): void {
  const now = account.clock.seconds()
  const { cancel_at, pending_update, pause_collection, internal, status } = subscription
  const isDue = (at: number | null | undefined): boolean => at != null && at <= now
  if (status === 'incomplete' && isDue(incompleteExpiry(subscription))) expireIncomplete(account, subscription)
  else if (isDue(pending_update?.expires_at)) expirePendingChange(account, subscription)
  else if (isDue(pause_collection?.resumes_at)) changeSubscription(account, subscription.id, { pause_collection: null })
  else if (isDue(cancel_at)) endBilled(account, subscription.id)
  else if (status === 'paused') advancePause(account, subscription, isDue(internal.resumption?.voidsAt))
  else if (isDue(trialReminderAt(subscription))) remindOfTrialEnd(account, subscription.id)
  else if (isDue(periodEnd(subscription))) renew(account, subscription)
}

function advancePause(account: Account, subscription: Subscription, isUnattempted: boolean): void {
  if (isUnattempted) expireResumption(account, subscription)
  else resumeSubscription(account, subscription.id, { anchor: 'now', prorations: 'create_prorations', on: 'success' })
}

function expireIncomplete(account: Account, subscription: Subscription): void {
  const invoice = account.store.invoices.find(subscription.latest_invoice ?? '')
  if (invoice?.status === 'open') voidInvoice(account, invoice)
  changeSubscription(account, subscription.id, {
    status: 'incomplete_expired',
    ended_at: account.clock.seconds(),
  })
}

/** The next attempt to collect an invoice, or the first of one that is a draft until now. */
function retryInvoice(account: Account, found: Invoice): void {
  if (found.status === 'open' && isSent(found)) {
    fallOverdue(account, found)
    return
  }
  const invoice = found.status === 'draft' ? finalizeInvoice(account, found) : found
  if (invoice.amount_due > 0 && isSent(invoice)) return
  const subscription = findSubscriptionOf(account.store, invoice)
  if (subscription === undefined) payInvoice(account, invoice, automaticAttempt)
  else collect(account, invoice)
}

/**
 * An invoice that was sent was not paid by its due date: then its subscription is past due
 * (https://docs.stripe.com/api/subscriptions/object#subscription_object-status).
 */
function fallOverdue(account: Account, invoice: Invoice): void {
  account.store.invoices.save({ ...invoice, internal: { ...invoice.internal, isOverdue: true } })
  const subscription = findSubscriptionOf(account.store, invoice)
  if (subscription?.status !== 'active' || latestFinalized(account, subscription)?.id !== invoice.id) return
  changeSubscription(account, subscription.id, { status: 'past_due' })
}

/** A bank debit was decided: whatever waited for it goes on. */
function settleDebit(account: Account, intent: PaymentIntent): void {
  const invoice = account.store.invoices.find(intent.internal.invoice ?? '')
  if (invoice !== undefined) followPayment(account, invoice.id, settleInvoice(account, invoice, intent))
  settleSession(account, intent)
}
