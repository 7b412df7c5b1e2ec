import type { Account } from '../../account.ts'
import { get } from '../../get.ts'
import type { CheckoutSession, Customer, PaymentMethod } from '../../objects.ts'
import { paymentIntentOf } from '../invoices/invoicing.ts'
import { confirmPaymentIntent, openPaymentIntent } from '../payments/payment-intents.ts'
import { confirmSetupIntent, openSetupIntent } from '../subscriptions/setup-intents.ts'
import { subscribe } from '../subscriptions/subscribe.ts'
import { discountsOf } from './session-discounts.ts'
import { invoiceSession } from './session-invoice.ts'
import { trialEndOf } from './session-trial.ts'

/** What a session shows of its payment. */
type Paid = Pick<CheckoutSession, 'payment_status' | 'subscription'> & Partial<CheckoutSession>

/** The person has passed whatever 3-D Secure the session asked for. */
const attempt = { presence: 'on-session', isAuthenticated: true } as const

/** Pays what a session is for: a subscription, a single payment, or a method for later. */
export function paySession(
  account: Account,
  session: CheckoutSession,
  customer: Customer | undefined,
  method: PaymentMethod | undefined,
): Paid {
  switch (session.mode) {
    case 'subscription':
      return startSubscription(account, session, customer, method)
    case 'payment':
      return payOnce(account, session, customer, method)
    case 'setup':
      return setUp(account, session, customer, method)
  }
}

function startSubscription(
  account: Account,
  session: CheckoutSession,
  customer: Customer | undefined,
  method: PaymentMethod | undefined,
): Paid {
  if (customer === undefined) throw new Error('A subscription has a customer')
  const subscription = subscribe(account, {
    customer: customer.id,
    items: session.internal.lineItems,
    paymentMethod: method?.id ?? null,
    metadata: session.internal.subscriptionMetadata,
    description: session.internal.subscriptionDescription,
    trialEnd: trialEndOf(account, session),
    missingPaymentMethod: session.internal.missingPaymentMethod,
    discounts: discountsOf(session),
    session: session.id,
    taxation: session.internal.taxation,
    ...(session.currency !== null && { currency: session.currency }),
    attempt: method === undefined ? { presence: 'off-session' } : attempt,
  })
  const invoice = get(account.store.invoices, subscription.latest_invoice ?? '')
  return {
    invoice: invoice.id,
    payment_intent: null,
    payment_status: invoice.amount_due === 0 ? 'no_payment_required' : invoice.status === 'paid' ? 'paid' : 'unpaid',
    subscription: subscription.id,
  }
}

function payOnce(
  account: Account,
  session: CheckoutSession,
  customer: Customer | undefined,
  method: PaymentMethod | undefined,
): Paid {
  const { internal } = session
  if (method === undefined) return { payment_status: 'no_payment_required', subscription: null }
  if (internal.invoiceCreation !== undefined && customer !== undefined) {
    const invoice = invoiceSession(account, session, customer, method)
    const payment_status = invoice.status === 'paid' ? 'paid' : 'unpaid'
    return { invoice: invoice.id, payment_intent: paymentIntentOf(account, invoice) ?? null, payment_status, subscription: null }
  }
  const opened = openPaymentIntent(account, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer: customer?.id ?? null,
    description: internal.paymentDescription ?? null,
    session: session.id,
    metadata: internal.paymentMetadata ?? {},
    setupFutureUsage: internal.setupFutureUsage ?? null,
  })
  const intent = confirmPaymentIntent(account, opened.id, method, attempt)
  return { payment_intent: intent.id, payment_status: intent.status === 'succeeded' ? 'paid' : 'unpaid', subscription: null }
}

function setUp(
  account: Account,
  session: CheckoutSession,
  customer: Customer | undefined,
  method: PaymentMethod | undefined,
): Paid {
  if (method === undefined) throw new Error('Setup asks for a method')
  const { setupDescription, setupMetadata } = session.internal
  const opened = openSetupIntent(account, {
    customer: customer?.id ?? null,
    description: setupDescription ?? null,
    metadata: setupMetadata ?? {},
  })
  const intent = confirmSetupIntent(account, opened.id, method, attempt)
  return { payment_status: 'no_payment_required', setup_intent: intent.id, subscription: null }
}
