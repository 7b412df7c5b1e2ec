import type { RecordStore } from '@farebox/core'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { grantUsage } from '../../src/use-cases/admin/grant-usage.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { consumeUsage } from '../../src/use-cases/counting/consume-usage.ts'
import { checkAccess } from '../../src/use-cases/decisions/check-access.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type PlanWorld, addresses, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, subscriptionsOf } from './plans.ts'
import { buy, expectLikeStripe, getEvent, paymentCustomerOf, rowsOf } from './scene.ts'
import { type World, clientOf, createGate, createWorld, sessionOf, webhookSecret } from './world.ts'

// What went wrong elsewhere, each with the guard that keeps it from going wrong here: without it the test fails.

const request = { customer, ...addresses }
const monthly = { ...request, interval: 'month' } as const

/** A client to which `answer` may answer in Stripe's place. */
function answering(world: World, answer: (given: Request) => Promise<Response | undefined>): Stripe {
  const fetch = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const given = new Request(url, init)
    return (await answer(given.clone())) ?? world.simulator.fetch(given)
  }
  return new Stripe('sk_test_world', {
    httpClient: Stripe.createFetchHttpClient(fetch), host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false,
  })
}

async function begin(plan: 'basic' | 'plus' = 'basic'): Promise<{ readonly world: PlanWorld; readonly farebox: Context }> {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, plan)
  await convergeCustomer(farebox, customer)
  return { world, farebox }
}

/** Behind our back. */
async function switchTo({ client, prices }: PlanWorld, plan: 'plus' | 'max'): Promise<void> {
  const [subscription] = (await client.subscriptions.list()).data
  const [item] = subscription?.items.data ?? []
  await client.subscriptions.update(subscription?.id ?? '', { items: [{ id: item?.id ?? '', price: prices.get(`${plan}:month`) ?? '' }] })
}

async function storedPlan({ store }: World): Promise<string | null | undefined> {
  return (await store.records.load(customer, ['subscriptions'])).rows.subscriptions[0]?.value.plan
}

it('second subscription: the page of another plan is closed before a new one opens', async () => {
  const world = await createPlanWorld()
  const first = await startCheckout(world.process(), { ...monthly, plan: 'basic' })
  const second = await startCheckout(world.process(), { ...monthly, plan: 'plus' })
  expect(() => world.simulator.completeCheckout(sessionOf(first.url))).toThrow('expired')
  world.simulator.completeCheckout(sessionOf(second.url))
  expect(await subscriptionsOf(world)).toHaveLength(1)
})

it('second subscription: nothing is sold beside a subscription of which no webhook ever came', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'basic')
  await expect(startCheckout(world.process(), { ...monthly, plan: 'plus' })).rejects.toMatchObject({ code: 'already-subscribed' })
  expect((await world.client.checkout.sessions.list({ status: 'open' })).data).toEqual([])
})

it('duplicate checkout: two clicks on one plan share one page', async () => {
  const world = await createPlanWorld()
  const clicks = [world.process(), world.process(), world.process()].map((farebox) => startCheckout(farebox, { ...monthly, plan: 'basic' }))
  await Promise.all(clicks)
  await startCheckout(world.process(), { ...monthly, plan: 'basic' })
  expect((await world.client.checkout.sessions.list()).data).toHaveLength(1)
})

it('two customers: whoever is first makes the only one', async () => {
  const world = await createPlanWorld()
  await Promise.all([1, 2, 3].map(() => startCheckout(world.process(), { ...monthly, plan: 'basic' })))
  expect((await world.client.customers.list()).data).toHaveLength(1)
})

it('stale fetch: what was read first and is stored last does not win', async () => {
  const { world } = await begin()
  const [arrived, gate] = [createGate(), createGate()]
  let held = false
  const slow = world.process({
    client: answering(world, async (given) => {
      if (held || !new URL(given.url).pathname.endsWith('/subscriptions')) return undefined
      held = true
      const old = await world.simulator.fetch(given)
      arrived.open()
      await gate.passed
      return old
    }),
  })
  await switchTo(world, 'plus')
  const late = convergeCustomer(slow, customer)
  await arrived.passed
  await switchTo(world, 'max')
  await convergeCustomer(world.process(), customer)
  gate.open()
  await late
  expect(await storedPlan(world)).toBe('max')
})

