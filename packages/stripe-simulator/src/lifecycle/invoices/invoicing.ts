import type { Account } from '../../account.ts'
import { get, getCustomer } from '../../get.ts'
import type { InvoicePayment } from '../../invoicing-objects.ts'
import type { Invoice, InvoiceLine, PaymentMethod, Subscription } from '../../objects.ts'
import type { PaymentIntent } from '../../payment-objects.ts'
import { endUsedDiscounts } from '../discounts/redeem-coupons.ts'
import { cancelPaymentIntent, openPaymentIntent } from '../payments/payment-intents.ts'
import { takeItems } from './invoice-items.ts'
import { draftInvoice, isSent, type BillingReason } from './invoice-object.ts'

/** Makes an invoice and finalizes it: afterwards it is open, with a number and the customer's balance applied. */
export function openInvoice(
  account: Account,
  subscription: Subscription,
  reason: BillingReason,
  lines: readonly InvoiceLine[],
  period: { readonly start: number; readonly end: number },
): Invoice {
  return finalizeInvoice(account, createDraft(account, subscription, reason, lines, period))
}

/** How long a draft can be changed before it is finalized by itself: an hour. */
export const draftLifetime: number = 3600

/** Makes an invoice that nobody collects until it is finalized; one that is sent is finalized after an hour. */
export function createDraft(
  account: Account,
  subscription: Subscription,
  reason: BillingReason,
  lines: readonly InvoiceLine[],
  period: { readonly start: number; readonly end: number },
  options: { readonly autoAdvance: boolean } = { autoAdvance: true },
): Invoice {
  const made = draftInvoice(account, subscription, reason, lines, period)
  const finalizesAt = options.autoAdvance && isSent(made) ? made.created + draftLifetime : null
  const draft = account.store.invoices.save({ ...made, auto_advance: options.autoAdvance, automatically_finalizes_at: finalizesAt })
  takeItems(account, draft)
  account.emit('invoice.created', draft)
  endUsedDiscounts(account, subscription, draft)
  return draft
}

