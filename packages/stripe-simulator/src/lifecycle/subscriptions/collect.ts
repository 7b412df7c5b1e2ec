import type { Account } from '../../account.ts'
import { findSubscriptionOf, get } from '../../get.ts'
import type { Invoice, Subscription } from '../../objects.ts'
import { latestFinalized } from '../invoices/invoicing.ts'
import { payInvoice, type InvoiceAttempt, type PaymentOutcome } from '../invoices/pay-invoice.ts'
import { hasEnded } from '../subscription-status.ts'
import { changeSubscription } from './change-subscription.ts'
import { endDunning } from './end-dunning.ts'
import { finishResumption } from './finish-resumption.ts'
import { applyPendingChange, giveUpPendingChange } from './pending-change.ts'

/** The attempt that Stripe makes by itself. */
export const automaticAttempt: InvoiceAttempt = { presence: 'off-session', attempts: 'scheduled' }

/** Tries to collect an invoice and brings the subscription that it bills in line. */
export function collect(account: Account, invoice: Invoice, attempt: InvoiceAttempt = automaticAttempt): PaymentOutcome {
  const outcome = payInvoice(account, invoice, attempt)
  if (outcome === 'sent') return outcome
  followPayment(account, invoice.id, outcome)
  if (attempt.attempts === 'scheduled') endDunning(account, invoice.id)
  return outcome
}

/** Brings a subscription in line with what came of paying one of its invoices. */
export function followPayment(account: Account, invoiceId: string, outcome: PaymentOutcome): void {
  const invoice = get(account.store.invoices, invoiceId)
  const subscription = findSubscriptionOf(account.store, invoice)
  if (subscription === undefined) return
  if (outcome === 'paid') followSuccess(account, subscription, invoice)
  else if (outcome === 'processing') awaitDebit(account, subscription, invoice)
  else followFailure(account, subscription, invoice)
}

/** Brings a subscription in line with an invoice of its that was voided or written off. */
export function followClosing(account: Account, invoice: Invoice): void {
  const subscription = findSubscriptionOf(account.store, invoice)
  if (subscription === undefined || hasEnded(subscription.status)) return
  if (subscription.internal.pendingChange?.invoice === invoice.id) {
    giveUpPendingChange(account, subscription)
    return
  }
  if (subscription.internal.resumption?.invoice === invoice.id) {
    finishResumption(account, subscription, invoice.status === 'void' ? 'given-up' : 'resumed')
    return
  }
  const isFirst = subscription.status === 'incomplete'
  if (isFirst && invoice.status === 'void') {
    changeSubscription(account, subscription.id, { status: 'incomplete_expired', ended_at: account.clock.seconds() })
    return
  }
  const latest = latestFinalized(account, subscription)
  const isSettled = latest === undefined || latest.status === 'paid' || latest.status === 'uncollectible'
  if (isSettled && (subscription.status === 'past_due' || subscription.status === 'unpaid')) {
    changeSubscription(account, subscription.id, { status: 'active' })
  }
}

function followSuccess(account: Account, subscription: Subscription, invoice: Invoice): void {
  if (hasEnded(subscription.status)) return
  if (subscription.internal.pendingChange?.invoice === invoice.id) {
    applyPendingChange(account, subscription)
    return
  }
  if (subscription.internal.resumption?.invoice === invoice.id) {
    finishResumption(account, subscription, 'resumed')
    return
  }
  const isLatest = latestFinalized(account, subscription)?.id === invoice.id
  const recovers = isLatest && ['past_due', 'unpaid', 'incomplete'].includes(subscription.status)
  const { awaitsDebit: _awaitsDebit, ...internal } = subscription.internal
  changeSubscription(account, subscription.id, { internal, ...(recovers && { status: 'active' }) })
}

function followFailure(account: Account, subscription: Subscription, invoice: Invoice): void {
  if (hasEnded(subscription.status) || subscription.internal.pendingChange?.invoice === invoice.id) return
  if (subscription.internal.resumption?.invoice === invoice.id) {
    if (subscription.internal.resumption.on === 'attempt') finishResumption(account, subscription, 'past-due')
    else keepResumption(account, subscription)
    return
  }
  const { awaitsDebit: _awaitsDebit, ...internal } = subscription.internal
  const stays = ['incomplete', 'paused', 'unpaid'].includes(subscription.status)
  changeSubscription(account, subscription.id, { internal, ...(!stays && { status: 'past_due' }) })
}

/** A first payment that is a bank debit leaves the subscription incomplete until it is decided, however long that takes. */
function awaitDebit(account: Account, subscription: Subscription, invoice: Invoice): void {
  if (subscription.status !== 'incomplete') return
  const internal = { ...subscription.internal, awaitsDebit: invoice.id }
  changeSubscription(account, subscription.id, { internal })
}

/** Somebody has attempted to pay: the invoice is not voided after 23 hours any more. */
function keepResumption(account: Account, subscription: Subscription): void {
  const { resumption } = subscription.internal
  if (resumption === undefined || resumption.voidsAt === null) return
  const internal = { ...subscription.internal, resumption: { ...resumption, voidsAt: null } }
  changeSubscription(account, subscription.id, { internal })
}
