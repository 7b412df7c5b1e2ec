import type { Account } from '../../account.ts'
import { unsupported } from '../../errors.ts'
import { getCustomer } from '../../get.ts'
import type { PaymentMethod } from '../../objects.ts'
import { attachCard } from '../payments/attach-card.ts'
import { getCard } from '../payments/cards.ts'
import { setDefaultMethod } from '../payments/set-default-method.ts'
import { hasEnded } from '../subscription-status.ts'
import { changeSubscription } from '../subscriptions/change-subscription.ts'

/**
 * Gives a customer a new card that pays everything from now on, as if the old one had been replaced or had gone bad:
 * with `4000000000000341` the next renewal is declined, with `4242424242424242` the next attempt succeeds. The card
 * counts as set up for payments without the person; one that always asks for authentication asks at the next renewal.
 */
export function setCard(account: Account, customerId: string, number: string): PaymentMethod {
  const customer = getCustomer(account.store, customerId)
  const card = getCard(number)
  if (card.refusal !== undefined) throw unsupported('attaching a card that is refused', 'card')
  const attached = attachCard(account, card, customer)
  const method = account.store.paymentMethods.save({ ...attached, internal: { ...attached.internal, isSetUp: true } })
  setDefaultMethod(account, customer, method.id)
  for (const subscription of account.store.subscriptions.ofCustomer(customerId)) {
    if (!hasEnded(subscription.status)) {
      changeSubscription(account, subscription.id, { default_payment_method: method.id })
    }
  }
  return method
}
