import { Stripe } from 'stripe'
import { beforeEach, expect, it } from 'vitest'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { loadCustomer } from '../../src/use-cases/customers/load-customer.ts'
import { reconcile } from '../../src/use-cases/healing/reconcile.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { finishOperation } from '../../src/use-cases/payments/finish-operation.ts'
import { findOperation } from '../../src/use-cases/payments/operation-rows.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type PaidPlan, type PlanWorld, addresses, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, subscriptionsOf } from './plans.ts'
import { expectLikeStripe, paymentCustomerOf } from './scene.ts'
import { yieldOnce } from './world.ts'

const request = { customer, ...addresses }
const goodCard = '4242424242424242'
const cardThatAsks = '4000002760003184'

let world: PlanWorld
let farebox: Context

/** A plan, a downgrade that is scheduled, and an upgrade whose payment nobody has confirmed. */
beforeEach(async () => {
  world = await createPlanWorld()
  farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  world.simulator.clock.advance({ days: 10 })
  await subscribe(farebox, { ...request, plan: 'basic' })
  await useCard(cardThatAsks)
  await subscribe(farebox, { ...request, plan: 'max' })
})

async function useCard(number: string): Promise<void> {
  world.simulator.setCard(await paymentCustomerOf(world, customer), number)
}

async function pendingPlan(): Promise<string | null | undefined> {
  await convergeCustomer(farebox, customer)
  return (await loadCustomer(farebox, customer)).records.subscriptions[0]?.pendingChange?.plan
}

async function pass(time: Parameters<PlanWorld['simulator']['clock']['advance']>[0]): Promise<void> {
  world.simulator.clock.advance(time)
  await sweepStore(world.process())
}

it('plans the downgrade again that an upgrade had put aside, once nobody has paid it', async () => {
  expect(await invoicesOf(world)).toEqual(['3000 paid', expect.stringMatching(/open$/)])
  await pass({ hours: 22 })
  expect(await pendingPlan()).toBeUndefined()
  await pass({ hours: 2 })
  expect(await pendingPlan()).toBe('basic')
  await useCard(goodCard)
  await pass({ months: 1 })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  expect(await invoicesOf(world)).toEqual(['3000 paid', expect.stringMatching(/void$/), '1000 paid'])
  await convergeCustomer(farebox, customer)
  await expectLikeStripe(world, customer)
})

it('goes on with the upgrade where it was paid in the end', async () => {
  await useCard(goodCard)
  const [invoice] = (await world.client.invoices.list({ status: 'open' })).data
  await world.client.invoices.pay(invoice?.id ?? '')
  await pass({ hours: 25 })
  expect(await pendingPlan()).toBeUndefined()
  await pass({ months: 1 })
  expect(await liveItems(world)).toEqual(['max:month × 1'])
})

it.each([
  ['is taken back with the payment', true],
  ['stays where nobody pays', false],
])('an end that was scheduled %s', async (_, isPaid) => {
  await pass({ hours: 25 })
  await useCard(goodCard)
  await cancelSubscription(farebox, { customer })
  await useCard(cardThatAsks)
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'action-required' })
  const endsAt = async (): Promise<number | null | undefined> => (await world.client.subscriptions.list()).data[0]?.cancel_at
  // Whoever does not pay for more is not charged for what was going to end, either.
  expect(await endsAt()).not.toBeNull()
  await useCard(goodCard)
  const [invoice] = (await world.client.invoices.list({ status: 'open' })).data
  if (isPaid) await world.client.invoices.pay(invoice?.id ?? '')
  await pass({ hours: isPaid ? 1 : 25 })
  expect((await finishOperation(farebox, customer))?.value.state).toBe(isPaid ? 'done' : 'abandoned')
  expect((await endsAt()) === null).toBe(isPaid)
  await pass({ months: 1 })
  expect(await liveItems(world)).toEqual(isPaid ? ['max:month × 1'] : [])
  await convergeCustomer(farebox, customer)
  await expectLikeStripe(world, customer)
})

it('keeps what was put aside through a second upgrade that is not paid either', async () => {
  await pass({ hours: 2 })
  expect(await subscribe(world.process(), { ...request, plan: 'max', interval: 'year' })).toMatchObject({ kind: 'action-required' })
  await pass({ hours: 25 })
  expect(await pendingPlan()).toBe('basic')
})

const days = 86_400_000
const rest = (): Promise<unknown> => pauseSubscription(farebox, { customer, until: world.clock.now() + 5 * days })

