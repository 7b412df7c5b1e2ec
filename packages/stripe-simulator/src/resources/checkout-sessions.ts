import type { Account } from '../account.ts'
import { invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { customerDetails } from '../lifecycle/checkout.ts'
import { expireSession } from '../lifecycle/fall-due.ts'
import { priceAmount } from '../lifecycle/money.ts'
import type { CheckoutSession, Price } from '../objects.ts'
import { changeMetadata } from '../requests/metadata.ts'
import { isWithin, listPage, pageOfHeld, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { renderLineItem } from '../responses/render-line-item.ts'
import { render, type Rendered } from '../responses/render.ts'
import { newCheckoutSession, type NewSession } from './checkout-session-object.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface SessionFilter extends PageParameters {
  readonly created?: InstantFilter
  readonly customer?: string
  readonly status?: string
  readonly subscription?: string
}

const halfAnHour = 1800
const oneDay = 86_400

export const checkoutSessionRoutes: Routes = {
  'checkout-sessions.create': route<NewSession>({
    answers: 'checkout.session',
    supports: [
      'cancel_url',
      'client_reference_id',
      'customer',
      'customer_email',
      'expires_at',
      'line_items.price',
      'line_items.quantity',
      'metadata',
      'mode',
      'payment_method_collection',
      'subscription_data.billing_mode.type',
      'subscription_data.description',
      'subscription_data.metadata',
      'subscription_data.trial_end',
      'subscription_data.trial_period_days',
      'subscription_data.trial_settings.end_behavior.missing_payment_method',
      'success_url',
      'ui_mode',
    ],
    echoes: ['allow_promotion_codes', 'billing_address_collection', 'integration_identifier', 'locale', 'submit_type'],
    handle: ({ account, parameters, origin }) => render(account.store, createSession(account, parameters, origin)),
  }),
  'checkout-sessions.retrieve': route({
    answers: 'checkout.session',
    handle: ({ account, id }) => render(account.store, get(account.store.checkoutSessions, id)),
  }),
  'checkout-sessions.list': route<SessionFilter>({
    answers: 'checkout.session',
    supports: [...pageParameters, 'created', 'customer', 'status', 'subscription'],
    handle({ account, parameters }) {
      const { checkoutSessions } = account.store
      const { created, customer, status, subscription } = parameters
      const matches = (customer === undefined ? checkoutSessions.newestFirst() : checkoutSessions.ofCustomer(customer))
        .filter((session) => isWithin(session.created, created))
        .filter((session) => status === undefined || session.status === status)
        .filter((session) => subscription === undefined || session.subscription === subscription)
      return { ...listPage(account.store, checkoutSessions, matches, parameters, '/v1/checkout/sessions') }
    },
  }),
  'checkout-sessions.expire': route({
    answers: 'checkout.session',
    handle({ account, id }) {
      const session = get(account.store.checkoutSessions, id)
      if (session.status !== 'open') {
        const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`
        throw invalidRequest(message)
      }
      expireSession(account, id)
      return render(account.store, get(account.store.checkoutSessions, id))
    },
  }),
  'checkout-sessions.listLineItems': route<PageParameters>({
    supports: pageParameters,
    handle({ account, id, parameters }): Rendered {
      const { lineItems } = get(account.store.checkoutSessions, id).internal
      const { data, has_more } = pageOfHeld(lineItems, 'item', parameters)
      const items = data.map((item) => renderLineItem(account.store, item))
      return { object: 'list', data: items, has_more, url: `/v1/checkout/sessions/${id}/line_items` }
    },
  }),
}

function createSession(account: Account, given: NewSession, origin: string): CheckoutSession {
  refuseUnmodelled(given)
  if (given.mode === undefined) throw missingParameter('mode')
  if (given.success_url === undefined) throw missingParameter('success_url')
  if (given.customer !== undefined && given.customer_email !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.', {
      code: 'parameters_exclusive',
      param: 'customer',
    })
  }
  const now = account.clock.seconds()
  const expiresAt = given.expires_at ?? now + oneDay
  if (expiresAt < now + halfAnHour || expiresAt > now + oneDay) {
    throw invalidRequest('The `expires_at` timestamp must be between 30 minutes and 24 hours from now.', { param: 'expires_at' })
  }
  const trial = readTrial(given, now)
  const lines = readLines(account, given)
  const total = lines.reduce((sum, line) => sum + priceAmount(line.price, line.quantity), 0)
  const customer = given.customer === undefined ? undefined : getCustomer(account.store, given.customer, 'customer')
  const metadata = changeMetadata({}, given.metadata)
  const subscriptionMetadata = changeMetadata({}, given.subscription_data?.metadata)
  const id = account.identifiers.next('cs_test')
  return account.store.checkoutSessions.save(
    newCheckoutSession(given, {
      id,
      created: now,
      expiresAt,
      amount: trial === null ? total : 0,
      currency: lines[0]?.price.currency ?? 'usd',
      customerDetails: customer === undefined ? null : customerDetails(customer),
      metadata,
      mode: given.mode === 'payment' ? 'payment' : 'subscription',
      successUrl: given.success_url,
      url: `${origin}/c/pay/${id}`,
      internal: {
        lineItems: lines.map((line) => ({
          id: account.identifiers.next('li'),
          price: line.price.id,
          quantity: line.quantity,
        })),
        subscriptionMetadata,
        subscriptionDescription: given.subscription_data?.description ?? null,
        trial,
        missingPaymentMethod:
          given.subscription_data?.trial_settings?.end_behavior.missing_payment_method === 'cancel' ? 'cancel' : 'create_invoice',
      },
    }),
  )
}

function refuseUnmodelled(given: NewSession): void {
  if (given.mode === 'setup') throw unsupported('sessions in setup mode', 'mode')
  if (given.ui_mode !== undefined && given.ui_mode !== 'hosted_page') throw unsupported(`ui_mode ${given.ui_mode}`, 'ui_mode')
  if (given.payment_method_collection === 'if_required') {
    throw unsupported('checkout without a payment method', 'payment_method_collection')
  }
  if (given.billing_address_collection === 'required') {
    throw unsupported('the collection of addresses', 'billing_address_collection')
  }
  const data = given.subscription_data
  if (data?.billing_mode?.type === 'classic') throw unsupported('the classic billing mode', 'subscription_data[billing_mode][type]')
  if (data?.trial_settings?.end_behavior.missing_payment_method === 'pause') {
    throw unsupported('pausing', 'subscription_data[trial_settings][end_behavior][missing_payment_method]')
  }
}

function readTrial(given: NewSession, now: number): CheckoutSession['internal']['trial'] {
  const data = given.subscription_data
  if (data !== undefined && given.mode !== 'subscription') {
    throw invalidRequest('You can not pass `subscription_data` in `payment` mode.', { param: 'subscription_data' })
  }
  if (data?.trial_period_days !== undefined && data.trial_end !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: trial_end, trial_period_days.', {
      code: 'parameters_exclusive',
      param: 'subscription_data[trial_end]',
    })
  }
  if (data?.trial_period_days !== undefined) {
    if (data.trial_period_days < 1 || data.trial_period_days > 730) {
      const message = 'The trial period must be between 1 and 730 days.'
      throw invalidRequest(message, { code: 'parameter_invalid_integer', param: 'subscription_data[trial_period_days]' })
    }
    return { days: data.trial_period_days }
  }
  if (data?.trial_end === undefined) return null
  if (data.trial_end < now + 2 * oneDay) {
    throw invalidRequest('The `trial_end` date has to be at least 2 days in the future.', { param: 'subscription_data[trial_end]' })
  }
  return { end: data.trial_end }
}

function readLines(account: Account, given: NewSession): { price: Price; quantity: number }[] {
  const lines = (given.line_items ?? []).map((line, index) => {
    if (line.price === undefined) throw missingParameter(`line_items[${index}][price]`)
    const price = get(account.store.prices, line.price, `line_items[${index}][price]`)
    if (!price.active) {
      throw invalidRequest('The price specified is inactive. This field only accepts active prices.', {
        param: `line_items[${index}][price]`,
      })
    }
    const quantity = line.quantity ?? 1
    if (quantity < 1) {
      throw invalidRequest('Invalid quantity', { code: 'parameter_invalid_integer', param: `line_items[${index}][quantity]` })
    }
    return { price, quantity }
  })
  if (lines.length === 0) throw missingParameter('line_items')
  const recurring = lines.filter((line) => line.price.recurring !== null)
  if (given.mode === 'payment' && recurring.length > 0) {
    throw invalidRequest('You specified `payment` mode but passed a recurring price.', { param: 'line_items' })
  }
  if (given.mode === 'subscription' && recurring.length === 0) {
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode.', { param: 'line_items' })
  }
  if (given.mode === 'subscription' && recurring.length < lines.length) {
    throw unsupported('one-time prices beside a subscription', 'line_items')
  }
  const [first] = lines
  const rhythms = new Set(recurring.map((line) => `${line.price.recurring?.interval} ${line.price.recurring?.interval_count}`))
  if (rhythms.size > 1) throw unsupported('prices of different intervals in one subscription', 'line_items')
  if (lines.some((line) => line.price.currency !== first?.price.currency)) {
    throw invalidRequest('All prices must have the same currency.', { param: 'line_items' })
  }
  return lines
}
