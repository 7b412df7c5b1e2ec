import type { Account } from '../../account.ts'
import type { Metadata, PaymentMethod } from '../../objects.ts'
import type { NextAction, PaymentError, PaymentIntent } from '../../payment-objects.ts'
import { publishedNulls } from '../../published-data.ts'
import { render } from '../../responses/render.ts'

/** What a new payment intent is for. */
export interface NewPaymentIntent {
  readonly amount: number
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly invoice?: string
  readonly session?: string
  readonly metadata?: Metadata
  readonly setupFutureUsage: PaymentIntent['setup_future_usage']
}

/** A new payment intent without a payment method; nothing is stored. */
export function newPaymentIntent(account: Account, wanted: NewPaymentIntent): PaymentIntent {
  const id = account.identifiers.next('pi')
  return {
    id,
    object: 'payment_intent',
    ...publishedNulls('payment_intent'),
    amount: wanted.amount,
    amount_capturable: 0,
    amount_received: 0,
    capture_method: 'automatic',
    client_secret: `${id}_${account.identifiers.next('secret')}`,
    confirmation_method: 'automatic',
    created: account.clock.seconds(),
    currency: wanted.currency,
    customer: wanted.customer,
    description: wanted.description,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: wanted.metadata ?? {},
    next_action: null,
    payment_method: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card', 'us_bank_account'],
    setup_future_usage: wanted.setupFutureUsage,
    status: 'requires_payment_method',
    transfer_data: null,
    internal: { invoice: wanted.invoice ?? null, session: wanted.session ?? null, settlesAt: null },
  }
}

/** What `last_payment_error` and `last_setup_error` hold: the error and the method it happened with. */
export function shownError(
  account: Account,
  error: PaymentError,
  method: PaymentMethod | undefined,
): Readonly<Record<string, unknown>> {
  return {
    code: error.code,
    ...(error.decline_code !== '' && { decline_code: error.decline_code }),
    doc_url: `https://docs.stripe.com/error-codes/${error.code.replaceAll('_', '-')}`,
    message: error.message,
    ...(method !== undefined && { payment_method: render(account.store, method) }),
    type: 'card_error',
  }
}

/** The page on which the person authenticates an intent. */
export function authenticationPage(account: Account, intentId: string): NextAction {
  const url = `${account.pages.origin}/authenticate/${intentId}`
  return { type: 'redirect_to_url', redirect_to_url: { return_url: null, url } }
}
