import type { Account } from '../account.ts'
import { cardDeclined, invalidRequest } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { changeSubscription } from '../lifecycle/change-subscription.ts'
import { collect } from '../lifecycle/fall-due.ts'
import type { Invoice } from '../objects.ts'
import { render } from '../responses/render.ts'
import { resolvePaymentMethod } from './payment-methods.ts'
import { route, type Routes } from './route.ts'

export const invoiceActionRoutes: Routes = {
  'invoices.pay': route<{ readonly payment_method?: string }>({
    answers: 'invoice',
    supports: ['payment_method'],
    echoes: ['off_session'],
    handle: ({ account, id, parameters }) => render(account.store, pay(account, id, parameters.payment_method)),
  }),
}

/** Collects an open invoice now. A declined card is answered with 402, and the attempt counts. */
function pay(account: Account, id: string, methodId: string | undefined): Invoice {
  const invoice = get(account.store.invoices, id)
  if (invoice.status !== 'open') {
    const message = invoice.status === 'paid' ? 'Invoice is already paid' : `Invoice is ${invoice.status} and cannot be paid`
    throw invalidRequest(message)
  }
  const subscription = get(account.store.subscriptions, invoice.internal.subscription)
  if (methodId !== undefined) {
    const customer = getCustomer(account.store, invoice.customer)
    const method = resolvePaymentMethod(account, methodId, customer, 'payment_method')
    changeSubscription(account, subscription.id, { default_payment_method: method.id })
  }
  collect(account, get(account.store.subscriptions, subscription.id), invoice)
  const after = get(account.store.invoices, id)
  if (after.status !== 'paid') throw cardDeclined('Your card was declined.', 'generic_decline', { keepsWrites: true })
  return after
}
