import type { RecordStore } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { ensurePaymentCustomer } from '../../src/use-cases/checkout/ensure-payment-customer.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { finishOperation } from '../../src/use-cases/payments/finish-operation.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type PlanWorld, addresses, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, subscriptionsOf } from './plans.ts'
import { expectLikeStripe } from './scene.ts'
import { type World, sessionOf, yieldOnce } from './world.ts'

const request = { customer, ...addresses }

/** A client to which Stripe answers as `answer` says, each request by its path; `undefined` lets it through. */
function answering(world: World, answer: (request: Request) => Promise<Response | undefined>): Stripe {
  const fetch = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const given = new Request(url, init)
    return (await answer(given.clone())) ?? world.simulator.fetch(given)
  }
  return new Stripe('sk_test_world', {
    httpClient: Stripe.createFetchHttpClient(fetch), host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false,
  })
}

/** Stripe fails in the first request to `path`, before or after it took effect, and repeats that under the same key. */
function storingFailure(world: World, path: RegExp, took: 'effect' | 'none'): { readonly client: Stripe; readonly keys: string[] } {
  const keys: string[] = []
  let failed: string | undefined
  const client = answering(world, async (given) => {
    const key = given.headers.get('idempotency-key')
    if (given.method !== 'POST' || key === null || !path.test(new URL(given.url).pathname)) return undefined
    keys.push(key)
    const isReplay = key === failed
    if (failed !== undefined && !isReplay) return undefined
    if (!isReplay && took === 'effect') await world.simulator.fetch(given)
    failed = key
    const headers = { 'content-type': 'application/json', 'request-id': 'req_1', ...(isReplay && { 'idempotent-replayed': 'true' }) }
    return new Response(JSON.stringify({ error: { type: 'api_error', message: 'canary' } }), { status: 500, headers })
  })
  return { client, keys }
}

it.each(['effect', 'none'] as const)('finds out what a failure that Stripe repeats has done (%s), before it takes another key', async (took) => {
  for (const [path, act, settled] of [
    [/subscriptions\/sub_\w+$/, (farebox: Context) => subscribe(farebox, { ...request, plan: 'max' }), ['max:month × 1']],
    [/subscription_schedules$/, (farebox: Context) => subscribe(farebox, { ...request, plan: 'basic' }), ['plus:month × 1']],
    [/subscription_schedules\/\w+$/, (farebox: Context) => subscribe(farebox, { ...request, plan: 'basic' }), ['plus:month × 1']],
  ] as const) {
    const world = await createPlanWorld()
    await buyPlan(world, world.process(), 'plus')
    const { client, keys } = storingFailure(world, path, took)
    const farebox = world.process({ client })
    await expect(act(farebox)).rejects.toMatchObject({ code: 'unavailable' })
    const second = await act(farebox)
    expect(['changed', 'scheduled', 'unchanged']).toContain(second.kind)
    expect(await liveItems(world)).toEqual(settled)
    expect((await world.client.subscriptionSchedules.list()).data.length).toBeLessThanOrEqual(1)
    expect((await invoicesOf(world)).length).toBeLessThanOrEqual(2)
    // What took effect was found by a reading; what did not was asked for once more, under a key of its own.
    expect(new Set(keys).size, `${path}`).toBe(took === 'effect' ? 1 : 2)
    await expectLikeStripe(world, customer)
  }
})

it.each(['effect', 'none'] as const)('makes one customer and one session after a failure that Stripe repeats (%s)', async (took) => {
  const world = await createPlanWorld()
  const customers = storingFailure(world, /v1\/customers$/, took)
  const first = world.process({ client: customers.client })
  await expect(ensurePaymentCustomer(first, customer)).rejects.toMatchObject({ code: 'unavailable' })
  await ensurePaymentCustomer(first, customer)
  expect((await world.client.customers.list()).data).toHaveLength(1)
  const sessions = storingFailure(world, /checkout\/sessions$/, took)
  const second = world.process({ client: sessions.client })
  const order = { ...request, plan: 'plus', interval: 'month' } as const
  await expect(startCheckout(second, order)).rejects.toMatchObject({ code: 'unavailable' })
  const { url } = await startCheckout(second, order)
  const { data } = await world.client.checkout.sessions.list()
  expect(data.map(({ id }) => id)).toEqual([sessionOf(url)])
})

