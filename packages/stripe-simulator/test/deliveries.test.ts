import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createStripeSimulator } from '../src/index.ts'
import {
  createPlan,
  deliverTo,
  openCheckout,
  startReceiver,
  startSimulator,
  subscribe,
  webhookSecret,
  type Receiver,
  type RunningSimulator,
} from './running-simulator.ts'

async function post(url: string, path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: Object(await response.json()) }
}

async function startBoth(): Promise<RunningSimulator & { receiver: Receiver }> {
  const receiver = await startReceiver()
  return { ...(await startSimulator(deliverTo(receiver))), receiver }
}

const orderOf = async (seed: number): Promise<string[]> => {
  const receiver = await startReceiver()
  const options = deliverTo(receiver)
  const running = await startSimulator({ ...options, deliveries: { ...options.deliveries, concurrency: 1 } })
  const { month } = await createPlan(running.stripe)
  const { session } = await openCheckout(running.stripe, month.id)
  await running.simulator.settle()
  const before = receiver.delivered.length
  running.simulator.deliveries.configure({ duplicate: 3, shuffle: true, seed })
  running.simulator.completeCheckout(session.id)
  await running.simulator.settle()
  return receiver.delivered.slice(before).map(({ event }) => event.id)
}

describe('deliveries', () => {
  test('every event arrives once, signed, as it was when it happened', async () => {
    const { receiver, ...running } = await startBoth()
    const { month } = await createPlan(running.stripe)
    const { subscription } = await subscribe(running, month.id)
    await running.simulator.settle()
    const { data } = await running.stripe.events.list({ limit: 100 })
    const ids = receiver.delivered.map(({ event }) => event.id)
    expect(ids.toSorted()).toEqual(data.map(({ id }) => id).toSorted())
    const created = receiver.delivered.find(({ event }) => event.type === 'customer.subscription.created')
    expect(created?.event).toMatchObject({
      object: 'event', api_version: '2026-10-28.endive', livemode: false, pending_webhooks: 1,
      data: { object: { id: subscription.id, status: 'incomplete' } },
    })
    const updated = receiver.delivered.find(({ event }) => event.type === 'customer.subscription.updated')
    expect(updated?.event.data).toMatchObject({ object: { status: 'active' }, previous_attributes: { status: 'incomplete', latest_invoice: null } })
  })

  test('the signature carries real time, the event simulated time', async () => {
    const { receiver, simulator, stripe } = await startBoth()
    simulator.clock.advance({ years: 10 })
    await stripe.customers.create({})
    await simulator.settle()
    const [first] = receiver.delivered
    const signedAt = Number(/t=(\d+)/.exec(String(first?.headers['stripe-signature']))?.[1])
    expect(Math.abs(signedAt - Date.now() / 1000)).toBeLessThan(60)
    expect(first?.event.created).toBe(Date.UTC(2036, 0, 31, 10) / 1000)
    expect(JSON.stringify(JSON.parse(String(first?.body)))).not.toBe(first?.body)
  })

  test('an event says which request caused it; what Stripe does by itself names none', async () => {
    const { receiver, ...running } = await startBoth()
    const { month } = await createPlan(running.stripe)
    const customer = await running.stripe.customers.create({}, { idempotencyKey: 'mine' })
    await subscribe(running, month.id)
    await running.simulator.settle()
    const causeOf = (type: string): unknown => receiver.delivered.find(({ event }) => event.type === type)?.event.request
    expect(causeOf('customer.created')).toEqual({ id: customer.lastResponse.requestId, idempotency_key: 'mine' })
    expect(causeOf('checkout.session.completed')).toEqual({ id: null, idempotency_key: null })
  })

  test('what is not answered 2xx is tried again, a bounded number of times', async () => {
    const { receiver, simulator, stripe } = await startBoth()
    receiver.answers.push(500, 404)
    await stripe.customers.create({})
    await simulator.settle()
    expect(simulator.deliveries.attempts.map(({ outcome, status, attempt }) => [outcome, status, attempt])).toEqual([
      ['failed', 500, 1], ['failed', 404, 2], ['delivered', 200, 3],
    ])
    expect(new Set(receiver.delivered.map(({ event }) => event.id)).size).toBe(1)
    receiver.answers.push(500, 500, 500)
    await stripe.customers.create({})
    await simulator.settle()
    expect(simulator.deliveries.attempts.slice(3).map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed'])
  })

  test('a redirect is not followed, and no more are under way at once than was asked for', async () => {
    let underWay = 0
    let most = 0
    const asked: string[] = []
    let release: (() => void)[] | undefined = []
    const arrivals = new EventEmitter()
    const two = once(arrivals, 'two')
    const server = createServer((request, response) => {
      asked.push(String(request.url))
      underWay += 1
      most = Math.max(most, underWay)
      if (underWay === 2) arrivals.emit('two')
      const answer = (): void => {
        underWay -= 1
        response.writeHead(307, { location: '/elsewhere' }).end()
      }
      if (release === undefined) answer()
      else release.push(answer)
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const { port } = Object(server.address())
    const { simulator, stripe } = await startSimulator({
      webhookEndpoints: [{ url: `http://127.0.0.1:${port}/webhooks`, secret: webhookSecret }],
      deliveries: { retryDelaysMs: [], concurrency: 2 },
    })
    await createPlan(stripe)
    for (let count = 0; count < 8; count += 1) await stripe.customers.create({})
    await two
    for (const answer of release) answer()
    release = undefined
    await simulator.settle()
    expect(new Set(asked)).toEqual(new Set(['/webhooks']))
    expect(new Set(simulator.deliveries.attempts.map(({ outcome, status }) => `${outcome} ${status}`))).toEqual(new Set(['failed 307']))
    expect(most).toBe(2)
  })

  test('an event can be read for 30 days', async () => {
    const { stripe, simulator } = await startSimulator()
    await stripe.customers.create({})
    simulator.clock.advance({ days: 30 })
    await stripe.customers.create({})
    expect((await stripe.events.list()).data).toHaveLength(2)
    simulator.clock.advance({ seconds: 1 })
    expect((await stripe.events.list()).data).toHaveLength(1)
  })

  test('an endpoint that cannot be reached fails without harm', async () => {
    const { stripe, simulator } = await startSimulator({
      webhookEndpoints: [{ url: 'http://127.0.0.1:9/', secret: webhookSecret }],
      deliveries: { retryDelaysMs: [0] },
    })
    await stripe.customers.create({})
    await simulator.settle()
    expect(simulator.deliveries.attempts.map(({ outcome, status }) => [outcome, status])).toEqual([['failed', null], ['failed', null]])
  })

  test('endpoints can be made through the API and take only their types', async () => {
    const receiver = await startReceiver()
    const { simulator, stripe } = await startSimulator()
    const endpoint = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['customer.deleted'] })
    expect(endpoint.secret).toMatch(/^whsec_/)
    expect((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined()
    const customer = await stripe.customers.create({})
    await simulator.settle()
    expect(simulator.deliveries.attempts).toEqual([])
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: true })
    await stripe.customers.del(customer.id)
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: false })
    const other = await stripe.customers.create({})
    await stripe.webhookEndpoints.del(endpoint.id)
    await stripe.customers.del(other.id)
    await simulator.settle()
    expect(simulator.deliveries.attempts).toEqual([])
    expect((await stripe.webhookEndpoints.list()).data).toEqual([])
  })
})

