import { createFarebox } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { customerMetadata, stripePayments, webhookEvents } from '@farebox/core/drivers/stripe'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { Stripe } from 'stripe'
import { expect, it, onTestFinished } from 'vitest'
import { byId, expectedSubscriptions } from './reference-projection.ts'
import { serve } from './serve.ts'
import { signedStripeEvent } from '../../src/testing/signed-stripe-event.ts'
import { catalog, createWorld, isFull, push, sessionOf, webhookSecret } from './world.ts'

const customers = isFull ? 200 : 6

it(`converges ${customers} customers over sockets, with every delivery doubled, shuffled, delayed and a third lost`, { timeout: 300_000 }, async () => {
  const simulator = createStripeSimulator({ clock: { mode: 'frozen' }, deliveries: { retryDelaysMs: [5, 20, 80] } })
  const listening = await simulator.listen({ port: 0 })
  onTestFinished(() => listening.close())
  const client = new Stripe('sk_test_sockets', { host: '127.0.0.1', port: listening.port, protocol: 'http', telemetry: false })
  await push(client)
  const clock = { now: () => simulator.clock.now() }
  const store = memoryStore({ clock })

  const enabled_events = webhookEvents.filter(isEventType)
  const path = '/api/billing/webhooks/stripe'
  const mounted: ((request: Request) => Promise<Response>)[] = []
  const origin = await serve(async (request) => mounted[0]?.(request) ?? new Response(null, { status: 503 }))
  const { secret = '' } = await client.webhookEndpoints.create({ url: `${origin}${path}`, enabled_events })
  const payments = stripePayments({ client, webhookSecret: ['whsec_rolled_out', secret], mode: 'test' })
  const farebox = createFarebox({ catalog, store, payments, clock, appUrl: 'http://localhost:8787' })
  mounted.push((request) => farebox.handle(request))
  const told: string[] = []
  farebox.on('plan.changed', ({ customer, data }) => void told.push(`${customer} ${data.from} ${data.to}`))

  // The host can be claimed to be anything: no delivery is taken without a signature.
  const forged = await fetch(`${origin}${path}`, { method: 'POST', body: '{}', headers: { host: 'localhost' } })
  expect([forged.status, await forged.json()]).toEqual([400, expect.objectContaining({ type: '/problems/invalid-signature' })])

  simulator.deliveries.configure({ duplicate: 2, shuffle: true, drop: 0.3, delayMs: 10, seed: 7 })
  const ids = Array.from({ length: customers }, (_, index) => `user_${index}`)
  await Promise.all(
    ids.map(async (customer) => {
      const { url } = await farebox.checkout({ customer, plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
      simulator.completeCheckout(sessionOf(url))
    }),
  )
  await simulator.settle()
  // The trial ends, the first real payment is made, and again only some of the news arrives.
  simulator.clock.advance({ days: 15 })
  await simulator.settle()

  for (const customer of ids) {
    const { rows } = await store.records.load(customer, ['customers', 'subscriptions'])
    const expected = await expectedSubscriptions(client, rows.customers[0]?.value.paymentCustomer ?? '')
    expect(rows.subscriptions.map(({ value }) => value).toSorted(byId)).toEqual(expected)
    expect(await farebox.snapshot({ customer })).toMatchObject({ plan: 'pro', status: 'active' })
  }
  expect(told.toSorted(byText)).toEqual(ids.map((customer) => `${customer} free pro`).toSorted(byText))
  const answers = new Set(simulator.deliveries.attempts.map(({ outcome, status }) => `${outcome} ${status}`))
  expect(answers).toEqual(new Set(['delivered 200', 'dropped null']))
})

function byText(one: string, other: string): number {
  return one < other ? -1 : 1
}

/** Types of an endpoint are names that Stripe knows; the simulator refuses others. */
function isEventType(type: string): type is Stripe.WebhookEndpointCreateParams.EnabledEvent {
  return type.includes('.')
}

it('replays from outside what was put aside', async () => {
  const world = await createWorld()
  const payments = stripePayments({ client: world.client, webhookSecret, mode: 'test' })
  const farebox = createFarebox({ catalog, store: world.store, payments, clock: world.clock, appUrl: 'http://localhost:8787' })
  const { url } = await farebox.checkout({ customer: 'user_1', plan: 'pro', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
  world.simulator.completeCheckout(sessionOf(url))
  const paymentCustomer = (await farebox.findCustomer({ customer: 'user_1' }))?.paymentCustomer ?? ''
  const [event] = await world.events()
  await world.client.customers.update(paymentCustomer, { metadata: { [customerMetadata]: 'somebody-else' } })
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const { body, signature } = await signedStripeEvent({ body: JSON.stringify(event), secret: webhookSecret, at: Date.now() })
    const headers = { 'stripe-signature': signature }
    const request = new Request('http://localhost:8787/api/billing/webhooks/stripe', { method: 'POST', body, headers })
    expect((await farebox.handle(request)).status).toBe(attempt < 7 ? 503 : 200)
  }
  expect(await farebox.health()).toMatchObject({ status: 'degraded', parts: { webhooks: 'degraded' } })
  await world.client.customers.update(paymentCustomer, { metadata: { [customerMetadata]: 'user_1' } })
  expect(await farebox.replay()).toEqual([
    { event: event?.id, type: 'checkout.session.completed', customer: 'user_1', kind: 'applied', failure: null },
  ])
  expect(await farebox.health()).toMatchObject({ status: 'ok' })
  expect(await farebox.snapshot({ customer: 'user_1' })).toMatchObject({ plan: 'pro' })
  await expect(createFarebox({ catalog, store: world.store }).replay()).rejects.toMatchObject({ code: 'not-found' })
})