it.each([
  ['with an end', rest],
  ['without an end', () => pauseSubscription(farebox, { customer })],
  ['that is asked for twice', async () => {
    const until = world.clock.now() + 5 * days
    await pauseSubscription(farebox, { customer, until })
    expect(await pauseSubscription(farebox, { customer, until })).toMatchObject({ kind: 'unchanged' })
  }],
  ['that is over', async () => {
    await rest()
    expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  }],
  ['that is ended twice', async () => {
    await rest()
    await resumeSubscription(farebox, { customer })
    expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'unchanged' })
  }],
  ['that somebody else finishes', async () => {
    const client = unwritten(() => Response.error())
    await expect(pauseSubscription(world.process({ client }), { customer })).rejects.toMatchObject({ code: 'unavailable' })
    await pass({ minutes: 2 })
    expect((await subscriptionsOf(world))[0]?.pause_collection).toMatchObject({ behavior: 'void' })
  }],
  ['that Stripe refuses', async () => {
    const client = unwritten(() => refusal(400, 'pause_refused'))
    await expect(pauseSubscription(world.process({ client }), { customer })).rejects.toMatchObject({ code: 'payments-failed' })
  }],
  ['that nobody began with', async () => {
    const client = unwritten(() => Response.error())
    await expect(pauseSubscription(world.process({ client }), { customer })).rejects.toMatchObject({ code: 'unavailable' })
    await pass({ minutes: 20 })
    expect((await subscriptionsOf(world))[0]?.pause_collection).toBeNull()
  }],
])('plans the downgrade again through a pause %s', async (_name, act) => {
  await act()
  expect(await pendingPlan()).toBeUndefined()
  await pass({ hours: 22 })
  expect(await pendingPlan()).toBeUndefined()
  await pass({ hours: 3 })
  expect(await pendingPlan()).toBe('basic')
  await useCard(goodCard)
  await pass({ days: 10 })
  await resumeAnyRest()
  await pass({ months: 1 })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  await convergeCustomer(farebox, customer)
  await expectLikeStripe(world, customer)
})

async function resumeAnyRest(): Promise<void> {
  const [live] = await subscriptionsOf(world)
  if (live?.pause_collection) await resumeSubscription(farebox, { customer })
}

it.each([
  ['during a pause', rest],
  ['after a pause that Stripe refused', async () => {
    await world.client.invoiceItems.create({ customer: await paymentCustomerOf(world, customer), amount: 500, currency: 'usd' })
    const client = unwritten(() => refusal(400, 'invoice_refused'), /\/v1\/invoices$/)
    await expect(pauseSubscription(world.process({ client }), { customer })).rejects.toMatchObject({ code: 'payments-failed' })
    expect((await findOperation(farebox, customer))?.value).toMatchObject({ state: 'waiting', intent: { kind: 'pause' }, steps: [{}, {}], outcomes: [] })
  }],
])('goes on with the upgrade where it was paid %s', async (_name, act) => {
  await act()
  await useCard(goodCard)
  const [invoice] = (await world.client.invoices.list({ status: 'open' })).data
  await world.client.invoices.pay(invoice?.id ?? '')
  await pass({ hours: 1 })
  expect((await finishOperation(farebox, customer))?.value.state).toBe('done')
  const isResting = act === rest
  expect((await subscriptionsOf(world))[0]?.pause_collection !== null).toBe(isResting)
  await pass({ hours: 25 })
  expect(await pendingPlan()).toBeUndefined()
  await pass({ months: 1 })
  expect(await liveItems(world)).toEqual(['max:month × 1'])
})

it('keeps what was put aside through a second upgrade after a pause', async () => {
  await rest()
  await resumeSubscription(farebox, { customer })
  expect(await subscribe(world.process(), { ...request, plan: 'max', interval: 'year' })).toMatchObject({ kind: 'action-required' })
  await useCard(goodCard)
  const [invoice] = (await world.client.invoices.list({ status: 'open' })).data
  await pass({ hours: 2 })
  expect(await pendingPlan()).toBeUndefined()
  await world.client.invoices.pay(invoice?.id ?? '')
  await pass({ hours: 1 })
  expect((await finishOperation(farebox, customer))?.value).toMatchObject({ state: 'done', intent: { kind: 'change', interval: 'year' } })
  expect(await liveItems(world)).toEqual(['max:year × 1'])
})

/** What is taken off what the subscription becomes next. */
async function nextDiscounts(): Promise<Stripe.SubscriptionSchedule.Phase.Discount[] | null> {
  const [subscription] = (await world.client.subscriptions.list({ expand: ['data.schedule'] })).data
  const schedule = subscription?.schedule
  return typeof schedule === 'object' ? (schedule?.phases.at(-1)?.discounts ?? null) : null
}

