import type { Account } from '../account.ts'
import { get, getCustomer } from '../get.ts'
import type { Invoice, InvoiceLine, InvoicePayment, PaymentMethod, Subscription } from '../objects.ts'
import { draftInvoice, type BillingReason } from './invoice-object.ts'

/** Days between the attempts to collect a renewal that failed; after the last one the subscription is canceled. */
const retryDays: readonly number[] = [3, 5, 7]

/** How an attempt to pay ended. */
export type PaymentOutcome = 'paid' | 'declined' | 'no-payment-method'

/** Makes an invoice and finalizes it: afterwards it is open, with a number and the customer's balance applied. */
export function openInvoice(
  account: Account,
  subscription: Subscription,
  reason: BillingReason,
  lines: readonly InvoiceLine[],
  period: { readonly start: number; readonly end: number },
): Invoice {
  const draft = account.store.invoices.save(draftInvoice(account, subscription, reason, lines, period))
  account.emit('invoice.created', draft)
  const customer = getCustomer(account.store, draft.customer)
  const now = account.clock.seconds()
  const endingBalance = Math.min(0, customer.balance + draft.total)
  const open = account.store.invoices.save({
    ...draft,
    effective_at: now,
    ending_balance: endingBalance,
    number: `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  })
  const billed = account.store.customers.save({
    ...customer,
    balance: endingBalance,
    next_invoice_sequence: customer.next_invoice_sequence + 1,
  })
  if (open.amount_due > 0) account.store.invoicePayments.save(openPayment(account, open))
  account.emit('invoice.finalized', open)
  if (billed.balance !== customer.balance) account.emit('customer.updated', billed, customer)
  return open
}

/** Tries to collect an open invoice now. A decline leaves it open and says when the next attempt is due. */
export function payInvoice(account: Account, invoice: Invoice, retry: 'retry' | 'once'): PaymentOutcome {
  if (invoice.amount_due === 0) {
    markPaid(account, invoice)
    return 'paid'
  }
  const method = payerOf(account, get(account.store.subscriptions, invoice.internal.subscription))
  if (method !== undefined && method.internal.behaviour === 'succeeds') {
    markPaid(account, { ...invoice, attempt_count: invoice.attempt_count + 1 })
    return 'paid'
  }
  const wait = retry === 'retry' ? retryDays[invoice.attempt_count] : undefined
  const failed = account.store.invoices.save({
    ...invoice,
    attempted: true,
    attempt_count: invoice.attempt_count + 1,
    next_payment_attempt: wait === undefined ? null : account.clock.seconds() + wait * 86_400,
  })
  account.emit('invoice.updated', failed, invoice)
  account.emit('invoice.payment_failed', failed)
  return method === undefined ? 'no-payment-method' : 'declined'
}

/** The method that pays for a subscription: its own, else the customer's default. */
export function payerOf(account: Account, subscription: Subscription): PaymentMethod | undefined {
  const customer = account.store.customers.find(subscription.customer)
  const id = subscription.default_payment_method ?? customer?.invoice_settings.default_payment_method
  return id === null || id === undefined ? undefined : account.store.paymentMethods.find(id)
}

/** Voids an invoice that nobody will pay any more. */
export function voidInvoice(account: Account, invoice: Invoice): void {
  const voided = account.store.invoices.save({
    ...invoice,
    next_payment_attempt: null,
    status: 'void',
    status_transitions: { ...invoice.status_transitions, voided_at: account.clock.seconds() },
  })
  for (const payment of paymentsOf(account, invoice)) {
    account.store.invoicePayments.save({ ...payment, status: 'canceled' })
  }
  account.emit('invoice.voided', voided)
}

function markPaid(account: Account, invoice: Invoice): void {
  const before = get(account.store.invoices, invoice.id)
  const now = account.clock.seconds()
  const paid = account.store.invoices.save({
    ...invoice,
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: true,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  })
  account.emit('invoice.updated', paid, before)
  account.emit('invoice.paid', paid)
  account.emit('invoice.payment_succeeded', paid)
  for (const payment of paymentsOf(account, paid)) {
    const settled = account.store.invoicePayments.save({
      ...payment,
      amount_paid: paid.amount_paid,
      status: 'paid',
      status_transitions: { canceled_at: null, paid_at: now },
    })
    account.emit('invoice_payment.paid', settled)
  }
}

function paymentsOf(account: Account, invoice: Invoice): InvoicePayment[] {
  const payment = account.store.invoicePayments.find(paymentId(invoice))
  return payment === undefined ? [] : [payment]
}

function openPayment(account: Account, invoice: Invoice): InvoicePayment {
  return {
    id: paymentId(invoice),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: account.clock.seconds(),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: account.identifiers.next('pi'), type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  }
}

function paymentId(invoice: Invoice): string {
  return invoice.id.replace('in_', 'inpay_')
}
