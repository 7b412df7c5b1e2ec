import type { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { checkHealth } from '../../src/use-cases/check-health.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converge.ts'
import { drainOutbox } from '../../src/use-cases/outbox.ts'
import { receiveWebhook } from '../../src/use-cases/receive-webhook.ts'
import { replayParked } from '../../src/use-cases/replay.ts'
import { startCheckout } from '../../src/use-cases/start-checkout.ts'
import { sweepStore } from '../../src/use-cases/sweep.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { signedStripeEvent } from '../../src/testing/signed-stripe-event.ts'
import { faultyOutside } from './faults.ts'
import { byId, expectedSubscriptions } from './reference-projection.ts'
import { type World, clientOf, createGate, createWorld, isFull, makePaymentCustomer, sessionOf, webhookSecret, yieldOnce, yieldTimes } from './world.ts'

const addresses = { successUrl: 'http://localhost/?done', cancelUrl: 'http://localhost/' }

async function buy(world: World, context: Context, customer: string, plan = 'pro'): Promise<void> {
  const { url } = await startCheckout(context, { customer, plan, interval: 'month', ...addresses })
  world.simulator.completeCheckout(sessionOf(url))
}

async function rowsOf(world: World, customer: string) {
  const { rows } = await world.store.records.load(customer, ['customers', 'subscriptions', 'inbox', 'outbox', 'convergences'])
  return rows
}

async function find(world: World, type: string): Promise<Stripe.Event> {
  const event = (await world.events()).find((item) => item.type === type)
  if (event === undefined) throw new Error(`No event ${type}`)
  return event
}

/** Lets other work run until the customer's first event was claimed so many times. */
async function untilClaimed(world: World, customer: string, times: number): Promise<void> {
  while (((await rowsOf(world, customer)).inbox[0]?.value.fencing ?? 0) < times) await yieldOnce()
}

/** An event as Stripe writes it, about any object. */
function about(type: string, object: object, rest: object = {}): { readonly id: string } {
  const event = { id: `evt_${type}`, object: 'event', type, livemode: false, data: { object } }
  return Object.assign(event, rest)
}

async function paymentCustomerOf(world: World, customer: string): Promise<string> {
  return (await rowsOf(world, customer)).customers[0]?.value.paymentCustomer ?? ''
}

async function expectLikeStripe(world: World, customer: string): Promise<void> {
  const stored = (await rowsOf(world, customer)).subscriptions.map(({ value }) => value).toSorted(byId)
  expect(stored).toEqual(await expectedSubscriptions(world.client, await paymentCustomerOf(world, customer)))
}

it('answers a burst of one checkout with at most three reads', async () => {
  const world = await createWorld({ onTheWay: () => yieldTimes(5) })
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const events = await world.events()
  world.requests.count = 0
  const outcomes = await Promise.all([...events, ...events].map((event) => world.deliver(farebox, event)))
  expect(world.requests.count).toBeLessThanOrEqual(6)
  expect(outcomes.filter(({ kind }) => kind === 'applied').length).toBeGreaterThan(4)
  await expectLikeStripe(world, 'user_1')
})

it('takes each of many events once, each delivered fifty times at the same time to two processes', { timeout: 300_000 }, async () => {
  const world = await createWorld()
  const processes = [world.process(), world.process()]
  const customers = Array.from({ length: isFull ? 100 : 4 }, (_, index) => `user_${index}`)
  for (const customer of customers) await buy(world, world.process(), customer)
  const events = (await world.events()).filter(({ type }) => /subscription|invoice\.p|checkout/.test(type))
  const told: string[] = []
  for (const context of processes) context.events.on('subscription.changed', ({ id }) => void told.push(id))
  const random = seededRandom(3)
  const copies = random.shuffle(events.flatMap((event) => Array.from({ length: 50 }, () => event)))
  const outcomes = await Promise.all(copies.map((event) => world.deliver(random.pick(processes), event)))
  expect(outcomes.filter(({ kind }) => kind === 'applied' || kind === 'superseded')).toHaveLength(events.length)
  expect(outcomes.filter(({ kind }) => kind === 'duplicate')).toHaveLength(events.length * 49)
  for (const customer of customers) for (const context of processes.slice(0, 1)) await drainOutbox(context, customer)
  expect(new Set(told).size).toBe(customers.length)
})

it('never revives what has ended, however late its beginning is told', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const [subscription] = (await world.client.subscriptions.list()).data
  await world.client.subscriptions.cancel(subscription?.id ?? '')
  expect(await world.deliver(farebox, await find(world, 'customer.subscription.deleted'))).toMatchObject({ kind: 'applied' })
  expect(await world.deliver(farebox, await find(world, 'customer.subscription.created'))).toMatchObject({ kind: 'applied' })
  expect((await rowsOf(world, 'user_1')).subscriptions[0]?.value.status).toBe('canceled')
})

