import type { Account } from '../../account.ts'
import type { Charge } from '../../billing-objects.ts'
import type { PaymentMethod } from '../../objects.ts'
import type { PaymentError, PaymentIntent } from '../../payment-objects.ts'
import { publishedNulls } from '../../published-data.ts'

/** The charge of a payment that succeeded or, with an error, failed; nothing is stored. */
export function newCharge(account: Account, intent: PaymentIntent, method: PaymentMethod, error?: PaymentError): Charge {
  const isPaid = error === undefined
  return {
    id: account.identifiers.next('ch'),
    object: 'charge',
    ...publishedNulls('charge'),
    amount: intent.amount,
    amount_captured: isPaid ? intent.amount : 0,
    amount_refunded: 0,
    billing_details: method['billing_details'],
    captured: isPaid,
    created: account.clock.seconds(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent['description'],
    disputed: false,
    failure_code: error?.code ?? null,
    failure_message: error?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    outcome: outcomeOf(error),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: methodDetails(intent, method),
    refunded: false,
    status: isPaid ? 'succeeded' : 'failed',
    internal: { invoice: intent.internal.invoice },
  }
}

function outcomeOf(error: PaymentError | undefined): Readonly<Record<string, unknown>> {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: error === undefined ? 'approved_by_network' : 'declined_by_network',
    reason: error === undefined ? null : error.decline_code,
    risk_level: 'normal',
    seller_message: error === undefined ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
    type: error === undefined ? 'authorized' : 'issuer_declined',
  }
}

function methodDetails(intent: PaymentIntent, { card, ...method }: PaymentMethod): Readonly<Record<string, unknown>> {
  if (card === undefined) {
    const bank = Object(method['us_bank_account'])
    const { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number } = bank
    const known = { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number }
    return { type: 'us_bank_account', us_bank_account: { ...known, payment_reference: null } }
  }
  return {
    card: {
      amount_authorized: intent.amount,
      authorization_code: null,
      brand: card.brand,
      checks: card['checks'],
      country: card['country'],
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card['fingerprint'],
      funding: card['funding'],
      installments: null,
      last4: card.last4,
      mandate: null,
      network: card.brand,
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
    type: 'card',
  }
}
