import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { createStripeSimulator, type StripeSimulator, type StripeSimulatorOptions } from '../src/index.ts'
import { idOf, monthEnd, refusalOf } from './running-simulator.ts'

interface Inside {
  readonly simulator: StripeSimulator
  readonly stripe: Stripe
  readonly clientOf: (key: string) => Stripe
}

/** A simulator that opens no port, with the unmodified `stripe` package on its own client. */
function startInside(options: StripeSimulatorOptions = {}): Inside {
  const simulator = createStripeSimulator({ clock: { now: monthEnd, mode: 'frozen' }, ...options })
  const clientOf = (key: string): Stripe =>
    new Stripe(key, { httpClient: simulator.httpClient, host: 'stripe.localhost', protocol: 'http', telemetry: false, maxNetworkRetries: 0 })
  return { simulator, stripe: clientOf('sk_test_inside'), clientOf }
}

async function createSession({ stripe }: Inside): Promise<{ readonly id: string; readonly url: string }> {
  const product = await stripe.products.create({ name: 'Pro' })
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2900, recurring: { interval: 'month' } })
  const line_items = [{ price: price.id, quantity: 1 }]
  const { id, url } = await stripe.checkout.sessions.create({ mode: 'subscription', line_items, success_url: 'https://shop.example/' })
  return { id, url: url ?? '' }
}

describe('what was read is read anew', () => {
  test('after a write through the API, and after one that was refused', async () => {
    const { stripe } = startInside()
    const { id } = await stripe.customers.create({ name: 'Ada' })
    expect(await stripe.customers.retrieve(id)).toMatchObject({ name: 'Ada' })
    await stripe.customers.update(id, { name: 'Grace' })
    expect(await stripe.customers.retrieve(id)).toMatchObject({ name: 'Grace' })
    await refusalOf(stripe.customers.update(id, { name: 'Mary', invoice_settings: { default_payment_method: 'pm_none' } }))
    expect(await stripe.customers.retrieve(id)).toMatchObject({ name: 'Grace' })
    expect(await refusalOf(stripe.customers.retrieve('cus_none'))).toMatchObject({ code: 'resource_missing' })
    expect((await stripe.customers.list()).data).toHaveLength(1)
    await stripe.customers.del(id)
    expect((await stripe.customers.list()).data).toHaveLength(0)
  })

  test('after a hosted page, a control route and a method of the simulator', async () => {
    const inside = startInside()
    const { simulator, stripe } = inside
    const { id, url } = await createSession(inside)
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open')
    const body = new URLSearchParams({ action: 'pay', email: 'ada@example.com', card: '4242424242424242', expiry: '12 / 36' })
    expect((await simulator.fetch(new Request(url, { method: 'POST', body }))).status).toBe(303)
    const paid = await stripe.checkout.sessions.retrieve(id)
    expect(paid.status).toBe('complete')
    const customer = idOf(paid.customer)
    const { data: methods } = await stripe.customers.listPaymentMethods(customer)
    const card = JSON.stringify({ card: '5555555555554444' })
    await simulator.fetch(new Request(`http://localhost/_/customers/${customer}/card`, { method: 'POST', body: card }))
    expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(methods.length + 1)
    simulator.setCard(customer, '378282246310005')
    expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(methods.length + 2)
  })

  test('after the clock was moved, also where nothing falls due', async () => {
    const inside = startInside()
    const { simulator, stripe } = inside
    const { id } = await createSession(inside)
    const coupon = await stripe.coupons.create({ percent_off: 10, redeem_by: monthEnd / 1000 + 60 })
    expect((await stripe.coupons.retrieve(coupon.id)).valid).toBe(true)
    simulator.clock.advance({ minutes: 2 })
    expect((await stripe.coupons.retrieve(coupon.id)).valid).toBe(false)
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open')
    await simulator.fetch(new Request('http://localhost/_/clock', { method: 'POST', body: JSON.stringify({ advance: { days: 1 } }) }))
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('expired')
  })

  test('after a test clock was advanced', async () => {
    const { stripe } = startInside()
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: monthEnd / 1000 })
    expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).frozen_time).toBe(monthEnd / 1000)
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: monthEnd / 1000 + 3600 })
    expect(await stripe.testHelpers.testClocks.retrieve(clock.id)).toMatchObject({ status: 'ready', frozen_time: monthEnd / 1000 + 3600 })
  })
})

test('what one caller read is not shown to another: keys, modes, accounts, versions and paths are told apart', async () => {
  const { stripe, clientOf } = startInside({ connectedAccounts: ['acct_shop'], liveKeys: true })
  const { id } = await stripe.customers.create({ name: 'Ada' })
  await stripe.customers.retrieve(id)
  const there = { stripeAccount: 'acct_shop' }
  expect(await refusalOf(stripe.customers.retrieve(id, {}, there))).toMatchObject({ code: 'resource_missing' })
  expect(await refusalOf(clientOf('sk_live_inside').customers.retrieve(id))).toMatchObject({ code: 'resource_missing' })
  expect(await refusalOf(clientOf('pk_test_inside').customers.retrieve(id))).toMatchObject({ statusCode: 401 })
  const price = await stripe.prices.create({ currency: 'usd', unit_amount: 2900, recurring: { interval: 'month' }, product_data: { name: 'Pro' } })
  const method = 'pm_card_visa'
  await stripe.customers.update(id, { invoice_settings: { default_payment_method: method } })
  const subscription = await stripe.subscriptions.create({ customer: id, items: [{ price: price.id }] })
  expect(await stripe.subscriptions.retrieve(subscription.id)).not.toHaveProperty('current_period_end')
  expect(await stripe.subscriptions.retrieve(subscription.id, {}, { apiVersion: '2024-06-20' })).toHaveProperty('current_period_end')
  expect((await stripe.subscriptions.retrieve(subscription.id, { expand: ['customer'] })).customer).toMatchObject({ id })
  expect((await stripe.subscriptions.retrieve(subscription.id)).customer).toBe(id)
})

test('a changed answer does not change what is read next', async () => {
  const { stripe } = startInside()
  const { id } = await stripe.customers.create({ name: 'Ada', metadata: { seat: '1' } })
  const first = await stripe.customers.retrieve(id)
  Object.assign(first, { name: 'Mallory' })
  expect(await stripe.customers.retrieve(id)).toMatchObject({ name: 'Ada', metadata: { seat: '1' } })
})

test('idempotency keys are respected as over HTTP', async () => {
  const { simulator, stripe } = startInside({ latencyMs: 5 })
  const options = { idempotencyKey: 'once' }
  const first = await stripe.customers.create({ name: 'Ada' }, options)
  const again = await stripe.customers.create({ name: 'Ada' }, options)
  expect([again.id, again.lastResponse.statusCode, again.lastResponse.headers['idempotent-replayed']]).toEqual([first.id, 200, 'true'])
  expect(await refusalOf(stripe.customers.create({ name: 'Grace' }, options))).toMatchObject({ statusCode: 400 })
  const both = { idempotencyKey: 'at the same time' }
  const twice = await Promise.allSettled([stripe.customers.create({}, both), stripe.customers.create({}, both)])
  expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(simulator.state()['customers']).toBe(2)
})
