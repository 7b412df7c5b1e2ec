import type { Account } from '../../account.ts'
import type { Customer, PaymentMethod } from '../../objects.ts'
import type { TestBankAccount } from './bank-accounts.ts'
import type { TestCard } from './cards.ts'

/** When a card expires: the month counts from 1, and the card is good until it is over. */
export interface Expiry {
  readonly month: number
  readonly year: number
}

/** Attaches a new card to a customer. Without an expiry it is good for ten years. */
export function attachCard(account: Account, card: TestCard, customer: Customer | undefined, expiry?: Expiry): PaymentMethod {
  const years = new Date(account.clock.now()).getUTCFullYear()
  return attach(account, customer, card.number, {
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: card.country,
      display_brand: card.brand,
      exp_month: expiry?.month ?? 12,
      exp_year: expiry?.year ?? years + 10,
      fingerprint: null,
      funding: 'credit',
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    type: 'card',
  })
}

/** Attaches a new bank account to a customer. */
export function attachBankAccount(account: Account, bank: TestBankAccount, customer: Customer | undefined): PaymentMethod {
  return attach(account, customer, bank.number, {
    type: 'us_bank_account',
    us_bank_account: {
      account_holder_type: 'individual',
      account_type: 'checking',
      bank_name: 'STRIPE TEST BANK',
      financial_connections_account: null,
      fingerprint: null,
      last4: bank.number.slice(-4),
      networks: { preferred: 'ach', supported: ['ach'] },
      routing_number: '110000000',
      status_details: null,
    },
  })
}

/** A guest's method belongs to nobody and is not announced. */
function attach(
  account: Account,
  customer: Customer | undefined,
  number: string,
  details: Pick<PaymentMethod, 'type'> & Partial<Pick<PaymentMethod, 'card' | 'us_bank_account'>>,
): PaymentMethod {
  const { email = null, name = null } = customer ?? {}
  const method = account.store.paymentMethods.save({
    id: account.identifiers.next('pm'),
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: { address: null, email, name, phone: null, tax_id: null },
    created: account.clock.seconds(),
    customer: customer?.id ?? null,
    customer_account: null,
    livemode: false,
    metadata: {},
    ...details,
    internal: { number, isSetUp: false },
  })
  if (customer !== undefined) account.emit('payment_method.attached', method)
  return method
}
