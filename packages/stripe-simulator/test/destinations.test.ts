import { createServer, type IncomingHttpHeaders } from 'node:http'
import { Stripe } from 'stripe'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { StripeSimulatorOptions } from '../src/index.ts'
import { createPlan, deliverTo, monthEnd, refusalOf, startReceiver, startSimulator, subscribe, webhookSecret } from './running-simulator.ts'

interface Arrival {
  readonly body: string
  readonly signature: string
  readonly headers: IncomingHttpHeaders
}

/** A webhook route that takes whatever comes. */
async function startInbox(): Promise<{ url: string; arrived: Arrival[] }> {
  const arrived: Arrival[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const signature = String(request.headers['stripe-signature'])
      arrived.push({ body: Buffer.concat(chunks).toString('utf8'), signature, headers: request.headers })
      response.end()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  const { port } = Object(server.address())
  return { url: `http://127.0.0.1:${port}/webhooks`, arrived }
}

const frozen: StripeSimulatorOptions = { clock: { now: monthEnd, mode: 'frozen' } }

describe('thin events', () => {
  test('arrive beside snapshot events, signed alike, and lead to event and object', async () => {
    const inbox = await startInbox()
    const { simulator, stripe } = await startSimulator(frozen)
    const common = { type: 'webhook_endpoint' as const, webhook_endpoint: { url: inbox.url }, include: ['webhook_endpoint.signing_secret' as const] }
    const thin = await stripe.v2.core.eventDestinations.create({
      ...common, name: 'Thin', event_payload: 'thin', enabled_events: ['v1.customer.updated', 'v1.customer.created'],
    })
    const snapshot = await stripe.v2.core.eventDestinations.create({
      ...common, name: 'Snapshot', event_payload: 'snapshot', enabled_events: ['customer.updated'], snapshot_api_version: '2024-06-20',
    })
    expect(thin.webhook_endpoint?.signing_secret).toMatch(/^whsec_/)
    expect((await stripe.v2.core.eventDestinations.retrieve(thin.id)).webhook_endpoint).toEqual({})
    const customer = await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'mine' })
    await stripe.customers.update(customer.id, { name: 'Eve' })
    await simulator.settle()

    const [secretOfThin, secretOfSnapshot] = [thin, snapshot].map((made) => String(made.webhook_endpoint?.signing_secret))
    const thinArrivals = inbox.arrived.filter(({ body }) => body.includes('"v2.core.event"'))
    const notifications = thinArrivals.map(({ body, signature }) => stripe.parseEventNotification(body, signature, String(secretOfThin)))
    const created = notifications.find(({ type }) => type === 'v1.customer.created')
    expect(created).toMatchObject({
      object: 'v2.core.event', livemode: false, created: new Date(monthEnd).toISOString(),
      reason: { type: 'request', request: { id: customer.lastResponse.requestId, idempotency_key: 'mine' } },
      related_object: { id: customer.id, type: 'customer', url: `/v1/customers/${customer.id}` },
    })
    if (created?.type !== 'v1.customer.created') throw new Error('No notification')
    expect(await created.fetchRelatedObject()).toMatchObject({ id: customer.id, name: 'Eve' })
    expect(await created.fetchEvent()).toMatchObject({ id: created.id, snapshot_event: created.snapshot_event })
    expect(await stripe.events.retrieve(String(created.snapshot_event))).toMatchObject({ type: 'customer.created', data: { object: { name: 'Ada' } } })

    const whole = inbox.arrived.find(({ body }) => !thinArrivals.some((arrival) => arrival.body === body))
    const event = stripe.webhooks.constructEvent(String(whole?.body), String(whole?.signature), String(secretOfSnapshot))
    expect(event).toMatchObject({ type: 'customer.updated', api_version: '2024-06-20' })
    expect(notifications.map(({ snapshot_event }) => snapshot_event)).toContain(event.id)
    expect(() => stripe.webhooks.constructEvent(String(thinArrivals[0]?.body), String(thinArrivals[0]?.signature), String(secretOfThin))).toThrow('thin')
  })

  test('tell closely what changed, and are listed by object and type, page by page', async () => {
    const running = await startSimulator(frozen)
    const { stripe, simulator } = running
    const { month } = await createPlan(stripe)
    const { subscription } = await subscribe(running, month.id)
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    await stripe.subscriptions.update(subscription.id, { items: [{ id: String(subscription.items.data[0]?.id), quantity: 3 }] })
    const types: string[] = []
    const ids = new Set<string>()
    for await (const event of stripe.v2.core.events.list({ object_id: subscription.id, limit: 2 })) {
      types.unshift(event.type)
      ids.add(event.id)
    }
    expect(ids.size).toBe(types.length)
    for (const type of ['created', 'incomplete', 'updated', 'active', 'cancel_at_changed', 'item_quantity_changed']) {
      expect(types).toContain(`v1.customer.subscription.${type}`)
    }
    const [active] = (await stripe.v2.core.events.list({ types: ['v1.customer.subscription.active'] })).data
    expect(active?.snapshot_event).toMatch(/^evt_1/)
    simulator.clock.advance({ days: 31 })
    await stripe.customers.create({})
    expect(await refusalOf(stripe.v2.core.events.retrieve(String(active?.id)))).toMatchObject({ statusCode: 404 })
  })

  test('a destination is pinged, disabled, enabled, and refuses types of the other kind', async () => {
    const inbox = await startInbox()
    const { simulator, stripe } = await startSimulator({
      ...frozen, webhookEndpoints: [{ url: inbox.url, secret: webhookSecret, payload: 'thin', enabledEvents: ['v1.customer.created'] }],
    })
    const [destination] = (await stripe.v2.core.eventDestinations.list()).data
    const id = String(destination?.id)
    const ping = await stripe.v2.core.eventDestinations.ping(id)
    await simulator.settle()
    const arrived = inbox.arrived.map(({ body, signature }) => stripe.parseEventNotification(body, signature, webhookSecret))
    expect(arrived).toMatchObject([{ id: ping.id, type: 'v2.core.event_destination.ping', related_object: { id } }])
    expect((await stripe.v2.core.eventDestinations.disable(id)).status_details?.disabled?.reason).toBe('user')
    await stripe.customers.create({})
    expect((await stripe.v2.core.eventDestinations.enable(id)).status).toBe('enabled')
    await simulator.settle()
    expect(inbox.arrived).toHaveLength(1)
    const refused = await refusalOf(stripe.v2.core.eventDestinations.update(id, { enabled_events: ['customer.created'] }))
    expect(refused).toMatchObject({ statusCode: 400 })
    expect((await stripe.events.list()).data.map(({ type }) => type)).toEqual(['customer.created'])
  })
})

