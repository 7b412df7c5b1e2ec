import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { endSubscription } from '../lifecycle/change-subscription.ts'
import type { Customer } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { requireRoom } from '../lifecycle/test-clock.ts'
import { completeAddress, newCustomer } from '../lifecycle/customer-object.ts'
import { presentableCard, resolvePaymentMethod } from './payment-methods.ts'
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

interface CustomerFilter extends PageParameters {
  readonly created?: InstantFilter
  readonly email?: string
  readonly test_clock?: string
}

const fields = ['balance', 'description', 'email', 'invoice_settings.default_payment_method', 'metadata', 'name']
const echoed = ['address', 'phone', 'preferred_locales']

export const customerRoutes: Routes = {
  'customers.create': route<CustomerFields & { readonly payment_method?: string; readonly test_clock?: string }>({
    answers: 'customer',
    supports: [...fields, 'payment_method', 'test_clock'],
    echoes: echoed,
    handle({ account, parameters }) {
      const { metadata, payment_method, invoice_settings, ...given } = parameters
      const wanted = payment_method ?? invoice_settings?.default_payment_method
      if (wanted !== undefined) requireUnattached(account, wanted)
      if (given.test_clock !== undefined) requireRoom(account, given.test_clock)
      const created = newCustomer(account, { ...given, metadata: changeMetadata({}, metadata) })
      const customer = account.store.customers.save({ ...created, balance: given.balance ?? 0 })
      account.emit('customer.created', customer)
      if (wanted === undefined) return render(account.store, customer)
      const method = resolvePaymentMethod(account, wanted, customer, 'payment_method')
      if (invoice_settings?.default_payment_method === undefined) return render(account.store, customer)
      return render(account.store, setDefaultMethod(account, customer, method.id))
    },
  }),
  'customers.retrieve': route({
    answers: 'customer',
    handle: ({ account, id }) => render(account.store, get(account.store.customers, id)),
  }),
  'customers.update': route<CustomerFields>({
    answers: 'customer',
    supports: fields,
    echoes: echoed,
    handle({ account, id, parameters }) {
      const before = getCustomer(account.store, id)
      const { invoice_settings, ...given } = parameters
      const wanted = invoice_settings?.default_payment_method
      const metadata = changeMetadata(before.metadata, given.metadata)
      const method = wanted === undefined ? undefined : resolvePaymentMethod(account, wanted, before, 'invoice_settings[default_payment_method]')
      const after = account.store.customers.save({
        ...before,
        ...given,
        ...(given.address !== undefined && { address: completeAddress(given.address) }),
        metadata,
        ...(method !== undefined && {
          invoice_settings: { ...before.invoice_settings, default_payment_method: method.id },
        }),
      })
      account.emit('customer.updated', after, before)
      return render(account.store, after)
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
  'customers.list': route<CustomerFilter>({
    answers: 'customer',
    supports: [...pageParameters, 'created', 'email', 'test_clock'],
    handle({ account, parameters }) {
      const { created, email, test_clock } = parameters
      const matches = account.store.customers
        .newestFirst()
        .filter((customer) => customer.deleted !== true)
        .filter((customer) => customer.test_clock === (test_clock ?? null))
        .filter((customer) => isWithin(customer.created, created))
        .filter((customer) => email === undefined || customer.email === email)
      return { ...listPage(account.store, account.store.customers, matches, parameters, '/v1/customers') }
    },
  }),
  'customers.listPaymentMethods': route<PageParameters & { readonly type?: string }>({
    answers: 'payment_method',
    supports: [...pageParameters, 'type'],
    handle({ account, id, parameters }) {
      getCustomer(account.store, id)
      const methods = account.store.paymentMethods.ofCustomer(id)
      const matches = parameters.type === undefined || parameters.type === 'card' ? methods : []
      const url = `/v1/customers/${id}/payment_methods`
      return { ...listPage(account.store, account.store.paymentMethods, matches, parameters, url) }
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

function setDefaultMethod(account: Account, before: Customer, method: string): Customer {
  const after = account.store.customers.save({
    ...before,
    invoice_settings: { ...before.invoice_settings, default_payment_method: method },
  })
  account.emit('customer.updated', after, before)
  return after
}