async function nextCodes(): Promise<unknown> {
  return (await nextDiscounts())?.map(({ promotion_code }) => promotion_code) ?? null
}

it.each([
  ['with the promotion code that it was wanted with', true],
  ['without its promotion code where that has run out', false],
])('plans the downgrade again %s', async (_name, isGood) => {
  await pass({ hours: 25 })
  await useCard(goodCard)
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 3 })
  const code = await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'STAY' })
  await subscribe(farebox, { ...request, plan: 'basic', promotionCode: 'STAY' })
  expect(await nextCodes()).toEqual([code.id])
  await useCard(cardThatAsks)
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'action-required' })
  expect(await nextCodes()).toBeNull()
  if (!isGood) await world.client.promotionCodes.update(code.id, { active: false })
  await pass({ hours: 25 })
  expect(await pendingPlan()).toBe('basic')
  expect(await nextCodes()).toEqual(isGood ? [code.id] : [])
  await expectLikeStripe(world, customer)
})

it('plans the downgrade again with everything that was to be taken off from it on', async () => {
  await pass({ hours: 25 })
  await useCard(goodCard)
  const create = (percent_off: number): Promise<Stripe.Coupon> => world.client.coupons.create({ percent_off, duration: 'forever' })
  const [first, second, gift] = [await create(10), await create(20), await create(30)]
  const codes = [
    await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: first.id }, code: 'FIRST' }),
    await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: second.id }, code: 'SECOND' }),
  ].map(({ id }) => ({ promotion_code: id }))
  await subscribe(farebox, { ...request, plan: 'basic' })
  // Somebody adds to it in the dashboard.
  const [subscription] = (await world.client.subscriptions.list({ expand: ['data.schedule'] })).data
  const schedule = subscription?.schedule
  if (typeof schedule !== 'object' || schedule === null) throw new Error('There is no schedule')
  const phases = schedule.phases.map(({ items, start_date, end_date }, index) => ({
    items: items.map(({ price, quantity }) => ({ price: typeof price === 'string' ? price : price.id, quantity: quantity ?? 1 })),
    start_date,
    end_date,
    ...(index === 1 && { discounts: [...codes, { coupon: gift.id }] }),
  }))
  await world.client.subscriptionSchedules.update(schedule.id, { end_behavior: 'release', phases })
  const wanted = await nextDiscounts()
  expect(wanted).toHaveLength(3)
  await useCard(cardThatAsks)
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'action-required' })
  expect(await nextDiscounts()).toBeNull()
  await pass({ hours: 25 })
  expect(await pendingPlan()).toBe('basic')
  expect(await nextDiscounts()).toEqual(wanted)
  await expectLikeStripe(world, customer)
})

it('plans the downgrade again where a process died just when its promotion code had been refused', async () => {
  await pass({ hours: 25 })
  await useCard(goodCard)
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'once' })
  const code = await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'STAY' })
  await subscribe(farebox, { ...request, plan: 'basic', promotionCode: 'STAY' })
  await useCard(cardThatAsks)
  await subscribe(farebox, { ...request, plan: 'max' })
  await world.client.promotionCodes.update(code.id, { active: false })
  world.simulator.clock.advance({ hours: 25 })
  const { records } = world.store
  let isDead = false
  const dying: typeof records = {
    ...records,
    async load(...asked) {
      if (isDead) throw new Error('The process has died')
      return records.load(...asked)
    },
    async commit(owner, writes) {
      const outcome = await records.commit(owner, writes)
      isDead ||= writes.some((write) => write.collection === 'operations' && write.value?.failure != null)
      return outcome
    },
  }
  await sweepStore(world.process({ store: { ...world.store, records: dying } })).catch(() => undefined)
  expect(isDead).toBe(true)
  await pass({ hours: 1 })
  expect(await pendingPlan()).toBe('basic')
  expect(await nextCodes()).toEqual([])
})

it('plans the downgrade again where Stripe refuses the upgrade after it has made way', async () => {
  await pass({ hours: 25 })
  expect(await pendingPlan()).toBe('basic')
  await useCard(goodCard)
  const client = clientThat(async (asked) => {
    const isChange = asked.method === 'POST' && /\/v1\/subscriptions\/sub_/.test(asked.url) && (await asked.clone().text()).includes('items')
    return isChange ? refusal(400, 'price_inactive') : undefined
  })
  await expect(subscribe(world.process({ client }), { ...request, plan: 'max' })).rejects.toMatchObject({ code: 'payments-failed' })
  await pass({ minutes: 2 })
  expect(await liveItems(world)).toEqual(['plus:month × 1'])
  expect(await pendingPlan()).toBe('basic')
})