describe('accounts', () => {
  test('connected ones are apart, and tell their platform', async () => {
    const inbox = await startInbox()
    const own = await startInbox()
    const { simulator, stripe } = await startSimulator({
      ...frozen,
      connectedAccounts: ['acct_shop'],
      webhookEndpoints: [
        { url: inbox.url, secret: webhookSecret, connect: true },
        { url: own.url, secret: webhookSecret },
        { url: inbox.url, secret: webhookSecret, payload: 'thin', connect: true, enabledEvents: ['v1.customer.created'] },
      ],
    })
    const stripeAccount = 'acct_shop'
    const theirs = await stripe.customers.create({ name: 'Theirs' }, { stripeAccount })
    const ours = await stripe.customers.create({ name: 'Ours' })
    expect((await refusalOf(stripe.customers.retrieve(theirs.id))).statusCode).toBe(404)
    expect((await stripe.customers.list({}, { stripeAccount })).data.map(({ id }) => id)).toEqual([theirs.id])
    expect((await stripe.customers.list()).data.map(({ id }) => id)).toEqual([ours.id])
    await simulator.settle()
    const bodies = inbox.arrived.map(({ body }) => JSON.parse(body))
    expect(bodies.find(({ object }) => object === 'event')).toMatchObject({ account: 'acct_shop', data: { object: { id: theirs.id } } })
    const thin = inbox.arrived.find(({ body }) => body.includes('v2.core.event'))
    const notification = stripe.parseEventNotification(String(thin?.body), String(thin?.signature), webhookSecret)
    if (notification.type !== 'v1.customer.created') throw new Error(notification.type)
    expect(await notification.fetchRelatedObject()).toMatchObject({ name: 'Theirs' })
    expect(own.arrived.map(({ body }) => JSON.parse(body))).toMatchObject([{ data: { object: { id: ours.id } } }])
    expect(JSON.parse(String(own.arrived[0]?.body))).not.toHaveProperty('account')
    expect((await stripe.accounts.retrieveCurrent({}, { stripeAccount })).id).toBe('acct_shop')
    expect(simulator.connectAccount()).toMatch(/^acct_\w{16}$/)
  })

  test('live keys see a world of their own, where they are taken', async () => {
    const receiver = await startReceiver()
    const endpoint = { url: receiver.url, secret: webhookSecret }
    const { simulator, stripe, url } = await startSimulator({
      ...deliverTo(receiver), liveKeys: true, webhookEndpoints: [endpoint, { ...endpoint, livemode: true }],
    })
    const live = new Stripe('sk_live_simulator', { host: '127.0.0.1', port: Number(new URL(url).port), protocol: 'http', telemetry: false })
    const { month } = await createPlan(live)
    const inLive = await live.customers.create({})
    const inTest = await stripe.customers.create({})
    expect([inLive.livemode, inTest.livemode]).toEqual([true, false])
    expect((await refusalOf(stripe.customers.retrieve(inLive.id))).statusCode).toBe(404)
    const session = await live.checkout.sessions.create({
      mode: 'subscription', customer: inLive.id, line_items: [{ price: month.id, quantity: 1 }], success_url: 'http://localhost/done',
    })
    expect(session.id).toMatch(/^cs_live_/)
    simulator.completeCheckout(session.id)
    const [subscription] = (await live.subscriptions.list()).data
    expect(subscription).toMatchObject({ livemode: true, items: { data: [{ price: { livemode: true }, plan: { livemode: true } }] } })
    await simulator.settle()
    for (const { event } of receiver.delivered) {
      expect(Object(event.data.object).livemode ?? event.livemode).toBe(event.livemode)
    }
    expect(new Set(receiver.delivered.map(({ event }) => event.livemode))).toEqual(new Set([true, false]))
    expect(await refusalOf(live.testHelpers.testClocks.create({ frozen_time: 1 }))).toMatchObject({ statusCode: 400 })
  })
})