it.each([0, 3])('finds the customer that such a failure has made, also where Stripe\'s clock is behind the store\'s, %s hours later', async (hours) => {
  const ahead = 30 * 60_000
  const world = await createPlanWorld({ createStore: (clock) => memoryStore({ clock: { now: () => clock.now() + ahead } }) })
  const farebox = world.process({ client: storingFailure(world, /v1\/customers$/, 'effect').client })
  await expect(ensurePaymentCustomer(farebox, customer)).rejects.toMatchObject({ code: 'unavailable' })
  world.simulator.clock.advance({ hours })
  await ensurePaymentCustomer(farebox, customer)
  expect((await world.client.customers.list()).data).toHaveLength(1)
})

it('waits for the other one where the same write is under way', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  let busy = 3
  const client = answering(world, async (given) => {
    if (given.method !== 'POST' || !/subscriptions\/sub_\w+$/.test(new URL(given.url).pathname) || busy === 0) return undefined
    busy -= 1
    const error = { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'canary' }
    return Response.json({ error }, { status: 409 })
  })
  const dying: RecordStore = {
    ...world.store.records,
    async commit(id, writes) {
      const outcome = await world.store.records.commit(id, writes)
      if (writes.some((write) => write.collection === 'operations' && write.value?.state === 'open')) throw new Error('killed')
      return outcome
    },
  }
  await expect(subscribe(world.process({ store: { ...world.store, records: dying } }), { ...request, plan: 'max' })).rejects.toThrow('killed')
  const waits: number[] = []
  const entry = await finishOperation(world.process({ client }), customer, async (pause) => {
    waits.push(pause)
    await yieldOnce()
  })
  expect(entry?.value).toMatchObject({ state: 'done', dueAt: null })
  expect(waits).toEqual([100, 100, 100])
  expect(await liveItems(world)).toEqual(['max:month × 1'])
})

/** A process that dies as soon as its operation is stored, before its first write. */
async function leaveBehind(world: PlanWorld, plan: string): Promise<void> {
  const records: RecordStore = {
    ...world.store.records,
    async commit(id, writes) {
      const outcome = await world.store.records.commit(id, writes)
      if (writes.some((write) => write.collection === 'operations' && write.value?.state === 'open')) throw new Error('killed')
      return outcome
    },
  }
  await expect(subscribe(world.process({ store: { ...world.store, records } }), { ...request, plan })).rejects.toThrow('killed')
}

it('abandons what nobody has begun with in a quarter of an hour, and charges nobody for it', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  await leaveBehind(world, 'max')
  world.simulator.clock.advance({ minutes: 16 })
  expect(await sweepStore(world.process())).toMatchObject({ operations: 1 })
  expect(await liveItems(world)).toEqual(['plus:month × 1'])
  expect(await invoicesOf(world)).toEqual(['3000 paid'])
  const { rows } = await world.store.records.load(customer, ['operations'])
  expect(rows.operations.map(({ value }) => value.state)).toEqual(['abandoned'])
  expect(await sweepStore(world.process())).toMatchObject({ operations: 0 })
  expect(await subscribe(world.process(), { ...request, plan: 'max' })).toMatchObject({ kind: 'changed', plan: 'max' })
})

it('carries on what has begun, however old it is', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  await subscribe(world.process(), { ...request, plan: 'basic' })
  // Stripe releases the schedule, and the process dies before it can write that down.
  let isReleased = false
  const client = answering(world, async (given) => {
    if (isReleased) throw new Error('killed')
    if (!new URL(given.url).pathname.endsWith('/release')) return undefined
    isReleased = true
    await world.simulator.fetch(given)
    throw new Error('killed')
  })
  await expect(subscribe(world.process({ client }), { ...request, plan: 'max' })).rejects.toMatchObject({ code: 'unavailable' })
  world.simulator.clock.advance({ hours: 3 })
  expect(await sweepStore(world.process())).toMatchObject({ operations: 1 })
  expect(await liveItems(world)).toEqual(['max:month × 1'])
})