it.each([
  ['a cancellation', () => cancelSubscription(farebox, { customer }), null, true],
  ['the plan that is there', () => subscribe(farebox, { ...request, plan: 'plus' }), undefined, false],
  ['the downgrade itself', () => subscribe(farebox, { ...request, plan: 'basic' }), 'basic', false],
] as const)('forgets it where the customer wants something else: %s', async (_name, act, pending, ends) => {
  await act()
  await pass({ hours: 25 })
  expect((await pendingPlan()) ?? null).toBe(pending ?? null)
  const [subscription] = (await loadCustomer(farebox, customer)).records.subscriptions
  expect(subscription?.cancelAt !== null).toBe(ends)
})

it('leaves alone what was changed elsewhere meanwhile', async () => {
  const [subscription] = (await world.client.subscriptions.list()).data
  const id = subscription?.id ?? ''
  await world.client.subscriptions.update(id, { cancel_at_period_end: true })
  await pass({ hours: 25 })
  expect((await world.client.subscriptions.retrieve(id)).cancel_at_period_end).toBe(true)
  await expectLikeStripe(world, customer)
})

it('is finished by a reconciliation where nothing sweeps', async () => {
  world.simulator.clock.advance({ hours: 22 })
  expect((await reconcile(farebox, {}, yieldOnce)).findings).toEqual([])
  world.simulator.clock.advance({ hours: 3 })
  expect(await pendingPlan()).toBeUndefined()
  world.simulator.clock.advance({ hours: 1 })
  const left = { kind: 'stuck-operation', customer, intent: 'change' }
  expect((await reconcile(farebox, { dryRun: true }, yieldOnce)).findings).toEqual([expect.objectContaining({ ...left, repaired: false })])
  expect((await reconcile(farebox, {}, yieldOnce)).findings).toContainEqual(expect.objectContaining({ ...left, repaired: true }))
  expect(await pendingPlan()).toBe('basic')
  expect((await reconcile(farebox, {}, yieldOnce)).findings).toEqual([])
})

function refusal(status: number, code?: string): Response {
  return Response.json({ error: { type: 'invalid_request_error', code, message: 'No' } }, { status })
}

/** A client that is answered so in Stripe's place. */
function clientThat(answers: (asked: Request) => Promise<Response | undefined>): Stripe {
  const answer = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const asked = new Request(url, init)
    return (await answers(asked)) ?? world.simulator.fetch(asked)
  }
  const httpClient = Stripe.createFetchHttpClient(answer)
  return new Stripe('sk_test_world', { httpClient, host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
}

/** A client that is answered so where it changes a subscription. */
function unwritten(answer: () => Response, path = /\/v1\/subscriptions\/sub_/): Stripe {
  return clientThat(async ({ method, url }) => (method === 'POST' && path.test(url) ? answer() : undefined))
}

/** A client that is answered so where it asks for a subscription. */
function refusedClient(status: number, code?: string): Stripe {
  return clientThat(async ({ method, url }) => (method === 'GET' && /\/v1\/subscriptions\/sub_/.test(url) ? refusal(status, code) : undefined))
}

it.each([[401, undefined, 'unavailable'], [403, undefined, 'payments-failed'], [400, 'api_version_unsupported', 'payments-failed']])(
  'gives nothing up where Stripe does not answer what it was asked: %i',
  async (status, code, failure) => {
    const process = world.process({ client: refusedClient(status, code) })
    world.simulator.clock.advance({ hours: 24 })
    await expect(finishOperation(process, customer)).rejects.toMatchObject({ code: failure })
    await sweepStore(process)
    await pass({ hours: 1 })
    expect(await pendingPlan()).toBe('basic')
  },
)

it('keeps nobody from anything where Stripe no longer tells of the subscription that waits', async () => {
  const client = refusedClient(404, 'resource_missing')
  expect(await convergeCustomer(world.process({ client }), customer)).toMatchObject({ kind: 'applied' })
  expect((await finishOperation(farebox, customer))?.value).toMatchObject({ state: 'refused', failure: 'payments-failed:resource_missing', dueAt: null })
})

it.each<[PaidPlan]>([['basic'], ['max']])('is finished by the next click as well, also one for %s', async (plan) => {
  world.simulator.clock.advance({ hours: 25 })
  await useCard(goodCard)
  const outcome = await subscribe(world.process(), { ...request, plan })
  expect(outcome.kind).toBe(plan === 'max' ? 'changed' : 'scheduled')
  await pass({ months: 1 })
  expect(await liveItems(world)).toEqual([`${plan}:month × 1`])
})