it('lets a duplicate wait five seconds for the first worker, then asks Stripe to come again', async () => {
  const gate = createGate()
  let isSlow = false
  const world = await createWorld({ onTheWay: () => (isSlow ? gate.passed : Promise.resolve()) })
  await buy(world, world.process(), 'user_1')
  const event = await find(world, 'invoice.paid')
  const signed = await signedStripeEvent({ body: JSON.stringify(event), secret: webhookSecret, at: Date.now() })
  isSlow = true
  const first = receiveWebhook(world.process(), signed)
  await untilClaimed(world, 'user_1', 1)
  let waited = 0
  const second = await receiveWebhook(world.process(), signed, async (pause) => void (waited += pause))
  expect(second.kind).toBe('in-progress')
  expect(waited).toBe(5000)
  gate.open()
  expect((await first).kind).toBe('applied')
  expect(await world.deliver(world.process(), event)).toEqual({ kind: 'duplicate', customer: 'user_1' })
})

it('takes over from a worker that stalled past its lease, which then writes nothing', async () => {
  const gate = createGate()
  const world = await createWorld()
  await buy(world, world.process(), 'user_1')
  const event = await find(world, 'invoice.paid')
  const told: string[] = []
  const stalled = world.process({ client: clientOf(world.simulator, () => gate.passed) })
  const lively = world.process()
  for (const context of [stalled, lively]) context.events.on('plan.changed', ({ id }) => void told.push(id))
  const first = world.deliver(stalled, event)
  await untilClaimed(world, 'user_1', 1)
  world.simulator.clock.advance({ seconds: 31 })
  expect((await world.deliver(lively, event)).kind).toBe('applied')
  gate.open()
  expect((await first).kind).toBe('in-progress')
  await drainOutbox(lively, 'user_1')
  expect(told).toHaveLength(1)
  expect((await rowsOf(world, 'user_1')).convergences[0]?.value).toMatchObject({ issued: 2, committed: 2 })
})

it('never gives the same ticket twice, also to those who take one while another is written', async () => {
  const world = await createWorld()
  await buy(world, world.process(), 'user_1')
  const { records } = world.store
  let isRaced = false
  const racing = world.process({
    store: {
      ...world.store,
      records: {
        ...records,
        async commit(customer, writes) {
          const isFinal = writes.some(({ collection }) => collection === 'customers')
          if (isFinal && !isRaced) {
            isRaced = true
            const entry = (await rowsOf(world, customer)).convergences[0]
            if (entry === undefined) throw new Error('A ticket was taken')
            const value = { ...entry.value, issued: entry.value.issued + 1 }
            await records.commit(customer, [{ collection: 'convergences', id: entry.id, expect: entry.revision, value }])
          }
          return records.commit(customer, writes)
        },
      },
    },
  })
  await convergeCustomer(racing, 'user_1')
  expect((await rowsOf(world, 'user_1')).convergences[0]?.value).toMatchObject({ issued: 2, committed: 1 })
})

