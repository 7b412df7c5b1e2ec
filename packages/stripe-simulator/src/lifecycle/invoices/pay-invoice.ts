import type { Account } from '../../account.ts'
import { findSubscriptionOf, get } from '../../get.ts'
import type { Invoice, PaymentMethod } from '../../objects.ts'
import type { PaymentError, PaymentIntent } from '../../payment-objects.ts'
import { changeObject } from '../change-object.ts'
import type { Attempt } from '../payments/charge.ts'
import { confirmPaymentIntent, failedAuthentication, failPaymentIntent, settlePaymentIntent } from '../payments/payment-intents.ts'
import { isSent } from './invoice-object.ts'
import { findPaymentIntentOf, markPaid, payerOf, paymentIntentOf } from './invoicing.ts'

/** How an attempt to pay an invoice ended. */
export type PaymentOutcome = 'paid' | 'declined' | 'action-required' | 'processing' | 'no-payment-method' | 'sent'

/** How an invoice is attempted: with which method (default: the one that pays for the subscription), and when again. */
export interface InvoiceAttempt extends Attempt {
  readonly method?: PaymentMethod | undefined
  /** `scheduled`: a failure is followed by the next attempt of the account's schedule. `manual`: it changes nothing in it. */
  readonly attempts: 'scheduled' | 'once' | 'manual'
}

/**
 * Tries to collect an open invoice now. A decline or a need to authenticate leaves it open and says when the next
 * attempt is due; both are told as `invoice.payment_failed`, the latter as `invoice.payment_action_required` besides. One
 * that is sent is only ever paid by hand.
 */
export function payInvoice(account: Account, invoice: Invoice, attempt: InvoiceAttempt): PaymentOutcome {
  if (invoice.amount_due === 0) {
    markPaid(account, invoice)
    return 'paid'
  }
  if (isSent(invoice) && attempt.attempts === 'scheduled') return 'sent'
  const intentId = paymentIntentOf(account, invoice)
  if (intentId === undefined) throw new Error(`An open invoice has a payment intent: ${invoice.id}`)
  const method = attempt.method ?? defaultMethod(account, invoice)
  const intent = confirmPaymentIntent(account, intentId, method, attempt)
  return recordOutcome(account, invoice, intent, attempt.attempts, method === undefined)
}

/** Leaves the payment to the person: the intent knows the method where there is one and waits to be confirmed. */
export function prepareInvoice(account: Account, invoice: Invoice): PaymentOutcome {
  const method = defaultMethod(account, invoice)
  const intent = findPaymentIntentOf(account, invoice)
  if (method === undefined || intent === undefined) return 'no-payment-method'
  account.store.paymentIntents.save({ ...intent, payment_method: method.id, status: 'requires_confirmation' })
  return 'declined'
}

/** Ends the 3-D Secure that the payment of an invoice asks for, and with it the attempt. */
export function authenticateInvoice(account: Account, invoice: Invoice, intent: PaymentIntent, isPassed: boolean): PaymentOutcome {
  const attempt = { presence: 'on-session', isAuthenticated: true } as const
  const method = get(account.store.paymentMethods, intent.payment_method ?? '')
  const after = isPassed
    ? confirmPaymentIntent(account, intent.id, method, attempt)
    : failPaymentIntent(account, intent.id, failedAuthentication)
  return recordOutcome(account, invoice, after, 'manual', false)
}

/** Ends the bank debit that an invoice waits for. */
export function settleInvoice(account: Account, invoice: Invoice, intent: PaymentIntent): PaymentOutcome {
  return recordOutcome(account, invoice, settlePaymentIntent(account, intent.id), 'manual', false)
}

/** How the last attempt to pay an invoice ended. */
export function outcomeOf(account: Account, invoice: Invoice): PaymentOutcome {
  if (invoice.status === 'paid') return 'paid'
  const intent = findPaymentIntentOf(account, invoice)
  if (intent?.status === 'requires_action') return 'action-required'
  if (intent?.status === 'processing') return 'processing'
  return intent?.last_payment_error === null ? 'no-payment-method' : 'declined'
}

/** Why the payment of an invoice last failed. */
export function lastError(account: Account, invoice: Invoice): Pick<PaymentError, 'code' | 'message'> & { decline_code?: string } {
  const error = findPaymentIntentOf(account, invoice)?.last_payment_error
  const { code, message, decline_code } = error ?? {}
  return {
    code: typeof code === 'string' ? code : 'card_declined',
    message: typeof message === 'string' ? message : 'Your card was declined.',
    ...(typeof decline_code === 'string' && { decline_code }),
  }
}

function defaultMethod(account: Account, invoice: Invoice): PaymentMethod | undefined {
  const subscription = findSubscriptionOf(account.store, invoice)
  const own = invoice['default_payment_method']
  const default_payment_method = typeof own === 'string' ? own : null
  return payerOf(account, default_payment_method === null && subscription !== undefined ? subscription : { customer: invoice.customer, default_payment_method })
}

function recordOutcome(
  account: Account,
  invoice: Invoice,
  intent: PaymentIntent,
  attempts: InvoiceAttempt['attempts'],
  isMissing: boolean,
): PaymentOutcome {
  // Any attempt counts as the first; after it only those of the schedule do.
  const count = attempts === 'manual' && invoice.attempt_count > 0 ? invoice.attempt_count : invoice.attempt_count + 1
  if (intent.status === 'succeeded') {
    markPaid(account, { ...invoice, attempt_count: count })
    keepMethod(account, invoice, intent.payment_method)
    return 'paid'
  }
  if (intent.status === 'processing') {
    const waiting = { attempted: true, attempt_count: count, next_payment_attempt: null }
    changeObject(account, 'invoices', invoice, waiting, 'invoice.updated')
    return 'processing'
  }
  const wait = attempts === 'scheduled' ? account.settings.retryDays[invoice.attempt_count] : undefined
  const next = wait === undefined ? null : account.clock.seconds() + wait * 86_400
  const next_payment_attempt = attempts === 'manual' ? invoice.next_payment_attempt : next
  const failed = changeObject(account, 'invoices', invoice, { attempted: true, attempt_count: count, next_payment_attempt }, 'invoice.updated')
  account.emit('invoice.payment_failed', failed)
  if (intent.status === 'requires_action') {
    account.emit('invoice.payment_action_required', failed)
    return 'action-required'
  }
  return isMissing ? 'no-payment-method' : 'declined'
}

/** With `save_default_payment_method` the method that paid pays from now on. */
function keepMethod(account: Account, invoice: Invoice, method: string | null): void {
  const subscription = findSubscriptionOf(account.store, invoice)
  if (subscription === undefined || method === null) return
  if (subscription.payment_settings.save_default_payment_method !== 'on_subscription') return
  if (subscription.default_payment_method === method) return
  account.store.subscriptions.save({ ...subscription, default_payment_method: method })
}
