import type { Account } from '../account.ts'
import type { Customer, PaymentMethod } from '../objects.ts'
import type { TestCard } from './cards.ts'

/** Attaches a new card to a customer. */
export function attachCard(account: Account, card: TestCard & { readonly number: string }, customer: Customer): PaymentMethod {
  const method = account.store.paymentMethods.save(newPaymentMethod(account, card, customer))
  account.emit('payment_method.attached', method)
  return method
}

function newPaymentMethod(
  account: Account,
  card: TestCard & { readonly number: string },
  customer: Customer,
): PaymentMethod {
  const years = new Date(account.clock.now()).getUTCFullYear()
  return {
    id: account.identifiers.next('pm'),
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: { address: null, email: customer.email, name: customer.name, phone: null, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: card.country,
      display_brand: card.brand,
      exp_month: 12,
      exp_year: years + 10,
      fingerprint: null,
      funding: 'credit',
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: account.clock.seconds(),
    customer: customer.id,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
    internal: { behaviour: card.behaviour ?? 'declines-when-charged' },
  }
}
