import { createFarebox } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { stripePayments, thinWebhookEvents, webhookEvents } from '@farebox/core/drivers/stripe'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { Stripe } from 'stripe'
import { expect, it, onTestFinished } from 'vitest'
import { useOf } from '../../src/drivers/stripe/event-types.ts'
import { checkHealth } from '../../src/use-cases/healing/check-health.ts'
import { replayParked } from '../../src/use-cases/healing/replay.ts'
import { buy, expectLikeStripe, getEvent, rowsOf } from './scene.ts'
import { serve } from './serve.ts'
import { catalog, clientOf, createWorld, push, sessionOf, webhookSecret, yieldTimes } from './world.ts'

function uses(types: readonly string[]): unknown {
  return [...new Set(types.map(useOf))]
}

it('has a use for every type, and none for what is not known', () => {
  expect(uses(webhookEvents)).toEqual(['converge'])
  expect(uses(thinWebhookEvents)).toEqual(['converge', 'warn'])
  expect(uses(['v1.customer.subscription.past_due', 'customer.subscription.invented'])).toEqual(['converge'])
  expect(uses(['price.updated', 'v1.product.created', 'invoice.upcoming', 'invoice_payment.open', 'payment_intent.created', 'invented', 'v2.invented'])).toEqual(['ignore'])
})

it('counts a change once that destinations for snapshot and for thin events both tell of', async () => {
  const simulator = createStripeSimulator({ clock: { mode: 'frozen' }, deliveries: { retryDelaysMs: [5, 20, 80] } })
  const listening = await simulator.listen({ port: 0 })
  onTestFinished(() => listening.close())
  const client = new Stripe('sk_test_both', { host: '127.0.0.1', port: listening.port, protocol: 'http', telemetry: false })
  await push(client)
  const clock = { now: () => simulator.clock.now() }
  const store = memoryStore({ clock })
  const mounted: ((request: Request) => Promise<Response>)[] = []
  const bodies: { id: string; object: string; snapshot_event?: string }[] = []
  const origin = await serve(async (request) => {
    bodies.push(await request.clone().json())
    return mounted[0]?.(request) ?? new Response(null, { status: 503 })
  })
  const url = `${origin}/api/billing/webhooks/stripe`
  const destination = (event_payload: 'thin' | 'snapshot', enabled_events: readonly string[]): Promise<Stripe.V2.Core.EventDestination> =>
    client.v2.core.eventDestinations.create({
      name: event_payload, type: 'webhook_endpoint', event_payload, enabled_events: [...enabled_events], webhook_endpoint: { url },
      include: ['webhook_endpoint.signing_secret'], ...(event_payload === 'snapshot' && { snapshot_api_version: '2026-10-28.endive' }),
    })
  const made = [await destination('snapshot', webhookEvents), await destination('thin', thinWebhookEvents)]
  // One secret of each, and one that is being rolled out.
  const secrets = ['whsec_rolled_out', ...made.map(({ webhook_endpoint }) => webhook_endpoint?.signing_secret ?? '')]
  const payments = stripePayments({ client, webhookSecret: secrets, mode: 'test' })
  const farebox = createFarebox({ catalog, store, payments, clock, appUrl: 'http://localhost:8787' })
  mounted.push((request) => farebox.handle(request))
  const told: string[] = []
  farebox.on('plan.changed', ({ data }) => void told.push(`${data.from} ${data.to}`))

  const { url: page } = await farebox.checkout({ customer: 'user_1', plan: 'team', interval: 'month', successUrl: 'http://a/', cancelUrl: 'http://b/' })
  simulator.completeCheckout(sessionOf(page))
  await simulator.settle()

  const snapshots = new Set(bodies.filter(({ object }) => object === 'event').map(({ id }) => id))
  const thin = bodies.filter(({ object }) => object === 'v2.core.event')
  expect(snapshots.size).toBeGreaterThan(2)
  expect(thin.length).toBeGreaterThan(snapshots.size - 1)
  const { rows } = await store.records.load('user_1', ['inbox'])
  expect(new Set(rows.inbox.map(({ id }) => id))).toEqual(new Set([...snapshots, ...thin.map(({ snapshot_event = '' }) => snapshot_event)]))
  expect(rows.inbox.filter(({ value }) => value.state !== 'done')).toEqual([])
  expect(told).toEqual(['free team'])
  expect(new Set(simulator.deliveries.attempts.map(({ status }) => status))).toEqual(new Set([200]))
})