describe('disorder', () => {
  test('duplicates and shuffles the events of one action, the same way for the same seed', async () => {
    const order = await orderOf(5)
    expect(order).toHaveLength(42)
    expect([...new Set(order)].map((id) => order.filter((other) => other === id).length)).toEqual(Array(14).fill(3))
    expect(await orderOf(5)).toEqual(order)
    expect(await orderOf(6)).not.toEqual(order)
  })

  test('drops all but the last delivery of a customer', async () => {
    const { receiver, ...running } = await startBoth()
    const { month } = await createPlan(running.stripe)
    const { session } = await openCheckout(running.stripe, month.id)
    await running.simulator.settle()
    const before = receiver.delivered.length
    running.simulator.deliveries.configure({ drop: 1 })
    running.simulator.completeCheckout(session.id)
    await running.simulator.settle()
    expect(receiver.delivered.slice(before).map(({ event }) => event.type)).toEqual(['checkout.session.completed'])
    expect(running.simulator.deliveries.attempts.filter(({ outcome }) => outcome === 'dropped')).toHaveLength(13)
    running.simulator.deliveries.configure({ drop: 1, keepLast: false })
    await running.stripe.customers.create({})
    await running.simulator.settle()
    expect(receiver.delivered).toHaveLength(before + 1)
  })
})

