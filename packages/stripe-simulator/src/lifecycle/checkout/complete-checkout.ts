import type { Account } from '../../account.ts'
import { cardRefused, invalidRequest, unsupported } from '../../errors.ts'
import { get, getCustomer } from '../../get.ts'
import type { CheckoutSession, Customer, PaymentMethod } from '../../objects.ts'
import { newCustomer } from '../customer-object.ts'
import { attachBankAccount, attachCard, type Expiry } from '../payments/attach-card.ts'
import { findBankAccount, simulatedBankAccounts, type TestBankAccount } from '../payments/bank-accounts.ts'
import { asksWhenSetUp, expiredCard, findCard, getCard, type TestCard } from '../payments/cards.ts'
import { failedAuthentication } from '../payments/payment-intents.ts'
import { collectedDetails, type EnteredDetails } from './checkout-details.ts'
import { paySession } from './pay-session.ts'
import { enterPromotionCode } from './session-discounts.ts'

/** The card used when none is named. */
const defaultCard = '4242424242424242'

/** What the person on the hosted page enters. */
export interface CheckoutEntry extends EnteredDetails {
  readonly card?: string
  /** When the card expires; default: in ten years. */
  readonly expiry?: Expiry
  /** Pays by debit of this test bank account instead: decided days later. */
  readonly bankAccount?: string
  /** A promotion code, where the session allows one. */
  readonly promotionCode?: string
  /** How 3-D Secure ends where it is asked for. Default: it is passed. */
  readonly authentication?: 'passed' | 'failed'
}

/** What a session is paid with; undefined: nothing is due and no method was asked for. */
export type Means = TestCard | TestBankAccount | undefined

/**
 * Pays a checkout session as a person on its page would: the method is checked and authenticated, then payment method,
 * subscription, invoice and all their events follow within the same second. What is declined or not authenticated
 * throws and leaves the session open.
 */
export function completeCheckout(account: Account, id: string, entry: CheckoutEntry = {}): CheckoutSession {
  const stored = get(account.store.checkoutSessions, id)
  if (stored.status !== 'open') {
    throw invalidRequest(`This Checkout Session is ${stored.status} and can no longer be paid.`, { param: 'id' })
  }
  const session = entry.promotionCode === undefined ? stored : enterPromotionCode(account, stored, entry.promotionCode)
  const means = meansOf(session, entry)
  if (means !== undefined && 'brand' in means) requireGood(account, session, means, entry)
  const customer = customerOf(account, session, entry)
  const method = means === undefined ? undefined : attach(account, means, customer, entry)
  const paid = paySession(account, session, customer, method)
  const completed = account.store.checkoutSessions.save({
    ...session,
    ...paid,
    ...collectedDetails(account, session, entry, customer),
    customer: customer?.id ?? null,
    status: 'complete',
    url: null,
  })
  account.emit('checkout.session.completed', completed)
  return completed
}

/** Whether a card that is entered for a session is sent through 3-D Secure: before a charge, or when it is set up. */
export function asksForAuthentication(session: CheckoutSession, number: string): boolean {
  const card = findCard(number)
  if (card === undefined || card.refusal !== undefined) return false
  return isChargedNow(session) ? card.authentication !== 'never' : asksWhenSetUp(card)
}

/** Whether the page asks for a payment method. */
export function asksForMethod(session: CheckoutSession): boolean {
  return isChargedNow(session) || session.payment_method_collection === 'always' || session.mode === 'setup'
}

function isChargedNow(session: CheckoutSession): boolean {
  return (session.amount_total ?? 0) > 0
}

function meansOf(session: CheckoutSession, entry: CheckoutEntry): Means {
  if (entry.bankAccount !== undefined) {
    if ((session.currency ?? 'usd') !== 'usd') {
      throw invalidRequest('Bank debits are in usd; this Checkout Session is not.', { param: 'bankAccount' })
    }
    const bank = findBankAccount(entry.bankAccount)
    if (bank !== undefined) return bank
    throw unsupported(`this bank account; it knows ${simulatedBankAccounts().join(', ')}`, 'bankAccount')
  }
  if (entry.card === undefined && !asksForMethod(session)) return undefined
  return getCard(entry.card ?? defaultCard)
}

function requireGood(account: Account, session: CheckoutSession, card: TestCard, entry: CheckoutEntry): void {
  if (card.refusal !== undefined) throw cardRefused(card.refusal)
  const { expiry } = entry
  if (expiry !== undefined && account.clock.now() >= Date.UTC(expiry.year, expiry.month)) throw cardRefused(expiredCard)
  if (entry.authentication === 'failed' && asksForAuthentication(session, card.number)) throw cardRefused(failedAuthentication)
  if (isChargedNow(session) && card.decline !== undefined) throw cardRefused(card.decline)
}

function attach(
  account: Account,
  means: TestCard | TestBankAccount,
  customer: Customer | undefined,
  entry: CheckoutEntry,
): PaymentMethod {
  return 'brand' in means ? attachCard(account, means, customer, entry.expiry) : attachBankAccount(account, means, customer)
}

/** A payment without a customer stays a guest's, unless the session says to make one. */
function customerOf(account: Account, session: CheckoutSession, entry: CheckoutEntry): Customer | undefined {
  if (session.customer !== null) return getCustomer(account.store, session.customer, 'customer')
  if (session.mode === 'payment' && session.customer_creation === 'if_required' && !session.internal.needsCustomer) return undefined
  const { address, name, phone } = entry
  const customer = newCustomer(account, {
    email: session.customer_email ?? entry.email ?? null,
    ...(name !== undefined && { name }),
    ...(address !== undefined && { address: { ...address } }),
    ...(phone !== undefined && { phone }),
  })
  account.store.customers.save(customer)
  account.emit('customer.created', customer)
  return customer
}