it('tells the log of usage that Stripe drops, and health nothing: no meter is Farebox\'s', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const event = {
    id: 'evt_meter_1', object: 'v2.core.event', type: 'v1.billing.meter.error_report_triggered', livemode: false,
    related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
  }
  const missing = { ...event, id: 'evt_meter_2', type: 'v1.billing.meter.no_meter_found', related_object: null }
  expect(await world.deliver(farebox, event)).toEqual({ kind: 'ignored', customer: null })
  expect(await world.deliver(farebox, missing)).toEqual({ kind: 'ignored', customer: null })
  expect(await world.deliver(farebox, { ...event, id: 'evt_live', livemode: true } as never)).toMatchObject({ kind: 'ignored' })
  expect(world.logged.map(({ fields }) => fields)).toEqual([event, missing].map(({ id, type }) => ({ event: id, type, failure: 'usage-dropped' })))
  expect((await checkHealth(farebox)).parts.webhooks).toBe('ok')
  expect(await replayParked(farebox)).toEqual([])
  expect(world.requests.count).toBe(0)
})

it('keeps to the account that it bills in: its own, or one that is connected', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const event: { readonly id: string } = await getEvent(world, 'customer.subscription.created')
  const ofShop = { ...event, account: 'acct_shop' }
  const ofOther = { ...event, account: 'acct_other' }
  const connected = { ...farebox, payments: stripePayments({ client: world.client, webhookSecret, mode: 'test', connectedAccount: 'acct_shop' }) }
  expect(await world.deliver(farebox, ofShop)).toEqual({ kind: 'ignored', customer: null })
  expect(await world.deliver(connected, event)).toEqual({ kind: 'ignored', customer: null })
  expect(await world.deliver(connected, ofOther)).toEqual({ kind: 'ignored', customer: null })
  expect((await rowsOf(world, 'user_1')).inbox).toEqual([])
  expect(await world.deliver(connected, ofShop)).toEqual({ kind: 'applied', customer: 'user_1' })
  // A thin event names its account by a path.
  const [subscription] = (await world.client.subscriptions.list()).data
  const thin = (id: string, context: unknown): { readonly id: string } => Object({
    id, object: 'v2.core.event', type: 'v1.customer.subscription.updated', created: '2026-01-31T10:00:00.000Z', livemode: false, context,
    related_object: { id: subscription?.id, type: 'subscription', url: `/v1/subscriptions/${subscription?.id}` },
  })
  expect(await world.deliver(connected, thin('evt_1', 'org_1/acct_shop'))).toEqual({ kind: 'applied', customer: 'user_1' })
  expect(await world.deliver(connected, thin('evt_2', 'acct_shop'))).toEqual({ kind: 'applied', customer: 'user_1' })
  expect(await world.deliver(connected, thin('evt_3', 'acct_shop/acct_other'))).toEqual({ kind: 'ignored', customer: null })
  for (const strange of ['', 'acct_shop/', 7, {}]) await expect(world.deliver(connected, thin('evt_4', strange))).rejects.toThrow('not an event')
  const options = { client: world.client, webhookSecret, connectedAccount: 'shop' }
  expect(() => stripePayments(options)).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ path: 'connectedAccount' })] }))
})

it('takes what an organization tells of its own account, and nothing of the others there', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const { id: own } = await world.client.accounts.retrieveCurrent()
  const snapshot: Stripe.Event = await getEvent(world, 'customer.subscription.created')
  const meter = { object: 'v2.core.event', type: 'v1.billing.meter.error_report_triggered', livemode: false, related_object: { id: 'mtr_1' } }
  const thin = (id: string, context: string): { readonly id: string } => Object({
    id, object: 'v2.core.event', type: 'v1.customer.updated', created: '2026-01-31T10:00:00.000Z', livemode: false, context,
    related_object: { id: snapshot.data.object && 'customer' in snapshot.data.object ? snapshot.data.object.customer : '' },
  })
  const before = world.requests.count
  for (const context of ['acct_other', `${own}/acct_connected`]) {
    expect(await world.deliver(farebox, thin(`evt_${context.length}`, context))).toEqual({ kind: 'ignored', customer: null })
    expect(await world.deliver(farebox, { ...meter, id: `evt_meter_${context.length}`, context } as never)).toEqual({ kind: 'ignored', customer: null })
    expect(await world.deliver(farebox, { ...snapshot, context, id: `evt_snapshot_${context.length}` } as never)).toEqual({ kind: 'ignored', customer: null })
  }
  expect(await world.deliver(farebox, Object({ ...snapshot, context: own, account: own }))).toEqual({ kind: 'ignored', customer: null })
  // Whose the key is was asked once.
  expect(world.requests.count - before).toBe(1)
  expect(await world.deliver(farebox, thin('evt_1', own))).toEqual({ kind: 'applied', customer: 'user_1' })
  expect(await world.deliver(farebox, thin('evt_2', `org_1/${own}`))).toEqual({ kind: 'applied', customer: 'user_1' })
  expect(await world.deliver(farebox, Object({ ...snapshot, context: own }))).toEqual({ kind: 'applied', customer: 'user_1' })
  // What is dropped elsewhere is not told of, here it is.
  expect(world.logged).toEqual([])
  expect(await world.deliver(farebox, Object({ ...meter, id: 'evt_meter', context: own }))).toEqual({ kind: 'ignored', customer: null })
  expect(world.logged.map(({ fields }) => fields['event'])).toEqual(['evt_meter'])
})

