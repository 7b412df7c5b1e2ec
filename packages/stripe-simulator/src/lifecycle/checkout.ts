import type { Account } from '../account.ts'
import { cardDeclined, invalidRequest, unsupported } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import type { CheckoutSession, Customer } from '../objects.ts'
import { newCustomer } from './customer-object.ts'
import { findCard, simulatedCardNumbers, type TestCard } from './cards.ts'
import { attachCard } from './attach-card.ts'
import { subscribe } from './subscribe.ts'

/** The card used when none is named. */
export const defaultCard = '4242424242424242'

/** What the person on the hosted page enters. */
export interface CheckoutEntry {
  readonly card?: string
  readonly email?: string
}

/**
 * Pays a checkout session as a person on its page would: the card is checked, then payment method, subscription,
 * invoice and all their events follow within the same second. A declined card throws and leaves the session open.
 */
export function completeCheckout(account: Account, id: string, entry: CheckoutEntry = {}): CheckoutSession {
  const session = get(account.store.checkoutSessions, id)
  if (session.status !== 'open') {
    throw invalidRequest(`This Checkout Session is ${session.status} and can no longer be paid.`, { param: 'id' })
  }
  const number = entry.card ?? defaultCard
  const card = findCard(number)
  if (card === undefined) {
    throw unsupported(`this card number; it knows ${simulatedCardNumbers().join(', ')}`, 'card')
  }
  const trialEnd = trialEndOf(account, session)
  const isChargedNow = session.amount_total > 0
  refuseDeclined(card, isChargedNow)

  const customer = customerOf(account, session, entry)
  const method = attachCard(account, card, customer)
  const subscription =
    session.mode === 'subscription'
      ? subscribe(account, {
          customer: customer.id,
          items: session.internal.lineItems,
          paymentMethod: method.id,
          metadata: session.internal.subscriptionMetadata,
          description: session.internal.subscriptionDescription,
          trialEnd,
          missingPaymentMethod: session.internal.missingPaymentMethod,
        })
      : undefined
  const completed = account.store.checkoutSessions.save({
    ...session,
    customer: customer.id,
    customer_details: customerDetails(customer),
    invoice: subscription?.latest_invoice ?? null,
    payment_intent: subscription === undefined ? account.identifiers.next('pi') : null,
    payment_status: isChargedNow ? 'paid' : 'no_payment_required',
    status: 'complete',
    subscription: subscription?.id ?? null,
    url: null,
  })
  account.emit('checkout.session.completed', completed)
  return completed
}

/** When the trial of a session would end if it were paid now (seconds), or null. */
export function trialEndOf(account: Account, session: CheckoutSession): number | null {
  const { trial } = session.internal
  if (trial === null) return null
  return 'days' in trial ? account.clock.seconds() + trial.days * 86_400 : trial.end
}

/** What a session knows of its customer. */
export function customerDetails(customer: Customer): Readonly<Record<string, unknown>> {
  return {
    address: null,
    business_name: null,
    email: customer.email,
    individual_name: null,
    name: customer.name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
}

function refuseDeclined(card: TestCard, isChargedNow: boolean): void {
  const declines = card.behaviour === undefined || (isChargedNow && card.behaviour === 'declines-when-charged')
  if (declines) throw cardDeclined(card.message, card.declineCode)
}

function customerOf(account: Account, session: CheckoutSession, entry: CheckoutEntry): Customer {
  if (session.customer !== null) return getCustomer(account.store, session.customer, 'customer')
  const customer = newCustomer(account, { email: session.customer_email ?? entry.email ?? null })
  account.store.customers.save(customer)
  account.emit('customer.created', customer)
  return customer
}
