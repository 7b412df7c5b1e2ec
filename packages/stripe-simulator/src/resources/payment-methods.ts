import type { Account } from '../account.ts'
import { cardRefused, invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { attachCard } from '../lifecycle/payments/attach-card.ts'
import { cardNumberOfToken, findCard, type TestCard } from '../lifecycle/payments/cards.ts'
import { setDefaultMethod } from '../lifecycle/payments/set-default-method.ts'
import type { Customer, PaymentMethod } from '../objects.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'

interface MethodFilter {
  readonly type?: string
}

export const paymentMethodRoutes: Routes = {
  'payment-methods.retrieve': retrieveRoute('paymentMethods'),
  'payment-methods.list': listRoute('paymentMethods', {
    fields: ['customer'],
    supports: ['type'],
    shows: (_method, { type }: MethodFilter) => type === undefined || type === 'card',
  }),
  'payment-methods.attach': route<{ readonly customer?: string }>({
    supports: ['customer'],
    handle({ account, id, parameters }) {
      if (parameters.customer === undefined) throw missingParameter('customer')
      const customer = getCustomer(account.store, parameters.customer, 'customer')
      return render(account.store, resolvePaymentMethod(account, id, customer, 'id'))
    },
  }),
  'payment-methods.detach': route({
    handle({ account, id }) {
      const before = get(account.store.paymentMethods, id)
      if (before.customer === null) {
        throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.')
      }
      const customer = getCustomer(account.store, before.customer)
      if (customer.invoice_settings.default_payment_method === id) {
        setDefaultMethod(account, customer, null)
      }
      return render(account.store, changeObject(account, 'paymentMethods', before, { customer: null }, 'payment_method.detached'))
    },
  }),
}

/**
 * The customer's payment method that an id names. An id of a test card, such as `pm_card_visa`, attaches a new card;
 * a card that is refused when presented throws 402; another customer's method is refused.
 */
export function resolvePaymentMethod(account: Account, id: string, customer: Customer, param: string): PaymentMethod {
  const card = presentableCard(id, param)
  if (card !== undefined) return attachCard(account, card, customer)
  const method = get(account.store.paymentMethods, id, param)
  if (method.customer !== customer.id) {
    const message =
      method.customer === null
        ? 'A detached payment method cannot be attached again.'
        : 'The payment method you provided has already been attached to another customer.'
    throw invalidRequest(message, { param })
  }
  return method
}

/** The test card behind an id such as `pm_card_visa`; undefined for the id of a stored method. */
export function presentableCard(id: string, param: string): TestCard | undefined {
  const number = cardNumberOfToken(id)
  if (number === undefined) {
    if (id.startsWith('pm_card_')) throw unsupported(`the test card ${id}`, param)
    return undefined
  }
  const card = findCard(number)
  if (card?.refusal !== undefined) throw cardRefused(card.refusal)
  return card
}