it('puts an event aside that fails eight times in the same way, tells of it, and heals by a replay', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const parked: unknown[] = []
  farebox.events.on('event.parked', ({ data }) => void parked.push(data))
  await buy(world, farebox, 'user_1')
  const event = await find(world, 'invoice.paid')
  const paymentCustomer = await paymentCustomerOf(world, 'user_1')
  await world.client.customers.update(paymentCustomer, { metadata: { farebox_customer: 'somebody-else' } })
  const kinds: string[] = []
  for (let attempt = 0; attempt < 9; attempt += 1) kinds.push((await world.deliver(farebox, event)).kind)
  expect(kinds).toEqual([...Array.from({ length: 7 }, () => 'failed'), 'parked', 'parked'])
  await drainOutbox(farebox, 'user_1')
  const failure = 'payments-failed:customer-mismatch'
  expect(parked).toEqual([{ event: event.id, type: 'invoice.paid', failure }])
  expect((await checkHealth(farebox)).parts.webhooks).toBe('degraded')
  expect((await rowsOf(world, 'user_1')).subscriptions).toEqual([])

  // Others are not held up.
  await buy(world, farebox, 'user_2')
  for (const other of await world.events()) await world.deliver(farebox, other)
  await expectLikeStripe(world, 'user_2')

  // A replay that fails again, or ends halfway, leaves it put aside: Stripe will not send it again.
  const stillParked = { event: event.id, type: 'invoice.paid', customer: 'user_1', kind: 'parked', failure }
  expect(await replayParked(farebox)).toEqual([stillParked])
  const outside = faultyOutside(world.store, { write: async () => undefined }, { call: 5, when: 'before', survives: false })
  await expect(replayParked(world.process(outside))).rejects.toMatchObject({ code: 'unavailable' })
  expect((await checkHealth(farebox)).parts.webhooks).toBe('degraded')
  expect(await replayParked(farebox)).toEqual([{ ...stillParked, kind: 'in-progress', failure: null }])
  expect((await world.deliver(farebox, event)).kind).toBe('parked')
  await drainOutbox(farebox, 'user_1')
  expect(parked).toHaveLength(1)

  await world.client.customers.update(paymentCustomer, { metadata: { farebox_customer: 'user_1' } })
  world.simulator.clock.advance({ seconds: 31 })
  expect(await replayParked(farebox)).toEqual([{ ...stillParked, kind: 'applied', failure: null }])
  expect(await replayParked(farebox)).toEqual([])
  await expectLikeStripe(world, 'user_1')
  expect((await checkHealth(farebox)).parts.webhooks).toBe('ok')
})

it('replays what is put aside for many customers, each once', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const customers = ['user_1', 'user_2', 'user_3']
  for (const customer of customers) {
    await buy(world, farebox, customer)
    await world.client.customers.update(await paymentCustomerOf(world, customer), { metadata: { farebox_customer: 'x' } })
  }
  const events = (await world.events()).filter(({ type }) => type === 'invoice.paid')
  for (const event of events) for (let attempt = 0; attempt < 8; attempt += 1) await world.deliver(farebox, event)
  await world.client.customers.update(await paymentCustomerOf(world, 'user_2'), { metadata: { farebox_customer: 'user_2' } })
  const replays = (await Promise.all([replayParked(farebox), replayParked(world.process())])).flat()
  const kinds = customers.map((customer) => replays.filter((replay) => replay.customer === customer).map(({ kind }) => kind))
  expect(kinds.map((of) => of.includes('applied'))).toEqual([false, true, false])
  expect(kinds.map((of) => of.includes('parked'))).toEqual([true, false, true])
  expect((await replayParked(farebox)).map(({ kind }) => kind)).toEqual(['parked', 'parked'])
})

it('puts an event aside of which eight workers were lost', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const parked: unknown[] = []
  farebox.events.on('event.parked', ({ data }) => void parked.push(data))
  await buy(world, farebox, 'user_1')
  const event = await find(world, 'invoice.paid')
  const never = world.process({ client: clientOf(world.simulator, () => createGate().passed) })
  for (let attempt = 0; attempt < 8; attempt += 1) {
    void world.deliver(never, event)
    await untilClaimed(world, 'user_1', attempt + 1)
    expect((await rowsOf(world, 'user_1')).inbox[0]?.value).toMatchObject({ state: 'processing', attempts: attempt })
    world.simulator.clock.advance({ seconds: 31 })
  }
  const failure = 'worker-lost'
  expect(await world.deliver(farebox, event)).toEqual({ kind: 'parked', customer: 'user_1', failure })
  await drainOutbox(farebox, 'user_1')
  expect(parked).toEqual([{ event: event.id, type: 'invoice.paid', failure }])
  expect(await replayParked(farebox)).toMatchObject([{ event: event.id, kind: 'applied' }])
})

it('counts a burst of failing duplicates as one failure', async () => {
  const world = await createWorld({ onTheWay: () => yieldTimes(3) })
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const event = await find(world, 'invoice.paid')
  await world.client.customers.update(await paymentCustomerOf(world, 'user_1'), { metadata: { farebox_customer: 'x' } })
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => world.deliver(farebox, event)))
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['failed']))
  expect((await rowsOf(world, 'user_1')).inbox[0]?.value).toMatchObject({ state: 'failed', attempts: 1 })
})