it('same-second events: the older of two that carry one second arrives last and takes nothing back', async () => {
  const { world, farebox } = await begin()
  await switchTo(world, 'plus')
  await switchTo(world, 'max')
  const [newer, older] = (await world.events()).filter(({ type }) => type === 'customer.subscription.updated')
  expect(newer?.created).toBe(older?.created)
  for (const event of [newer, older]) if (event !== undefined) await world.deliver(farebox, event)
  expect(await storedPlan(world)).toBe('max')
})

it('same-second events: a change in the second of the last reading is read all the same', async () => {
  const { world, farebox } = await begin()
  const [subscription] = await subscriptionsOf(world)
  await world.client.subscriptions.cancel(subscription?.id ?? '')
  await world.deliver(farebox, await getEvent(world, 'customer.subscription.deleted'))
  expect((await getSnapshot(farebox, { customer })).plan).toBe('free')
})

it('portal cancel_at: an end that the portal set is seen, though the flag stays false', async () => {
  const { world, farebox } = await begin()
  const [subscription] = await subscriptionsOf(world)
  const at = subscription?.items.data[0]?.current_period_end ?? 0
  const changed = await world.client.subscriptions.update(subscription?.id ?? '', { cancel_at: at })
  expect(changed.cancel_at_period_end).toBe(false)
  await convergeCustomer(farebox, customer)
  expect((await getSnapshot(farebox, { customer })).notices).toEqual([{ kind: 'cancellation-scheduled', at: new Date(at * 1000).toISOString() }])
})

it('missing period on basil: periods are read from the items', async () => {
  const { world, farebox } = await begin()
  // The first period begins with the subscription, which would do in place of it.
  world.simulator.clock.advance({ months: 1, hours: 1 })
  await convergeCustomer(farebox, customer)
  expect(Object.keys((await subscriptionsOf(world))[0] ?? {})).not.toContain('current_period_end')
  expect((await getSnapshot(farebox, { customer })).subscription).toMatchObject({
    currentPeriodStart: '2026-02-28T10:00:00.000Z', currentPeriodEnd: '2026-03-31T10:00:00.000Z',
  })
})

it('swallowed error: a delivery that could not be worked off is not acknowledged, and its repetition is no duplicate', async () => {
  const { world, farebox } = await begin()
  const [subscription] = await subscriptionsOf(world)
  await world.client.subscriptions.cancel(subscription?.id ?? '')
  const event = await getEvent(world, 'customer.subscription.deleted')
  const cut = world.process({ client: clientOf(world.simulator, () => Promise.reject(new Error('down'))) })
  expect(await world.deliver(cut, event)).toMatchObject({ kind: 'failed' })
  expect(await world.deliver(farebox, event)).toMatchObject({ kind: 'applied' })
})

it('acknowledged and lost: nothing is called applied whose commit did not happen', async () => {
  const { world } = await begin()
  const { records } = world.store
  const broken: RecordStore = { ...records, load: records.load.bind(records), find: records.find.bind(records), forget: records.forget.bind(records), commit: () => Promise.reject(new Error('The database is gone')) }
  const event = await getEvent(world, 'invoice.paid')
  expect(await world.deliver(world.process({ store: { ...world.store, records: broken } }), event)).toMatchObject({ kind: 'failed' })
  expect((await rowsOf(world, customer)).inbox).toEqual([])
})

it('first page only: the live subscription behind a hundred ended ones is found', async () => {
  const { world, farebox } = await begin('plus')
  const owner = await paymentCustomerOf(world, customer)
  world.simulator.setCard(owner, '4242424242424242')
  for (let index = 0; index < 101; index += 1) {
    const made = await world.client.subscriptions.create({ customer: owner, items: [{ price: world.prices.get('basic:month') ?? '' }] })
    await world.client.subscriptions.cancel(made.id)
  }
  await convergeCustomer(farebox, customer)
  expect((await rowsOf(world, customer)).subscriptions).toHaveLength(102)
  expect((await getSnapshot(farebox, { customer })).plan).toBe('plus')
})