/** Finalizes a draft: it gets its number, its page and the payment intent that collects what the balance does not pay. */
export function finalizeInvoice(account: Account, draft: Invoice, { usesBalance = true }: { readonly usesBalance?: boolean } = {}): Invoice {
  const customer = getCustomer(account.store, draft.customer)
  const now = account.clock.seconds()
  const endingBalance = usesBalance ? Math.min(0, customer.balance + draft.total) : customer.balance
  const amountDue = usesBalance ? Math.max(0, draft.total + customer.balance) : draft.total
  const open = account.store.invoices.save({
    ...draft,
    amount_due: amountDue,
    amount_remaining: amountDue,
    automatically_finalizes_at: null,
    ...(draft.internal.daysUntilDue !== undefined && { due_date: now + draft.internal.daysUntilDue * 86_400 }),
    effective_at: now,
    ending_balance: endingBalance,
    hosted_invoice_url: `${account.pages.origin}/i/${draft.id}`,
    invoice_pdf: `${account.pages.origin}/i/${draft.id}/pdf`,
    number: `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`,
    starting_balance: customer.balance,
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

/** The method that pays for a subscription: its own, else the customer's default. */
export function payerOf(
  account: Account,
  subscription: Pick<Subscription, 'customer' | 'default_payment_method'>,
): PaymentMethod | undefined {
  const customer = account.store.customers.find(subscription.customer)
  const id = subscription.default_payment_method ?? customer?.invoice_settings.default_payment_method
  const method = account.store.paymentMethods.find(id ?? '')
  return method?.customer === null ? undefined : method
}

/** Voids an invoice that nobody will pay any more. */
export function voidInvoice(account: Account, invoice: Invoice): Invoice {
  const now = account.clock.seconds()
  const voided = account.store.invoices.save({
    ...invoice,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'void',
    status_transitions: { ...invoice.status_transitions, voided_at: now },
  })
  cancelPayments(account, invoice)
  account.emit('invoice.voided', voided)
  return voided
}

/** Gives up what would have collected an invoice. */
export function cancelPayments(account: Account, invoice: Invoice): void {
  for (const payment of paymentsOf(account, invoice)) {
    const status_transitions = { canceled_at: account.clock.seconds(), paid_at: null }
    account.store.invoicePayments.save({ ...payment, status: 'canceled', status_transitions })
    cancelPaymentIntent(account, payment.payment.payment_intent ?? '', 'void_invoice')
  }
}

/** Writes an invoice off. It can still be paid, and it is no longer collected. */
export function markUncollectible(account: Account, invoice: Invoice): Invoice {
  const marked = account.store.invoices.save({
    ...invoice,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'uncollectible',
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: account.clock.seconds() },
  })
  account.emit('invoice.marked_uncollectible', marked)
  return marked
}

/** Stops the automatic attempts to collect what a subscription still owes. */
export function stopCollecting(account: Account, subscription: Subscription): void {
  for (const invoice of account.store.invoices.ofCustomer(subscription.customer)) {
    if (invoice.internal.subscription !== subscription.id || invoice.next_payment_attempt === null) continue
    account.store.invoices.save({ ...invoice, auto_advance: false, next_payment_attempt: null })
  }
}

/** The newest invoice of a subscription that was finalized and not voided: it decides whether the subscription is paid up. */
export function latestFinalized(account: Account, subscription: Subscription): Invoice | undefined {
  return account.store.invoices
    .ofCustomer(subscription.customer)
    .find(({ internal, status }) => internal.subscription === subscription.id && status !== 'draft' && status !== 'void')
}

/** Records that an invoice was paid: by its payment intent, by the balance, or out of band. */
export function markPaid(account: Account, invoice: Invoice, options: { readonly outOfBand?: boolean } = {}): Invoice {
  const before = get(account.store.invoices, invoice.id)
  const now = account.clock.seconds()
  const paid = account.store.invoices.save({
    ...invoice,
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    ...(options.outOfBand === true && { amount_paid_off_stripe: invoice.amount_due }),
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  })
  account.emit('invoice.updated', paid, before)
  account.emit('invoice.paid', paid)
  if (options.outOfBand !== true) account.emit('invoice.payment_succeeded', paid)
  for (const payment of paymentsOf(account, paid).filter(({ status }) => status === 'open')) {
    const status_transitions = { canceled_at: null, paid_at: now }
    if (options.outOfBand === true) cancelPaymentIntent(account, payment.payment.payment_intent ?? '', 'abandoned')
    const changes = { amount_paid: paid.amount_paid, status: 'paid', status_transitions } as const
    account.emit('invoice_payment.paid', account.store.invoicePayments.save({ ...payment, ...changes }))
  }
  return paid
}

/** The id of the payment intent that collects an invoice; undefined when nothing was due. */
export function paymentIntentOf(account: Account, invoice: Invoice): string | undefined {
  return paymentsOf(account, invoice)[0]?.payment.payment_intent
}

/** The payment intent of an invoice. */
export function findPaymentIntentOf(account: Account, invoice: Invoice): PaymentIntent | undefined {
  return account.store.paymentIntents.find(paymentIntentOf(account, invoice) ?? '')
}

function paymentsOf(account: Account, invoice: Invoice): InvoicePayment[] {
  const payment = account.store.invoicePayments.find(paymentId(invoice))
  return payment === undefined ? [] : [payment]
}

function openPayment(account: Account, invoice: Invoice): InvoicePayment {
  const intent = openPaymentIntent(account, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: invoice.customer,
    description: describe(invoice),
    invoice: invoice.id,
    setupFutureUsage: invoice.internal.subscription === null ? null : 'off_session',
  })
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
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  }
}

function describe(invoice: Invoice): string {
  if (invoice.internal.subscription === null) return `Payment for Invoice ${invoice.number}`
  return invoice['billing_reason'] === 'subscription_create' ? 'Subscription creation' : 'Subscription update'
}

function paymentId(invoice: Invoice): string {
  return invoice.id.replace('in_', 'inpay_')
}