it('heals through an outage of Stripe: 30 % of its answers are 429, some never come', async () => {
  const random = seededRandom(11)
  let isBusy = false
  let injected = 0
  const world = await createWorld({
    async onTheWay() {
      if (!isBusy || random.next() > 0.2) return undefined
      injected += 1
      if (random.next() < 0.3) throw new TypeError('fetch failed')
      return Response.json({ error: { type: 'invalid_request_error', code: 'rate_limit', message: 'canary' } }, { status: 429 })
    },
  })
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  isBusy = true
  for (const event of await world.events()) {
    let outcome = await world.deliver(farebox, event)
    for (let attempt = 0; attempt < 8 && outcome.kind === 'failed'; attempt += 1) {
      expect(outcome.failure).toMatch(/^unavailable/)
      outcome = await world.deliver(farebox, event)
    }
    expect(['applied', 'ignored']).toContain(outcome.kind)
  }
  expect(injected).toBeGreaterThan(4)
  expect(JSON.stringify(world.logged)).not.toContain('canary')
  await expectLikeStripe(world, 'user_1')
})

it('writes no row for what changes nothing, is a stranger\'s, or of the other mode', { timeout: 300_000 }, async () => {
  const world = await createWorld()
  const farebox = world.process()
  const stranger = await world.client.customers.create({ email: 'stranger@example.com' })
  const flood = Array.from({ length: isFull ? 100_000 : 300 }, (_, index) => about(`thing.number_${index}`, { customer: stranger.id }))
  const others = [
    about('customer.subscription.updated', { object: 'subscription', customer: stranger.id }),
    about('customer.subscription.updated', { object: 'subscription', customer: 'cus_of_another_account' }),
    about('customer.subscription.updated', { object: 'subscription', customer: stranger.id }, { livemode: true }),
    about('invoice.upcoming', { object: 'invoice', customer: stranger.id }),
    about('invoice.paid', { object: 'invoice', customer: null }),
  ]
  for (const event of [...flood, ...others]) expect(await world.deliver(farebox, event)).toEqual({ kind: 'ignored', customer: null })
  const { records } = world.store
  const kept = await Promise.all([
    records.find({ collection: 'inbox', index: 'keepUntil', where: { atMost: Number.MAX_SAFE_INTEGER }, limit: 10 }),
    records.find({ collection: 'customers', index: 'createdAt', where: { atMost: Number.MAX_SAFE_INTEGER }, limit: 10 }),
  ])
  expect(kept).toEqual([[], []])
  expect(world.logged).toEqual([])
})

it('links a customer whose event comes before our own row knows of it, and never two', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const paymentCustomer = await makePaymentCustomer(world.client, 'user_1')
  expect(await world.deliver(farebox, await find(world, 'customer.created'))).toEqual({ kind: 'applied', customer: 'user_1' })
  expect(await paymentCustomerOf(world, 'user_1')).toBe(paymentCustomer)

  await makePaymentCustomer(world.client, 'user_1')
  expect(await world.deliver(farebox, await find(world, 'customer.created'))).toEqual({ kind: 'ignored', customer: null })
  expect(await paymentCustomerOf(world, 'user_1')).toBe(paymentCustomer)
  expect(world.logged).toHaveLength(1)
})

it('takes the plan away with a customer that is deleted in Stripe', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  await convergeCustomer(farebox, 'user_1')
  const paymentCustomer = await paymentCustomerOf(world, 'user_1')
  await world.client.customers.del(paymentCustomer)
  expect(await world.deliver(farebox, await find(world, 'customer.deleted'))).toMatchObject({ kind: 'applied' })
  const rows = await rowsOf(world, 'user_1')
  expect(rows.customers[0]?.value.paymentCustomer).toBeNull()
  expect(rows.subscriptions.map(({ value }) => value)).toEqual(await expectedSubscriptions(world.client, paymentCustomer))
})

it('gives nothing for a subscription that Stripe no longer lists, and everything once it does again', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  await convergeCustomer(farebox, 'user_1')
  const { payments } = farebox
  const forgetful: Context = {
    ...world.process(),
    payments: payments && { ...payments, readCustomer: async (id) => ({ ...(await payments.readCustomer(id)), subscriptions: [] }) },
  }
  await convergeCustomer(forgetful, 'user_1')
  expect((await rowsOf(world, 'user_1')).subscriptions[0]?.value).toMatchObject({ status: 'unknown', endedAt: world.clock.now() })
  expect(world.logged.map(({ message }) => message)).toEqual(['A subscription gives nothing: its status is not known, or Stripe no longer lists it'])
  await convergeCustomer(farebox, 'user_1')
  await expectLikeStripe(world, 'user_1')
})

