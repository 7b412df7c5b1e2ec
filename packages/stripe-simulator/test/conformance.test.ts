import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { createStripeSimulator } from '../src/index.ts'
import { endpoints, routes } from '../src/api/route-table.ts'
import { emittedEventTypes } from '../src/event-types.ts'
import { publishedEventTypes } from '../src/published-data.ts'
import { departuresOfObject } from './conformance.ts'
import { exerciseBilling } from './exercise-billing.ts'
import { exerciseInvoicing } from './exercise-invoicing.ts'
import { exercisePayments } from './exercise-payments.ts'
import { createPlan, idOf, monthEnd, onlySubscription, openCheckout } from './running-simulator.ts'

/** Operations that the simulator answers and that none of the requests used. */
function unansweredOperations(requests: readonly string[]): string[] {
  const used = requests.map((request) => {
    const [method, path = ''] = request.split(' ')
    return endpoints().find((endpoint) => endpoint.method === method && patternOf(endpoint.path).test(path))?.operation
  })
  return Object.keys(routes).filter((operation) => !used.includes(operation))
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)
}

/** `BillingPortal.Configuration` is `billing_portal.configuration` in the `object` field. */
function fieldNameOf(typeName: string): string {
  if (typeName === 'InvoiceItem') return 'invoiceitem'
  return typeName.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()
}

