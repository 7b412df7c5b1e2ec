import type { Account } from '../account.ts'
import { get } from '../get.ts'
import type { Invoice, Subscription } from '../objects.ts'
import { cancellation, changeSubscription, endSubscription, remindOfTrialEnd } from './change-subscription.ts'
import { openInvoice, payerOf, payInvoice, voidInvoice } from './invoicing.ts'
import { incompleteLifetime, periodEnd, trialReminderAt } from './next-instant.ts'
import { startNextPeriod } from './next-period.ts'
import { advanceSchedule } from './run-schedule.ts'

/**
 * Runs everything that falls due up to and including `until` (milliseconds), in order, each thing at its own
 * instant: session expiry, trial reminders, trial ends, renewals, retries, scheduled cancellations.
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
  const schedule = account.store.subscriptionSchedules.find(id)
  if (schedule !== undefined) {
    advanceSchedule(account, schedule)
    return
  }
  const subscription = account.store.subscriptions.find(id)
  if (subscription === undefined) expireSession(account, id)
  else advanceSubscription(account, subscription)
}

function advanceSubscription(account: Account, subscription: Subscription): void {
  const now = account.clock.seconds()
  const invoice = account.store.invoices.find(subscription.latest_invoice ?? '')
  const reminderAt = trialReminderAt(subscription)
  if (subscription.status === 'incomplete' && subscription.created + incompleteLifetime <= now) {
    expireIncomplete(account, subscription, invoice)
  } else if (subscription.cancel_at !== null && subscription.cancel_at <= now) {
    endSubscription(account, subscription.id)
  } else if (reminderAt !== undefined && reminderAt <= now) {
    remindOfTrialEnd(account, subscription.id)
  } else if (periodEnd(subscription) <= now) {
    renew(account, subscription)
  } else if (invoice?.next_payment_attempt != null && invoice.next_payment_attempt <= now) {
    retryPayment(account, subscription, invoice)
  } else {
    // Its latest invoice changed meanwhile; saving it again puts its next instant on the agenda.
    account.store.subscriptions.save(subscription)
  }
}

function expireIncomplete(account: Account, subscription: Subscription, invoice: Invoice | undefined): void {
  if (invoice !== undefined && invoice.status === 'open') voidInvoice(account, invoice)
  changeSubscription(account, subscription.id, {
    status: 'incomplete_expired',
    ended_at: account.clock.seconds(),
  })
}

/** Starts the next period: rolls the items, makes the invoice and collects it. Also ends a trial. */
export function renew(account: Account, before: Subscription): void {
  const end = periodEnd(before)
  const start = before.items[0]?.current_period_start ?? before.created
  const isTrialEnd = before.status === 'trialing'
  const { subscription: rolled, lines } = startNextPeriod(account, before)
  const invoice = openInvoice(account, rolled, 'subscription_cycle', lines, { start, end })
  const renewed = changeSubscription(
    account,
    before.id,
    { latest_invoice: invoice.id, ...(isTrialEnd && { status: 'active' }) },
    before,
  )
  if (isTrialEnd && payerOf(account, before) === undefined && invoice.amount_due > 0) {
    if (before.internal.missingPaymentMethod === 'cancel') {
      voidInvoice(account, invoice)
      endSubscription(account, before.id, cancellation(null))
      return
    }
  }
  collect(account, renewed, invoice)
}

function retryPayment(account: Account, subscription: Subscription, invoice: Invoice): void {
  collect(account, subscription, invoice)
  const after = get(account.store.invoices, invoice.id)
  if (after.status === 'open' && after.next_payment_attempt === null) {
    endSubscription(account, subscription.id, cancellation('payment_failed'))
  }
}

/** Tries to collect an invoice of a running subscription and brings the subscription's status in line. */
export function collect(account: Account, subscription: Subscription, invoice: Invoice): void {
  const outcome = payInvoice(account, invoice, 'retry')
  if (outcome === 'paid') {
    const isLatest = get(account.store.subscriptions, subscription.id).latest_invoice === invoice.id
    const recovers = isLatest && ['past_due', 'unpaid', 'incomplete'].includes(subscription.status)
    changeSubscription(account, subscription.id, recovers ? { status: 'active' } : {})
    return
  }
  changeSubscription(account, subscription.id, subscription.status === 'incomplete' ? {} : { status: 'past_due' })
}