it('trial taken again: who canceled a trial pays at once the next time', async () => {
  const world = await createWorld()
  const farebox = world.process()
  await buy(world, farebox, customer)
  await convergeCustomer(farebox, customer)
  const [first] = await subscriptionsOf(world)
  expect(first?.status).toBe('trialing')
  await world.client.subscriptions.cancel(first?.id ?? '')
  await convergeCustomer(farebox, customer)
  await buy(world, farebox, customer)
  expect((await subscriptionsOf(world)).map(({ status, trial_end }) => `${status} ${trial_end === null}`)).toEqual(['active true', 'canceled false'])
})

it('link by e-mail: somebody else with the same address is not the customer', async () => {
  const world = await createPlanWorld()
  const stranger = await world.client.customers.create({ email: 'ann@example.com' })
  await startCheckout(world.process(), { ...monthly, plan: 'basic', email: 'ann@example.com' })
  const [session] = (await world.client.checkout.sessions.list()).data
  expect(session?.customer).not.toBe(stranger.id)
  await world.client.subscriptions.create({ customer: stranger.id, items: [{ price: world.prices.get('max:month') ?? '' }], payment_behavior: 'default_incomplete' })
  expect(await world.deliver(world.process(), await getEvent(world, 'customer.subscription.created'))).toMatchObject({ kind: 'ignored' })
})

it('event before the row: a payment of which nothing is stored yet finds its customer', async () => {
  const world = await createPlanWorld()
  const owner = await world.client.customers.create({ metadata: { farebox_customer: customer } })
  world.simulator.setCard(owner.id, '4242424242424242')
  await world.client.subscriptions.create({ customer: owner.id, items: [{ price: world.prices.get('plus:month') ?? '' }] })
  expect(await world.deliver(world.process(), await getEvent(world, 'customer.subscription.created'))).toMatchObject({ kind: 'applied', customer })
  expect(await storedPlan(world)).toBe('plus')
})

it('month end: usage periods that began on the 31st come back to it', async () => {
  const { world, farebox } = await begin()
  world.simulator.clock.advance({ to: Date.UTC(2026, 2, 15) })
  await convergeCustomer(farebox, customer)
  expect((await getSnapshot(farebox, { customer })).usage['apiCalls']).toMatchObject({
    periodStart: '2026-02-28T10:00:00.000Z', periodEnd: '2026-03-31T10:00:00.000Z',
  })
})

it('meter dropped: usage that Stripe could not count is told', async () => {
  const { world, farebox } = await begin()
  const event = {
    id: 'evt_meter_1', object: 'v2.core.event', type: 'v1.billing.meter.error_report_triggered', livemode: false,
    related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
  }
  await world.deliver(farebox, event)
  expect(world.logged.map(({ fields }) => fields['failure'])).toContain('usage-dropped')
})

it('price added instead of exchanged: after an upgrade there is one item', async () => {
  const { world, farebox } = await begin()
  await subscribe(farebox, { ...request, plan: 'plus' })
  expect(await liveItems(world)).toEqual(['plus:month × 1'])
})