test('everything that is answered and every event has the published shape', async () => {
  const simulator = createStripeSimulator({ clock: { now: monthEnd, mode: 'frozen' } })
  const answers: { path: string; body: unknown }[] = []
  const recording = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const response = await simulator.fetch(request)
    answers.push({ path: `${request.method} ${new URL(request.url).pathname}`, body: await response.clone().json() })
    return response
  }
  const stripe = new Stripe('sk_test_x', { httpClient: Stripe.createFetchHttpClient(recording), telemetry: false, maxNetworkRetries: 0 })

  // Events can be listed for 30 days, so they are collected on the way.
  const events = new Map<string, Stripe.Event>()
  const collect = async (): Promise<void> => {
    for await (const event of stripe.events.list({ limit: 100 })) events.set(event.id, event)
  }

  const { product, month, year } = await createPlan(stripe)
  await stripe.products.update(product.id, { description: 'All of it', default_price: month.id })
  await stripe.prices.create({ currency: 'usd', unit_amount_decimal: Stripe.Decimal.from('0.5'), product: product.id, lookup_key: 'pro_month', transfer_lookup_key: true })
  const configuration = await stripe.billingPortal.configurations.create({
    features: {
      subscription_cancel: { enabled: true },
      subscription_update: { enabled: true, default_allowed_updates: ['price'], products: [{ product: product.id, prices: [month.id, year.id] }] },
    },
  })
  await stripe.billingPortal.configurations.update(configuration.id, { metadata: { a: 'b' }, expand: ['features.subscription_update.products'] })

  const trial = await openCheckout(stripe, month.id, { subscription_data: { trial_period_days: 5 }, allow_promotion_codes: true })
  simulator.completeCheckout(trial.session.id)
  const credits = await stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Credits' } })
  simulator.completeCheckout((await openCheckout(stripe, credits.id, { mode: 'payment' })).session.id)
  const { customer, session } = await openCheckout(stripe, month.id)
  simulator.completeCheckout(session.id)
  await stripe.checkout.sessions.expire((await openCheckout(stripe, year.id)).session.id)
  await stripe.billingPortal.sessions.create({ customer: customer.id, configuration: configuration.id })

  const subscription = await onlySubscription(stripe, customer.id)
  const item = String(subscription.items.data[0]?.id)
  simulator.clock.advance({ days: 9 })
  await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: { items: [{ id: item, quantity: 3 }] } })
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 3 }], metadata: { a: 'b' } })
  await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price: year.id, quantity: 1 }] })
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true, cancellation_details: { comment: 'Too much' } })
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false })
  simulator.setCard(trial.customer.id, '4000000000000341')
  await stripe.invoices.pay(idOf((await onlySubscription(stripe, trial.customer.id)).latest_invoice)).catch(() => undefined)
  const incomplete = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }], default_payment_method: 'pm_card_chargeCustomerFail' })
  await exerciseBilling(stripe, simulator)
  await exerciseInvoicing(stripe, simulator)
  await collect()
  await exercisePayments(stripe, simulator)
  await collect()
  simulator.clock.advance({ months: 1 })
  await stripe.subscriptions.cancel(subscription.id)
  const [card] = (await stripe.paymentMethods.list({ customer: customer.id })).data
  await stripe.paymentMethods.detach(String(card?.id))
  const endpoint = await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/', enabled_events: ['customer.deleted'] })
  await stripe.webhookEndpoints.retrieve(endpoint.id)
  await stripe.webhookEndpoints.update(endpoint.id, { disabled: true })

  await stripe.subscriptions.list({ status: 'all', expand: ['data.latest_invoice.payments', 'data.customer.subscriptions', 'data.items.data.price.product'] })
  await stripe.checkout.sessions.list({ expand: ['data.subscription', 'data.customer', 'data.invoice'] })
  await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription.latest_invoice'] })
  await stripe.invoices.list({ expand: ['data.payments'] })
  await stripe.invoices.listLineItems(idOf(incomplete.latest_invoice))
  await stripe.invoicePayments.list()
  await stripe.subscriptionItems.list({ subscription: incomplete.id })
  await stripe.subscriptionItems.retrieve(String(incomplete.items.data[0]?.id))
  await stripe.billingPortal.configurations.list()
  await stripe.prices.list()
  await stripe.webhookEndpoints.list()
  await stripe.webhookEndpoints.del(endpoint.id)
  await stripe.products.retrieve(product.id)
  await stripe.products.list()
  await stripe.prices.retrieve(month.id)
  await stripe.prices.update(month.id, { nickname: 'Monthly' })
  await stripe.subscriptions.retrieve(subscription.id)
  await stripe.checkout.sessions.listLineItems(session.id)
  await stripe.invoices.retrieve(idOf(subscription.latest_invoice))
  const [payment] = (await stripe.invoicePayments.list({ status: 'paid' })).data
  await stripe.invoicePayments.retrieve(String(payment?.id))
  const attached = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  await stripe.paymentMethods.retrieve(attached.id)
  await stripe.customers.listPaymentMethods(customer.id)
  await stripe.customers.update(customer.id, { name: 'Ada', address: { country: 'GB' } })
  await stripe.customers.list()
  await stripe.billingPortal.configurations.retrieve(configuration.id)
  await stripe.customers.del(customer.id)
  await stripe.customers.retrieve(customer.id)

  await stripe.accounts.retrieveCurrent()
  await stripe.accounts.retrieve(simulator.connectAccount())
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: monthEnd / 1000, name: 'Leap' })
  await stripe.customers.create({ test_clock: clock.id })
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: monthEnd / 1000 + 60 })
  await stripe.testHelpers.testClocks.retrieve(clock.id)
  await stripe.testHelpers.testClocks.list()
  await stripe.testHelpers.testClocks.del(clock.id)
  const destination = await stripe.v2.core.eventDestinations.create({
    name: 'All', type: 'webhook_endpoint', event_payload: 'thin', enabled_events: ['*'], webhook_endpoint: { url: 'http://127.0.0.1:9/' },
    include: ['webhook_endpoint.signing_secret', 'webhook_endpoint.url'],
  })
  await stripe.v2.core.eventDestinations.retrieve(destination.id)
  await stripe.v2.core.eventDestinations.update(destination.id, { name: 'Each' })
  const ping = await stripe.v2.core.eventDestinations.ping(destination.id)
  await stripe.v2.core.eventDestinations.disable(destination.id)
  await stripe.v2.core.eventDestinations.enable(destination.id)
  await stripe.v2.core.eventDestinations.list()
  await stripe.v2.core.eventDestinations.del(destination.id)
  await stripe.v2.core.events.retrieve(ping.id)
  await stripe.v2.core.events.list({ limit: 100 })

  const objects = answers.filter(({ body }) => !('error' in Object(body)))
  const wrong = objects.flatMap(({ path, body }) => departuresOfObject(body, path))
  expect(wrong).toEqual([])

  await collect()
  const [latest] = (await stripe.events.list()).data
  await stripe.events.retrieve(String(latest?.id))
  expect(unansweredOperations(answers.map(({ path }) => path))).toEqual([])
  const types = publishedEventTypes()
  for (const event of events.values()) {
    const { object } = event.data
    expect(`${event.type}: ${fieldNameOf(String(types[event.type]))}`).toBe(`${event.type}: ${Object(object).object}`)
    expect(departuresOfObject(object, event.type)).toEqual([])
    expect(departuresOfObject(event)).toEqual([])
  }
  expect(new Set([...events.values()].map(({ type }) => type))).toEqual(new Set(emittedEventTypes))
})

test('the checker itself finds what is wrong', async () => {
  const simulator = createStripeSimulator()
  const request = new Request('http://stripe.test/v1/customers', { method: 'POST', headers: { authorization: 'Bearer sk_test_x' } })
  const customer = Object(await (await simulator.fetch(request)).json())
  expect(departuresOfObject(customer)).toEqual([])
  const { balance: _balance, ...incomplete } = customer
  for (const broken of [incomplete, { ...customer, balance: 'x' }, { ...customer, balance: 1.5 }, { ...customer, created: null }, { ...customer, invented: 1 }, { ...customer, tax_exempt: 'maybe' }]) {
    expect(departuresOfObject(broken)).toHaveLength(1)
  }
})
