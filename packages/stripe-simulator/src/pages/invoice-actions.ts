import type { Account } from '../account.ts'
import { cardRefused } from '../errors.ts'
import { findSubscriptionOf, get, getCustomer } from '../get.ts'
import { paymentIntentOf } from '../lifecycle/invoices/invoicing.ts'
import { lastError, outcomeOf, payInvoice } from '../lifecycle/invoices/pay-invoice.ts'
import { attachCard } from '../lifecycle/payments/attach-card.ts'
import { getCard } from '../lifecycle/payments/cards.ts'
import { authenticate } from '../lifecycle/people/authenticate.ts'
import { changeSubscription } from '../lifecycle/subscriptions/change-subscription.ts'
import { collect } from '../lifecycle/subscriptions/collect.ts'
import type { Invoice } from '../objects.ts'

/**
 * Does what a form of an invoice's page asks for: pays with a card, which then pays for the subscription, or ends the
 * 3-D Secure that the payment asks for. Answers why it failed; undefined: it is paid, or asks for authentication.
 */
export function runInvoiceAction(account: Account, invoice: Invoice, form: URLSearchParams): string | undefined {
  const action = form.get('action')
  const intent = paymentIntentOf(account, invoice)
  if (action === 'pay') payByCard(account, invoice, form.get('card') ?? '')
  else if (intent !== undefined) authenticate(account, intent, action === 'authenticate')
  const after = get(account.store.invoices, invoice.id)
  return outcomeOf(account, after) === 'declined' ? lastError(account, after).message : undefined
}

function payByCard(account: Account, invoice: Invoice, number: string): void {
  const card = getCard(number)
  if (card.refusal !== undefined) throw cardRefused(card.refusal)
  const method = attachCard(account, card, getCustomer(account.store, invoice.customer))
  const subscription = findSubscriptionOf(account.store, invoice)
  const attempt = { presence: 'on-session', method, attempts: 'manual' } as const
  if (subscription === undefined) {
    payInvoice(account, invoice, attempt)
    return
  }
  changeSubscription(account, subscription.id, { default_payment_method: method.id })
  collect(account, invoice, attempt)
}