/** Has something happen right before the first commit to a collection. */
function interrupted(world: PlanWorld, collection: 'checkouts' | 'operations', happen: () => Promise<unknown>): Context {
  let hasHappened = false
  const records: RecordStore = {
    ...world.store.records,
    async commit(id, writes) {
      if (!hasHappened && writes.some((write) => write.collection === collection && write.value !== null)) {
        hasHappened = true
        await happen()
      }
      return world.store.records.commit(id, writes)
    },
  }
  return world.process({ store: { ...world.store, records } })
}

it('opens no checkout after an operation that came between', async () => {
  const world = await createPlanWorld()
  const paymentCustomer = await ensurePaymentCustomer(world.process(), customer)
  const card = await world.client.paymentMethods.attach('pm_card_visa', { customer: paymentCustomer })
  const slow = interrupted(world, 'checkouts', async () => {
    const items = [{ price: world.prices.get('basic:month') ?? '' }]
    await world.client.subscriptions.create({ customer: paymentCustomer, items, default_payment_method: card.id })
    await subscribe(world.process(), { ...request, plan: 'max' })
  })
  await expect(startCheckout(slow, { ...request, plan: 'plus', interval: 'month' })).rejects.toMatchObject({ code: 'already-subscribed' })
  expect((await world.client.checkout.sessions.list({ status: 'open' })).data).toEqual([])
})

it('begins no operation after a checkout that came between', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  let page = ''
  const slow = interrupted(world, 'operations', async () => {
    const [subscription] = await subscriptionsOf(world)
    await world.client.subscriptions.cancel(subscription?.id ?? '')
    page = (await startCheckout(world.process(), { ...request, plan: 'max', interval: 'month' })).url
  })
  expect(await subscribe(slow, { ...request, plan: 'max' })).toEqual({ kind: 'checkout', url: page })
  const { rows } = await world.store.records.load(customer, ['operations'])
  expect(rows.operations).toEqual([])
})

it('is swept after a minute, not before', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  await leaveBehind(world, 'max')
  expect(await sweepStore(world.process())).toMatchObject({ operations: 0 })
  world.simulator.clock.advance({ minutes: 1 })
  expect(await sweepStore(world.process())).toMatchObject({ operations: 1 })
  expect(await liveItems(world)).toEqual(['max:month × 1'])
})

it('finishes what was begun before it sells, and before it changes to something else', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  await leaveBehind(world, 'max')
  expect(await subscribe(world.process(), { ...request, plan: 'basic' })).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  expect(await liveItems(world)).toEqual(['max:month × 1'])
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
})

it('is told of a step that Stripe refuses, and holds up nothing after it', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  let isRefusing = true
  const client = answering(world, async (given) => {
    if (given.method !== 'POST' || !isRefusing || !/subscriptions\/sub_\w+$/.test(new URL(given.url).pathname)) return undefined
    return Response.json({ error: { type: 'invalid_request_error', code: 'resource_busy', message: 'canary' } }, { status: 400 })
  })
  const farebox = world.process({ client })
  await expect(subscribe(farebox, { ...request, plan: 'max' })).rejects.toMatchObject({ code: 'payments-failed', reason: 'resource_busy' })
  const { rows } = await world.store.records.load(customer, ['operations'])
  expect(rows.operations.map(({ value }) => [value.state, value.failure, value.dueAt])).toEqual([['refused', 'payments-failed:resource_busy', null]])
  expect(world.logged.map(({ message }) => message)).toContain('Stripe refused a step of a change')
  expect(JSON.stringify([world.logged, rows])).not.toContain('canary')
  isRefusing = false
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'changed' })
})

it.each([
  ['charge_automatically', 'pending_if_incomplete'],
  // https://docs.stripe.com/billing/subscriptions/pending-updates: only for what is charged automatically.
  ['send_invoice', undefined],
] as const)('has an upgrade wait for its payment only where Stripe takes such an update: %s', async (collection_method, behavior) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  const [bought] = await subscriptionsOf(world)
  await world.client.subscriptions.update(bought?.id ?? '', { collection_method, ...(collection_method === 'send_invoice' && { days_until_due: 30 }) })
  await subscribe(farebox, { ...request, plan: 'plus' })
  const { rows } = await world.store.records.load(customer, ['operations'])
  const [step] = rows.operations.flatMap(({ value }) => value.steps).filter(({ name }) => name === 'change-items')
  expect(Object(step?.parameters).update.payment_behavior).toBe(behavior)
})