it('tells the log of a subscription that is paid for and whose plan cannot be told, and sells no other beside it', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1', 'team')
  await convergeCustomer(farebox, 'user_1')
  const [subscription] = (await world.client.subscriptions.list()).data
  const { data: planned } = await world.client.prices.list({ lookup_keys: ['farebox_pro_month'] })
  await world.client.subscriptions.update(subscription?.id ?? '', { items: planned.map(({ id }) => ({ price: id })) })
  const twice = async (): Promise<unknown> => {
    for (let round = 0; round < 2; round += 1) await convergeCustomer(farebox, 'user_1')
    const stored = (await rowsOf(world, 'user_1')).subscriptions[0]?.value
    expect(stored).toMatchObject({ ours: true, plan: null, status: 'active' })
    const refusal = await startCheckout(farebox, { customer: 'user_1', plan: 'team', interval: 'month', ...addresses }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'already-subscribed' })
    return world.logged.splice(0).map(({ fields }) => fields)
  }
  const customer = 'user_1'
  const item = subscription?.items.data[0]
  expect(await twice()).toEqual([{ customer, subscription: subscription?.id, plan: null, price: item?.price.id }])

  // Moved by hand to a price that is none of ours.
  const { data } = await world.client.subscriptionItems.list({ subscription: subscription?.id ?? '' })
  const price = await world.client.prices.create({
    product_data: { name: 'By hand' }, currency: 'usd', unit_amount: 1, recurring: { interval: 'month' },
  })
  const [first, ...others] = data.map(({ id }) => id)
  const items = [{ id: first ?? '', price: price.id }, ...others.map((id) => ({ id, deleted: true }))]
  await world.client.subscriptions.update(subscription?.id ?? '', { items })
  expect(await twice()).toEqual([{ customer, subscription: subscription?.id, plan: null, price: price.id }])
  await expectLikeStripe(world, 'user_1')
})

it('reads thin events, and counts them once with their snapshot twins', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const event = await find(world, 'customer.subscription.created')
  const thin = {
    id: 'evt_thin_1',
    object: 'v2.core.event',
    type: 'v1.customer.subscription.created',
    livemode: false,
    created: '2026-01-31T10:00:00.000Z',
    snapshot_event: event.id,
    related_object: { id: 'id' in event.data.object ? event.data.object.id : '', type: 'subscription', url: '/v1/subscriptions/x' },
  }
  expect(await world.deliver(farebox, thin)).toEqual({ kind: 'applied', customer: 'user_1' })
  expect(await world.deliver(farebox, event)).toEqual({ kind: 'duplicate', customer: 'user_1' })
  expect(await world.deliver(farebox, { ...thin, snapshot_event: 'evt_2', related_object: { id: 'sub_unknown' } } as never)).toMatchObject({ kind: 'ignored' })
})

it('reads every page: 101 subscriptions of one customer', { timeout: 60_000 }, async () => {
  const world = await createWorld()
  const farebox = world.process()
  for (let round = 0; round < 101; round += 1) {
    await buy(world, farebox, 'user_1')
    const [subscription] = (await world.client.subscriptions.list()).data
    await world.client.subscriptions.cancel(subscription?.id ?? '')
  }
  await convergeCustomer(farebox, 'user_1')
  expect((await rowsOf(world, 'user_1')).subscriptions).toHaveLength(101)
  await expectLikeStripe(world, 'user_1')
})

it('counts grace from the oldest open invoice, month after month', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1', 'team')
  const paymentCustomer = await paymentCustomerOf(world, 'user_1')
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  world.simulator.clock.advance({ months: 1, hours: 2 })
  await convergeCustomer(farebox, 'user_1')
  const since = (await rowsOf(world, 'user_1')).subscriptions[0]?.value.pastDueSince
  expect(since).toBeLessThan(world.clock.now())
  world.simulator.clock.advance({ days: 10 })
  await convergeCustomer(farebox, 'user_1')
  expect((await rowsOf(world, 'user_1')).subscriptions[0]?.value).toMatchObject({ status: 'past_due', pastDueSince: since })
  await expectLikeStripe(world, 'user_1')
})

it('forgets events only when Stripe can no longer send them', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  for (const event of await world.events()) await world.deliver(farebox, event)
  const count = (await rowsOf(world, 'user_1')).inbox.length
  world.simulator.clock.advance({ days: 34 })
  expect(await sweepStore(farebox)).toMatchObject({ inbox: 0 })
  world.simulator.clock.advance({ days: 1 })
  expect(await sweepStore(farebox)).toMatchObject({ inbox: count })
  expect((await rowsOf(world, 'user_1')).inbox).toEqual([])
})