describe('control routes', () => {
  test('move the clock, pay sessions, change cards, disturb and repeat deliveries', async () => {
    const { receiver, stripe, url, simulator } = await startBoth()
    const { month } = await createPlan(stripe)
    const { customer, session } = await openCheckout(stripe, month.id)
    expect((await post(url, `/_/checkout/sessions/${session.id}/complete`, { card: '4000000000000002' })).status).toBe(402)
    expect((await post(url, `/_/checkout/sessions/${session.id}/complete`, {})).body).toMatchObject({ status: 'complete' })
    expect((await post(url, `/_/customers/${customer.id}/card`, { card: '4000000000000341' })).body).toMatchObject({ card: { last4: '0341' } })
    expect((await post(url, '/_/clock', { advance: { months: 1 } })).body).toEqual({ now: '2026-02-28T10:00:00.000Z', mode: 'frozen' })
    expect((await post(url, '/_/clock', { to: '2026-03-01T00:00:00Z' })).body['now']).toBe('2026-03-01T00:00:00.000Z')
    expect(await (await fetch(`${url}/_/clock`)).json()).toEqual({ now: '2026-03-01T00:00:00.000Z', mode: 'frozen' })
    expect((await stripe.subscriptions.list({ status: 'past_due' })).data).toHaveLength(1)
    await simulator.settle()
    const log = Object(await (await fetch(`${url}/_/deliveries`)).json())
    expect(log.pending).toBe(0)
    expect(log.data[0]).toEqual({
      event: expect.stringMatching(/^evt_/), type: 'product.created', customer: null, url: receiver.url,
      outcome: 'delivered', status: 200, attempt: 1, durationMs: expect.any(Number), at: expect.any(String),
    })
    const count = receiver.delivered.length
    expect((await post(url, '/_/deliveries/resend', { event: log.data[0].event })).status).toBe(200)
    await simulator.settle()
    expect(receiver.delivered).toHaveLength(count + 1)
    const disorder = { duplicate: 2, shuffle: true, drop: 0.5, keepLast: true, delayMs: 5, seed: 9 }
    expect((await post(url, '/_/deliveries', disorder)).body).toEqual({ disorder })
    expect((await post(url, '/_/deliveries', {})).body).toEqual({ disorder: {} })
    expect(await (await fetch(`${url}/_/state`)).json()).toMatchObject({ customers: 1, subscriptions: 1 })
  })

  test('refuse what they do not understand', async () => {
    const { url } = await startSimulator()
    const cases: [string, unknown][] = [
      ['/_/clock', {}],
      ['/_/clock', { advance: { fortnights: 1 } }],
      ['/_/clock', { advance: { months: -1 } }],
      ['/_/clock', { advance: { months: 1.5 } }],
      ['/_/clock', { advance: { years: 101 } }],
      ['/_/clock', { to: '2020-01-01T00:00:00Z' }],
      ['/_/clock', { to: 'tomorrow' }],
      ['/_/clock', []],
      ['/_/deliveries', { duplicate: 0 }],
      ['/_/deliveries', { duplicate: 1.5 }],
      ['/_/deliveries', { drop: 2 }],
      ['/_/deliveries', { shuffle: 'yes' }],
      ['/_/deliveries', { shufle: true }],
      ['/_/deliveries/resend', {}],
      ['/_/customers/cus_none/card', {}],
      ['/_/checkout/sessions/cs_none/complete', { authentication: 'fail' }],
      ['/_/disputes/dp_none/close', {}],
      ['/_/disputes/dp_none/close', { outcome: 'draw' }],
      ['/_/payment_intents/pi_none/authenticate', { outcome: 'fail' }],
      ['/_/settings', { afterRetries: 'never' }],
      ['/_/settings', { taxPercentage: 101 }],
      ['/_/settings', { retryDays: [0] }],
      ['/_/settings', { tax: 20 }],
    ]
    for (const [path, body] of cases) {
      expect({ path, body, status: (await post(url, path, body)).status }).toEqual({ path, body, status: 400 })
    }
    expect((await post(url, '/_/settings', { taxPercentage: 20, afterRetries: 'unpaid' })).body).toMatchObject({ taxPercentage: 20, afterRetries: 'unpaid', bankDebitDays: 4 })
    expect((await post(url, '/_/checkout/sessions/cs_none/complete', {})).status).toBe(404)
    expect((await post(url, '/_/deliveries/resend', { event: 'evt_none' })).status).toBe(404)
    const foreign = await fetch(`${url}/_/clock`, { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(foreign.status).toBe(403)
  })

  test('are there without a socket, too', async () => {
    const simulator = createStripeSimulator({ clock: { now: 0, mode: 'frozen' } })
    const response = await simulator.fetch(new Request('http://stripe.test/_/clock', { method: 'POST', body: '{"advance":{"days":1}}' }))
    expect(await response.json()).toEqual({ now: '1970-01-02T00:00:00.000Z', mode: 'frozen' })
  })
})
