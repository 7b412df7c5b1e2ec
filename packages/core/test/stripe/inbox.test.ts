import type { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { useOf } from '../../src/drivers/stripe/event-types.ts'
import { createCrashes } from '../../src/testing/chaos-crashes.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { signedStripeEvent } from '../../src/testing/signed-stripe-event.ts'
import { linkPaymentCustomer } from '../../src/use-cases/checkout/ensure-payment-customer.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { drainOutbox } from '../../src/use-cases/delivering/outbox.ts'
import { checkHealth } from '../../src/use-cases/healing/check-health.ts'
import { replayParked } from '../../src/use-cases/healing/replay.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { receiveWebhook } from '../../src/use-cases/webhooks/receive-webhook.ts'
import type { WebhookOutcome } from '../../src/use-cases/webhooks/webhook-outcome.ts'
import { buy, expectLikeStripe, getEvent, paymentCustomerOf, rowsOf } from './scene.ts'
import { type World, clientOf, createGate, createOutage, createWorld, isFull, webhookSecret, yieldOnce, yieldTimes } from './world.ts'

it('takes each of many events once, each delivered fifty times at the same time to two processes', { timeout: 300_000 }, async () => {
  const world = await createWorld()
  const processes = [world.process(), world.process()]
  const customers = Array.from({ length: isFull ? 100 : 4 }, (_, index) => `user_${index}`)
  for (const customer of customers) await buy(world, world.process(), customer)
  const events = (await world.events()).filter(({ type }) => useOf(type) === 'converge')
  const told: string[] = []
  for (const context of processes) context.events.on('subscription.changed', ({ id }) => void told.push(id))
  const random = seededRandom(3)
  const copies = random.shuffle(events.flatMap((event) => Array.from({ length: 50 }, () => event)))
  const outcomes = await Promise.all(copies.map((event) => deliverAtLast(world, random.pick(processes), event)))
  expect(outcomes.filter(({ kind }) => kind === 'applied' || kind === 'superseded')).toHaveLength(events.length)
  expect(outcomes.filter(({ kind }) => kind === 'duplicate')).toHaveLength(events.length * 49)
  for (const customer of customers) for (const context of processes.slice(0, 1)) await drainOutbox(context, customer)
  expect(new Set(told).size).toBe(customers.length)
})

/** Who is told to come again does, as Stripe would. */
async function deliverAtLast(world: World, context: Context, event: Stripe.Event): Promise<WebhookOutcome> {
  const outcome = await world.deliver(context, event)
  return outcome.kind === 'in-progress' ? deliverAtLast(world, context, event) : outcome
}

/** A signed event whose first delivery has begun and goes on when the gate opens. */
async function receiveSlowly() {
  const gate = createGate()
  let isSlow = false
  const world = await createWorld({ onTheWay: () => (isSlow ? gate.passed : Promise.resolve()) })
  await buy(world, world.process(), 'user_1')
  const event = await getEvent(world, 'invoice.paid')
  const signed = await signedStripeEvent({ body: JSON.stringify(event), secret: webhookSecret, at: Date.now() })
  isSlow = true
  const farebox = world.process()
  const first = receiveWebhook(farebox, signed)
  await yieldTimes(10)
  return { world, event, signed, farebox, first, gate }
}

it('lets a duplicate wait five seconds for the first one, then asks Stripe to come again', async () => {
  const { world, event, signed, farebox, first, gate } = await receiveSlowly()
  let waited = 0
  const second = await receiveWebhook(farebox, signed, async (pause) => void (waited += pause))
  expect(second.kind).toBe('in-progress')
  expect(waited).toBe(5000)
  const third = receiveWebhook(farebox, signed, yieldOnce)
  gate.open()
  expect((await first).kind).toBe('applied')
  expect((await third).kind).toBe('duplicate')
  expect(await world.deliver(world.process(), event)).toEqual({ kind: 'duplicate', customer: 'user_1' })
})

it('lets all duplicates of an event wait together', async () => {
  const { signed, farebox, first, gate } = await receiveSlowly()
  let pauses = 0
  const wait = async (): Promise<void> => {
    pauses += 1
    return yieldOnce()
  }
  const duplicates = await Promise.all(Array.from({ length: 20 }, () => receiveWebhook(farebox, signed, wait)))
  expect(new Set(duplicates.map(({ kind }) => kind))).toEqual(new Set(['in-progress']))
  expect(pauses).toBeLessThan(100)
  gate.open()
  expect((await first).kind).toBe('applied')
})

it('writes nothing for a worker that stalled, however late it wakes, when another was faster', async () => {
  const gate = createGate()
  const world = await createWorld()
  await buy(world, world.process(), 'user_1')
  const event = await getEvent(world, 'invoice.paid')
  const told: string[] = []
  const stalled = world.process({ client: clientOf(world.simulator, () => gate.passed) })
  const lively = world.process()
  for (const context of [stalled, lively]) context.events.on('plan.changed', ({ id }) => void told.push(id))
  const first = world.deliver(stalled, event)
  await yieldTimes(10)
  expect((await world.deliver(lively, event)).kind).toBe('applied')
  const before = await rowsOf(world, 'user_1')
  gate.open()
  expect(await first).toMatchObject({ kind: 'duplicate' })
  expect((await rowsOf(world, 'user_1'))).toEqual(before)
  await drainOutbox(lively, 'user_1')
  expect(told).toHaveLength(1)
  expect(before.customers[0]?.value).toMatchObject({ converged: 1 })
})

it('puts an event aside that fails eight times in the same way, tells of it, and heals by a replay', async () => {
  const world = await createWorld()
  const farebox = world.process()
  const parked: unknown[] = []
  farebox.events.on('event.parked', ({ data }) => void parked.push(data))
  await buy(world, farebox, 'user_1')
  const event = await getEvent(world, 'invoice.paid')
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
  const crashes = createCrashes({ call: 2, moment: 'before', survives: false })
  await expect(replayParked(world.process({ store: crashes.store(world.store) }))).rejects.toMatchObject({ code: 'unavailable' })
  expect((await checkHealth(farebox)).parts.webhooks).toBe('degraded')
  expect((await world.deliver(farebox, event)).kind).toBe('parked')
  await drainOutbox(farebox, 'user_1')
  expect(parked).toHaveLength(1)

  await world.client.customers.update(paymentCustomer, { metadata: { farebox_customer: 'user_1' } })
  expect(await replayParked(farebox)).toEqual([{ ...stillParked, kind: 'applied', failure: null }])
  expect(await replayParked(farebox)).toEqual([])
  await expectLikeStripe(world, 'user_1')
  expect((await checkHealth(farebox)).parts.webhooks).toBe('ok')
})

it('keeps what is put aside until it was done, and a note of it as long as of any other', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const event = await getEvent(world, 'invoice.paid')
  await world.client.customers.update(await paymentCustomerOf(world, 'user_1'), { metadata: { farebox_customer: 'x' } })
  for (let attempt = 0; attempt < 8; attempt += 1) await world.deliver(farebox, event)
  world.simulator.clock.advance({ years: 1 })
  expect(await sweepStore(farebox)).toMatchObject({ inbox: 0 })
  await world.client.customers.update(await paymentCustomerOf(world, 'user_1'), { metadata: { farebox_customer: 'user_1' } })
  expect(await replayParked(farebox)).toMatchObject([{ event: event.id, kind: 'applied' }])
  world.simulator.clock.advance({ days: 34 })
  expect(await sweepStore(farebox)).toMatchObject({ inbox: 0 })
  world.simulator.clock.advance({ days: 1 })
  expect(await sweepStore(farebox)).toMatchObject({ inbox: 1 })
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

it('replays everything that is put aside, also behind a thousand that fail again', async () => {
  const world = await createWorld()
  const { records } = world.store
  const farebox = world.process({ client: clientOf(world.simulator, () => Promise.reject(new Error('down'))) })
  const parked = { type: 'invoice.paid', state: 'parked', attempts: 8, outcome: null, failure: 'unavailable', receivedAt: 0, keepUntil: null } as const
  for (let number = 0; number < 1001; number += 1) {
    await linkPaymentCustomer(farebox, `user_${number}`, `cus_${number}`)
    await records.commit(`user_${number}`, [{ collection: 'inbox', id: `evt_${number}`, value: parked }])
  }
  const replays = await replayParked(farebox)
  expect(new Set(replays.map(({ customer }) => customer)).size).toBe(1001)
  expect(replays.filter(({ kind }) => kind !== 'parked')).toEqual([])
})

it('leaves done what somebody else has done while it failed here', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const event = await getEvent(world, 'invoice.paid')
  const overtaken = world.process({ client: clientOf(world.simulator, async () => {
    await world.deliver(farebox, event)
    throw new Error('cut off')
  }) })
  expect(await world.deliver(overtaken, event)).toMatchObject({ kind: 'failed' })
  expect((await rowsOf(world, 'user_1')).inbox.map(({ id, value }) => `${id} ${value.state}`)).toEqual([`${event.id} done`])
  expect(await world.deliver(overtaken, event)).toMatchObject({ kind: 'duplicate' })
})

it('puts nothing aside that fails now in one way and now in another', async () => {
  const outage = createOutage()
  const world = await createWorld(outage)
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const event = await getEvent(world, 'invoice.paid')
  await world.client.customers.update(await paymentCustomerOf(world, 'user_1'), { metadata: { farebox_customer: 'x' } })
  for (let attempt = 0; attempt < 20; attempt += 1) {
    outage.isOn = attempt % 7 === 6
    expect((await world.deliver(farebox, event)).kind).toBe('failed')
  }
})

it('forgets nothing that Stripe says nothing of, however long, and takes it up once it does', async () => {
  const outage = createOutage()
  const world = await createWorld(outage)
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  await world.deliver(farebox, await getEvent(world, 'customer.subscription.created'))
  outage.isOn = true
  expect((await world.deliver(farebox, await getEvent(world, 'invoice.paid'))).kind).toBe('failed')
  world.simulator.clock.advance({ days: 40 })
  expect(await sweepStore(farebox)).toMatchObject({ events: 0, inbox: 1 })
  expect((await checkHealth(farebox)).parts.webhooks).toBe('degraded')
  outage.isOn = false
  expect(await sweepStore(farebox)).toMatchObject({ events: 1, inbox: 0 })
  await expectLikeStripe(world, 'user_1')
  expect((await checkHealth(farebox)).parts.webhooks).toBe('ok')
})

it('counts a burst of failing duplicates as one failure', async () => {
  const gate = createGate()
  let isHeld = false
  const world = await createWorld({ onTheWay: () => (isHeld ? gate.passed : yieldTimes(3)) })
  const farebox = world.process()
  await buy(world, farebox, 'user_1')
  const event = await getEvent(world, 'invoice.paid')
  await world.client.customers.update(await paymentCustomerOf(world, 'user_1'), { metadata: { farebox_customer: 'x' } })
  // A signature is verified beside the event loop: who is verified after the first one has failed is no duplicate but the next try.
  isHeld = true
  const { payments } = farebox
  if (payments === null) throw new Error('There are no payments')
  let verified = 0
  const readDelivery: typeof payments.readDelivery = async (body, signature) => {
    const read = await payments.readDelivery(body, signature)
    verified += 1
    if (verified === 20) gate.open()
    return read
  }
  const receiving = { ...farebox, payments: { ...payments, readDelivery } }
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => world.deliver(receiving, event)))
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['failed']))
  expect((await rowsOf(world, 'user_1')).inbox[0]?.value).toMatchObject({ state: 'failed', attempts: 1 })
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
  const sweeps = await Promise.all([sweepStore(farebox), sweepStore(world.process())])
  expect(sweeps.map(({ inbox }) => inbox)).toEqual([count, 0])
  expect((await rowsOf(world, 'user_1')).inbox).toEqual([])
})