it('lets the customer decide whose an event is where the key may not know its account, and waits while Stripe cannot say', async () => {
  let answer: Error | undefined
  const world = await createWorld()
  const { accounts } = world.client
  const client: Stripe = Object.assign(clientOf(world.simulator), { accounts: { retrieveCurrent: async () => {
    if (answer !== undefined) throw answer
    return accounts.retrieveCurrent()
  } } })
  const farebox = world.process({ client })
  await buy(world, farebox, 'user_1')
  const event = await getEvent(world, 'customer.subscription.created')
  answer = new TypeError('fetch failed')
  await expect(world.deliver(farebox, Object({ ...event, context: 'acct_here' }))).rejects.toMatchObject({ code: 'unavailable' })
  answer = Object.assign(new Error('no'), { type: 'StripePermissionError', statusCode: 403 })
  expect(await world.deliver(farebox, Object({ ...event, context: 'acct_here' }))).toEqual({ kind: 'applied', customer: 'user_1' })
})

it('leaves what another installation on the same account sells to that one', async () => {
  const world = await createWorld()
  const own = world.process()
  await buy(world, own, 'user_1')
  const other = { ...world.process(), payments: stripePayments({ client: world.client, webhookSecret, installation: 'shop' }) }
  const elsewhere = { ...other, records: memoryStore({ clock: world.clock }).records }
  for (const event of await world.events()) expect(await world.deliver(elsewhere, event)).toEqual({ kind: 'ignored', customer: null })
  const anybody = { atMost: Number.MAX_SAFE_INTEGER }
  expect(await elsewhere.records.find({ collection: 'inbox', index: 'keepUntil', where: anybody, limit: 10 })).toEqual([])
})

it('reads a customer at most three times for the burst of a checkout, at once or one after the other, and not at all for a replay', async () => {
  for (const apart of [0, 3]) {
    const world = await createWorld({ onTheWay: () => yieldTimes(15) })
    const farebox = world.process()
    const customerReads: string[] = []
    const { payments } = farebox
    if (payments === null) throw new Error('There are payments')
    const counting = {
      ...farebox,
      payments: {
        ...payments,
        async readCustomer(id: string) {
          customerReads.push(id)
          return payments.readCustomer(id)
        },
      },
    }
    await buy(world, farebox, 'user_1')
    const events = (await world.events()).toReversed()
    expect(events.length).toBeGreaterThanOrEqual(10)
    const deliveries: Promise<unknown>[] = []
    for (const event of events) {
      deliveries.push(world.deliver(counting, event))
      await yieldTimes(apart)
    }
    await Promise.all(deliveries)
    await expectLikeStripe(world, 'user_1')
    expect(customerReads.length).toBeLessThanOrEqual(3)
    const requests = world.requests.count
    const { rows } = await world.store.records.load('user_1', ['customers', 'inbox'])
    for (const event of events) expect(['duplicate', 'ignored']).toContain((await world.deliver(world.process(), event)).kind)
    expect(world.requests.count).toBe(requests)
    expect((await world.store.records.load('user_1', ['customers', 'inbox'])).rows).toEqual(rows)
  }
})

it('asks the store one question for a delivery and writes one commit, and one question for a known one', async () => {
  const world = await createWorld()
  const calls: string[] = []
  const { records, usage } = world.store
  const farebox = world.process({
    store: {
      usage: { ...usage, raiseVersion: async (...args) => (calls.push('raise'), usage.raiseVersion(...args)) },
      records: {
        ...records,
        load: (...args) => (calls.push('load'), records.load(...args)),
        commit: (...args) => (calls.push('commit'), records.commit(...args)),
        find: async (...args) => (calls.push('find'), records.find(...args)),
      },
    },
  })
  await buy(world, world.process(), 'user_1')
  const [first, second] = await Promise.all([getEvent(world, 'customer.subscription.created'), getEvent(world, 'invoice.paid')])
  const callsOf = async (event: Stripe.Event): Promise<readonly string[]> => {
    calls.length = 0
    await world.deliver(farebox, event)
    return [...calls]
  }
  expect(await callsOf(first)).toEqual(['find', 'load', 'raise', 'commit'])
  expect(await callsOf(second)).toEqual(['load', 'raise', 'commit'])
  expect(await callsOf(second)).toEqual(['load'])
})