describe('secrets', () => {
  test('a rolled one signs along for a day', async () => {
    const inbox = await startInbox()
    const { simulator, stripe, url } = await startSimulator({ ...frozen, webhookEndpoints: [{ url: inbox.url, secret: 'whsec_old' }] })
    const [endpoint] = (await stripe.webhookEndpoints.list()).data
    const rolled = await fetch(`${url}/_/webhook_endpoints/${endpoint?.id}/roll_secret`, { method: 'POST', body: '{}' })
    const { secret } = Object(await rolled.json())
    await stripe.customers.create({})
    await simulator.settle()
    const both = inbox.arrived[0]
    expect(both?.signature.match(/v1=/g)).toHaveLength(2)
    for (const known of [secret, 'whsec_old']) {
      expect(stripe.webhooks.constructEvent(String(both?.body), String(both?.signature), known).type).toBe('customer.created')
    }
    simulator.clock.advance({ hours: 24 })
    await stripe.customers.create({})
    await simulator.settle()
    const alone = inbox.arrived[1]
    expect(alone?.signature.match(/v1=/g)).toHaveLength(1)
    expect(() => stripe.webhooks.constructEvent(String(alone?.body), String(alone?.signature), 'whsec_old')).toThrow('signature')
    expect(simulator.rollSecret(String(endpoint?.id), 0)).not.toBe(secret)
    expect(() => simulator.rollSecret('we_none')).toThrow('No such webhook endpoint')
  })
})

test('an event can be told again under an id of its own', async () => {
  const receiver = await startReceiver()
  const { simulator, stripe } = await startSimulator(deliverTo(receiver))
  simulator.deliveries.configure({ replay: 1 })
  const customer = await stripe.customers.create({ name: 'Ada' })
  await simulator.settle()
  const ids = receiver.delivered.map(({ event }) => event.id)
  expect(new Set(ids).size).toBe(2)
  for (const { event } of receiver.delivered) expect(event).toMatchObject({ type: 'customer.created', data: { object: { id: customer.id } } })
  for (const id of ids) expect((await stripe.events.retrieve(id)).type).toBe('customer.created')
})