it('key reused with other parameters: two upgrades on one day are two changes', async () => {
  const { world, farebox } = await begin()
  expect(await subscribe(farebox, { ...request, plan: 'plus' })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect(await liveItems(world)).toEqual(['max:month × 1'])
})

it('stored 500 replayed: a failure that Stripe repeats is looked into, and taken for no end', async () => {
  const { world } = await begin()
  let failed: string | null = null
  const client = answering(world, async (given) => {
    if (given.method !== 'POST' || !/subscriptions\/sub_\w+$/.test(given.url)) return undefined
    const key = given.headers.get('idempotency-key')
    if (failed !== null && failed !== key) return undefined
    const isReplay = failed === key
    failed = key
    const headers = { 'content-type': 'application/json', ...(isReplay && { 'idempotent-replayed': 'true' }) }
    return Response.json({ error: { type: 'api_error', message: 'canary' } }, { status: 500, headers })
  })
  const farebox = world.process({ client })
  await expect(subscribe(farebox, { ...request, plan: 'plus' })).rejects.toMatchObject({ code: 'unavailable' })
  expect(await subscribe(farebox, { ...request, plan: 'plus' })).toMatchObject({ plan: 'plus' })
  expect(await liveItems(world)).toEqual(['plus:month × 1'])
  expect(await invoicesOf(world)).toHaveLength(2)
})

it('late active after canceled: an answer from before the end revives nothing', async () => {
  const { world, farebox } = await begin()
  let old: Response | undefined
  const lagging = world.process({
    client: answering(world, async (given) => {
      if (!new URL(given.url).pathname.endsWith('/subscriptions')) return undefined
      old ??= await world.simulator.fetch(given)
      return old.clone()
    }),
  })
  await convergeCustomer(lagging, customer)
  await world.client.subscriptions.cancel((await subscriptionsOf(world))[0]?.id ?? '')
  await convergeCustomer(farebox, customer)
  await convergeCustomer(lagging, customer)
  expect((await rowsOf(world, customer)).subscriptions.map(({ value }) => value.status)).toEqual(['canceled'])
  await expectLikeStripe(world, customer)
})

it('one change, two events: handlers are told once', async () => {
  const { world, farebox } = await begin()
  const told: string[] = []
  farebox.events.on('subscription.changed', ({ id }) => void told.push(id))
  await world.client.subscriptions.update((await subscriptionsOf(world))[0]?.id ?? '', { cancel_at_period_end: true })
  const event = await getEvent(world, 'customer.subscription.updated')
  await world.deliver(farebox, event)
  await convergeCustomer(farebox, customer)
  expect(await world.deliver(farebox, { ...event, id: `${event.id}again` })).toMatchObject({ kind: 'applied' })
  await convergeCustomer(farebox, customer)
  expect(told).toHaveLength(1)
})

it('event counted twice: the same event is done once', async () => {
  const { world, farebox } = await begin()
  const event = await getEvent(world, 'invoice.paid')
  expect(await world.deliver(farebox, event)).toMatchObject({ kind: 'applied' })
  expect(await world.deliver(world.process(), event)).toMatchObject({ kind: 'duplicate' })
})

it('credited twice: one business fact grants once, whoever tells of it', async () => {
  const { world, farebox } = await begin()
  for (const context of [farebox, world.process()]) await grantUsage(context, { customer, feature: 'apiCalls', amount: 100, key: 'grant:in_1:il_1' })
  expect(await checkAccess(farebox, { customer, feature: 'apiCalls' })).toMatchObject({ limit: 150 })
})

it('usage reset by an upgrade: what was used stays used', async () => {
  const { world, farebox } = await begin()
  await consumeUsage(farebox, { customer, feature: 'apiCalls', amount: 7 })
  world.simulator.clock.advance({ days: 3 })
  await subscribe(farebox, { ...request, plan: 'plus' })
  expect(await checkAccess(farebox, { customer, feature: 'apiCalls' })).toMatchObject({ limit: 500, used: 7 })
})

it('access dropped by a failed card: it goes on for the days of grace, and not beyond', async () => {
  const { world, farebox } = await begin('plus')
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  world.simulator.clock.advance({ months: 1 })
  await convergeCustomer(farebox, customer)
  expect(await checkAccess(farebox, { customer, feature: 'exports' })).toMatchObject({ allowed: true })
  world.simulator.clock.advance({ days: 7 })
  expect(await checkAccess(farebox, { customer, feature: 'exports' })).toMatchObject({ allowed: false, reason: 'payment-past-due' })
})

it('unpaid upgrade: the dearer plan is given with its payment', async () => {
  const { world, farebox } = await begin()
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  await subscribe(farebox, { ...request, plan: 'max' })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'basic', status: 'active' })
})

it('new status: a word that Stripe adds gives nothing', async () => {
  const { world } = await begin('plus')
  const client = answering(world, async (given) => {
    if (!new URL(given.url).pathname.endsWith('/subscriptions')) return undefined
    const text = await (await world.simulator.fetch(given)).text()
    return new Response(text.replaceAll('"status":"active"', '"status":"hibernating"'), { headers: { 'content-type': 'application/json' } })
  })
  const farebox = world.process({ client })
  await convergeCustomer(farebox, customer)
  expect(await checkAccess(farebox, { customer, feature: 'exports' })).toMatchObject({ allowed: false })
})

it('test events in live mode: they change nothing', async () => {
  const { world } = await begin()
  const live = { ...world.process(), payments: stripePayments({ client: world.client, webhookSecret, mode: 'live' }) }
  expect(await world.deliver(live, await getEvent(world, 'customer.subscription.created'))).toEqual({ kind: 'ignored', customer: null })
})
