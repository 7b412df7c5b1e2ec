import type { Account } from '../account.ts'
import { cardRefused, invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { attachCard } from '../lifecycle/attach-card.ts'
import { cardNumberOfToken, findCard, type TestCard } from '../lifecycle/cards.ts'
import type { Customer, PaymentMethod } from '../objects.ts'
import { listPage, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface MethodFilter extends PageParameters {
  readonly customer?: string
  readonly type?: string
}

export const paymentMethodRoutes: Routes = {
  'payment-methods.retrieve': route({
    answers: 'payment_method',
    handle: ({ account, id }) => render(account.store, get(account.store.paymentMethods, id)),
  }),
  'payment-methods.list': route<MethodFilter>({
    answers: 'payment_method',
    supports: [...pageParameters, 'customer', 'type'],
    handle({ account, parameters }) {
      const { customer, type } = parameters
      const methods =
        customer === undefined ? account.store.paymentMethods.newestFirst() : account.store.paymentMethods.ofCustomer(customer)
      const matches = type === undefined || type === 'card' ? methods : []
      return { ...listPage(account.store, account.store.paymentMethods, matches, parameters, '/v1/payment_methods') }
    },
  }),
  'payment-methods.attach': route<{ readonly customer?: string }>({
    answers: 'payment_method',
    supports: ['customer'],
    handle({ account, id, parameters }) {
      if (parameters.customer === undefined) throw missingParameter('customer')
      const customer = getCustomer(account.store, parameters.customer, 'customer')
      return render(account.store, resolvePaymentMethod(account, id, customer, 'id'))
    },
  }),
  'payment-methods.detach': route({
    answers: 'payment_method',
    handle({ account, id }) {
      const before = get(account.store.paymentMethods, id)
      if (before.customer === null) {
        throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.')
      }
      const customer = getCustomer(account.store, before.customer)
      if (customer.invoice_settings.default_payment_method === id) {
        const settings = { ...customer.invoice_settings, default_payment_method: null }
        account.emit('customer.updated', account.store.customers.save({ ...customer, invoice_settings: settings }), customer)
      }
      const detached = account.store.paymentMethods.save({ ...before, customer: null })
      account.emit('payment_method.detached', detached, before)
      return render(account.store, detached)
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
