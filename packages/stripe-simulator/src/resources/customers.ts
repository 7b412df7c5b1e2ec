import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { completeAddress, newCustomer } from '../lifecycle/customer-object.ts'
import { requireRoom } from '../lifecycle/due/test-clock.ts'
import { setDefaultMethod } from '../lifecycle/payments/set-default-method.ts'
import { endSubscription } from '../lifecycle/subscriptions/change-subscription.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { listPage, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { presentableCard, resolvePaymentMethod } from './payment-methods.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface CustomerFields {
  /** What the customer owes (positive) or is credited (negative), applied to the next invoice. */
  readonly balance?: number
  readonly address?: Readonly<Record<string, unknown>> | null
  readonly description?: string
  readonly email?: string
  readonly invoice_settings?: { readonly default_payment_method?: string }
  readonly metadata?: MetadataChange | null
  readonly name?: string
  readonly phone?: string
  readonly preferred_locales?: readonly string[]
}

interface CustomerFilter {
  readonly test_clock?: string | null
}

const fields = ['balance', 'description', 'email', 'invoice_settings.default_payment_method', 'metadata', 'name']
const echoed = ['address', 'phone', 'preferred_locales']

export const customerRoutes: Routes = {
  'customers.create': route<CustomerFields & { readonly payment_method?: string; readonly test_clock?: string }>({
    supports: [...fields, 'payment_method', 'test_clock'],
    echoes: echoed,
    handle({ account, parameters }) {
      const { metadata, payment_method, invoice_settings, ...given } = parameters
      const wanted = payment_method ?? invoice_settings?.default_payment_method
      if (wanted !== undefined) requireUnattached(account, wanted)
      if (given.test_clock !== undefined) requireRoom(account, given.test_clock)
      const customer = account.store.customers.save(newCustomer(account, { ...given, metadata: changeMetadata({}, metadata) }))
      account.emit('customer.created', customer)
      if (wanted === undefined) return render(account.store, customer)
      const method = resolvePaymentMethod(account, wanted, customer, 'payment_method')
      if (invoice_settings?.default_payment_method === undefined) return render(account.store, customer)
      return render(account.store, setDefaultMethod(account, customer, method.id))
    },
  }),
  'customers.retrieve': retrieveRoute('customers'),
  'customers.update': route<CustomerFields>({
    supports: fields,
    echoes: echoed,
    handle({ account, id, parameters }) {
      const before = getCustomer(account.store, id)
      const { invoice_settings, ...given } = parameters
      const wanted = invoice_settings?.default_payment_method
      const metadata = changeMetadata(before.metadata, given.metadata)
      const method = wanted === undefined ? undefined : resolvePaymentMethod(account, wanted, before, 'invoice_settings[default_payment_method]')
      const changes = {
        ...given,
        ...(given.address !== undefined && { address: completeAddress(given.address) }),
        metadata,
        ...(method !== undefined && {
          invoice_settings: { ...before.invoice_settings, default_payment_method: method.id },
        }),
      }
      return render(account.store, changeObject(account, 'customers', before, changes, 'customer.updated'))
    },
  }),
  'customers.del': route({
    handle({ account, id }) {
      const customer = getCustomer(account.store, id)
      for (const subscription of account.store.subscriptions.ofCustomer(id)) {
        const hasEnded = subscription.status === 'canceled' || subscription.status === 'incomplete_expired'
        if (!hasEnded) endSubscription(account, subscription.id)
      }
      account.emit('customer.deleted', customer)
      return render(account.store, account.store.customers.save({ ...customer, deleted: true }))
    },
  }),
  'customers.list': listRoute('customers', {
    fields: ['created', 'email'],
    supports: ['test_clock'],
    shows: (customer, { test_clock = null }: CustomerFilter) => customer.deleted !== true && customer.test_clock === test_clock,
  }),
  'customers.listPaymentMethods': route<PageParameters & { readonly type?: string }>({
    supports: [...pageParameters, 'type'],
    handle({ account, id, parameters, path }) {
      getCustomer(account.store, id)
      const methods = account.store.paymentMethods.ofCustomer(id)
      const matches = parameters.type === undefined || parameters.type === 'card' ? methods : []
      return { ...listPage(account.store, account.store.paymentMethods, matches, parameters, path) }
    },
  }),
}

/** A customer that is still to be made can only be given a new card. */
function requireUnattached(account: Account, paymentMethod: string): void {
  if (presentableCard(paymentMethod, 'payment_method') !== undefined) return
  get(account.store.paymentMethods, paymentMethod, 'payment_method')
  const message = 'The payment method you provided has already been attached to another customer.'
  throw invalidRequest(message, { param: 'payment_method' })
}
