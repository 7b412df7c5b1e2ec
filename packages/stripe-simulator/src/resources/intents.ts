import type { Account } from '../account.ts'
import { invalidRequest, missingParameter } from '../errors.ts'
import { findSubscriptionOf, get, getCustomer } from '../get.ts'
import { confirmPaymentIntent } from '../lifecycle/payments/payment-intents.ts'
import { collect } from '../lifecycle/subscriptions/collect.ts'
import { cancelSetupIntent, confirmSetupIntent, openSetupIntent } from '../lifecycle/subscriptions/setup-intents.ts'
import type { PaymentIntent, SetupIntent } from '../payment-objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { resolvePaymentMethod } from './payment-methods.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'

interface NewSetup {
  readonly confirm?: boolean
  readonly customer?: string
  readonly description?: string
  readonly metadata?: MetadataChange
  readonly payment_method?: string
  readonly usage?: SetupIntent['usage']
}

export const intentRoutes: Routes = {
  'payment-intents.retrieve': retrieveRoute('paymentIntents'),
  'payment-intents.list': listRoute('paymentIntents', { fields: ['created', 'customer'] }),
  'payment-intents.confirm': route<{ readonly off_session?: boolean; readonly payment_method?: string }>({
    supports: ['off_session', 'payment_method'],
    echoes: ['return_url'],
    handle: ({ account, id, parameters }) => render(account.store, confirmPayment(account, id, parameters)),
  }),
  'setup-intents.create': route<NewSetup>({
    supports: ['confirm', 'customer', 'description', 'metadata', 'payment_method', 'usage'],
    echoes: ['return_url'],
    handle: ({ account, parameters }) => render(account.store, createSetup(account, parameters)),
  }),
  'setup-intents.retrieve': retrieveRoute('setupIntents'),
  'setup-intents.list': listRoute('setupIntents', { fields: ['created', 'customer', 'payment_method'] }),
  'setup-intents.confirm': route<{ readonly payment_method?: string }>({
    supports: ['payment_method'],
    echoes: ['return_url'],
    handle: ({ account, id, parameters }) => render(account.store, confirmSetup(account, id, parameters.payment_method)),
  }),
  'setup-intents.cancel': route<{ readonly cancellation_reason?: string }>({
    supports: ['cancellation_reason'],
    handle({ account, id, parameters }) {
      const { status } = get(account.store.setupIntents, id)
      if (status === 'succeeded' || status === 'canceled') throw unexpectedState('setup_intent', status)
      return render(account.store, cancelSetupIntent(account, id, parameters.cancellation_reason ?? null))
    },
  }),
}

function confirmPayment(
  account: Account,
  id: string,
  given: { readonly off_session?: boolean; readonly payment_method?: string },
): PaymentIntent {
  const intent = get(account.store.paymentIntents, id)
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) {
    throw unexpectedState('payment_intent', intent.status)
  }
  const wanted = given.payment_method ?? intent.payment_method
  if (wanted === null || intent.customer === null) throw missingParameter('payment_method')
  const method = resolvePaymentMethod(account, wanted, getCustomer(account.store, intent.customer), 'payment_method')
  const presence = given.off_session === true ? 'off-session' : 'on-session'
  const invoice = account.store.invoices.find(intent.internal.invoice ?? '')
  const subscription = findSubscriptionOf(account.store, invoice)
  if (invoice === undefined || subscription === undefined) return confirmPaymentIntent(account, id, method, { presence })
  collect(account, invoice, { presence, method, attempts: 'manual' })
  return get(account.store.paymentIntents, id)
}

function createSetup(account: Account, given: NewSetup): SetupIntent {
  const customer = given.customer === undefined ? null : getCustomer(account.store, given.customer, 'customer').id
  const intent = openSetupIntent(account, {
    customer,
    description: given.description ?? null,
    metadata: changeMetadata({}, given.metadata),
    ...(given.usage !== undefined && { usage: given.usage }),
  })
  if (given.confirm === true) return confirmSetup(account, intent.id, given.payment_method)
  if (given.payment_method === undefined || customer === null) return intent
  const method = resolvePaymentMethod(account, given.payment_method, getCustomer(account.store, customer), 'payment_method')
  return account.store.setupIntents.save({ ...intent, payment_method: method.id, status: 'requires_confirmation' })
}

function confirmSetup(account: Account, id: string, given: string | undefined): SetupIntent {
  const intent = get(account.store.setupIntents, id)
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState('setup_intent', intent.status)
  const wanted = given ?? intent.payment_method
  if (wanted === null || intent.customer === null) throw missingParameter('payment_method')
  const method = resolvePaymentMethod(account, wanted, getCustomer(account.store, intent.customer), 'payment_method')
  return confirmSetupIntent(account, id, method)
}

function unexpectedState(kind: 'payment_intent' | 'setup_intent', status: string): Error {
  return invalidRequest(`This ${kind === 'payment_intent' ? 'PaymentIntent' : 'SetupIntent'} has a status of ${status}, which does not allow this.`, {
    code: `${kind}_unexpected_state`,
  })
}
