import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { ensurePaymentCustomer } from '../../src/use-cases/checkout/ensure-payment-customer.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { loadCustomer } from '../../src/use-cases/customers/load-customer.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { type SubscribeOutcome, subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type Interval, type PaidPlan, type PlanWorld, addresses, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, plans, subscriptionsOf } from './plans.ts'
import { expectLikeStripe, getEvent, paymentCustomerOf } from './scene.ts'
import { sessionOf } from './world.ts'

const day = 86_400_000
const request = { customer, ...addresses }

const ends = (['basic', 'plus'] as const).flatMap((plan) => (['month', 'year'] as const).map((interval) => ({ plan, interval })))
const matrix = ends.flatMap((from) => ends.map((to) => [`${from.plan} by ${from.interval}`, `${to.plan} by ${to.interval}`, from, to] as const))

/** The rule of each move, written down by hand. */
function expectedWhen(from: { plan: PaidPlan; interval: Interval }, to: { plan: PaidPlan; interval: Interval }): 'never' | 'now' | 'later' {
  if (from.plan !== to.plan) return from.plan === 'basic' ? 'now' : 'later'
  if (from.interval === to.interval) return 'never'
  return to.interval === 'year' ? 'now' : 'later'
}

it.each(matrix)('moves from %s to %s', async (_from, _to, from, to) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, from.plan, from.interval)
  world.simulator.clock.advance({ days: 10 })
  const outcome = await subscribe(farebox, { ...request, ...to })
  const when = expectedWhen(from, to)
  const present = (end: typeof from): string[] => [`${end.plan}:${end.interval} × 1`]
  expect(await liveItems(world)).toEqual(present(when === 'now' ? to : from))
  expect(outcome.kind).toBe({ never: 'unchanged', now: 'changed', later: 'scheduled' }[when])
  await expectLikeStripe(world, customer)
  const [subscription] = (await loadCustomer(farebox, customer)).records.subscriptions
  const at = subscription?.currentPeriodEnd ?? 0
  expect(subscription?.pendingChange).toEqual(when === 'later' ? { ...to, quantity: 1, at } : null)
  expect('at' in outcome ? outcome.at : at).toBe(at)
  world.simulator.clock.advance({ to: at })
  await convergeCustomer(farebox, customer)
  expect(await liveItems(world)).toEqual(present(to))
  await expectLikeStripe(world, customer)
  expect((await loadCustomer(farebox, customer)).records.subscriptions[0]?.pendingChange).toBeNull()
  expect(await subscribe(farebox, { ...request, ...to })).toMatchObject({ kind: 'unchanged', plan: to.plan })
  expect(await subscriptionsOf(world)).toHaveLength(1)
})

it('begins a checkout where there is no subscription, and changes the one that Stripe alone knows of', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  const first = await subscribe(farebox, { ...request, plan: 'basic' })
  expect(first).toMatchObject({ kind: 'checkout' })
  world.simulator.completeCheckout(sessionOf(urlOf(first)))
  // No event was delivered: the records know of nothing yet.
  expect(await subscribe(world.process(), { ...request, plan: 'plus' })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await liveItems(world)).toEqual(['plus:month × 1'])
  const ended = await cancelSubscription(farebox, { customer, when: 'now' })
  expect(ended).toMatchObject({ kind: 'changed', plan: 'free' })
  expect(await subscribe(farebox, { ...request, plan: 'plus', interval: 'year' })).toMatchObject({ kind: 'checkout' })
})

it('charges an upgrade at once, by what is left of the period, and exactly what its preview said', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  world.simulator.clock.advance({ days: 14 })
  const preview = await previewPlanChange(farebox, { customer, plan: 'plus' })
  if (preview.kind !== 'change' || preview.now === null) throw new Error('A preview of a change')
  // 31 January to 28 February is 28 days, so half of it is left: 15 dollars less 5 dollars.
  expect(preview).toMatchObject({ when: 'now', prorationDate: world.clock.now(), next: { total: 3000 } })
  expect(preview.now).toMatchObject({ currency: 'usd', total: 1000, due: 1000 })
  expect(preview.now.lines.map(({ amount, proration }) => `${amount} ${proration}`).toSorted()).toEqual(['-500 true', '1500 true'])
  // What is clicked a minute later costs what was shown, line by line, whatever else was looked at meanwhile.
  await previewPlanChange(farebox, { customer, plan: 'max' })
  world.simulator.clock.advance({ minutes: 1 })
  await previewPlanChange(world.process(), { customer, plan: 'plus' })
  const { prorationDate } = preview
  expect(await subscribe(farebox, { ...request, plan: 'plus', prorationDate })).toMatchObject({ kind: 'changed' })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid'])
  const [invoice] = (await world.client.invoices.list({ limit: 1 })).data
  expect(written(invoice?.lines.data ?? [])).toEqual(written(preview.now.lines))
  // Sent again, it is the same change.
  expect(await subscribe(world.process(), { ...request, plan: 'plus', prorationDate })).toEqual({ kind: 'unchanged', plan: 'plus' })
})

function written(lines: readonly { readonly description: string | null; readonly amount: number }[]): string[] {
  return lines.map(({ description, amount }) => `${description} ${amount}`).toSorted()
}

it.each([
  { what: 'a dearer plan', to: { plan: 'max' }, isLess: false },
  { what: 'a longer interval', to: { plan: 'basic', interval: 'year' }, isLess: false },
  // So many that every minute counts.
  { what: 'three hundred of a dearer plan', to: { plan: 'plus', quantity: 300 }, isLess: true },
] as const)('costs a minute later what was shown: $what', async ({ to, isLess }) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  world.simulator.clock.advance({ days: 9, hours: 5, minutes: 3, seconds: 7 })
  const preview = await previewPlanChange(farebox, { customer, ...to })
  if (preview.kind !== 'change' || preview.now === null) throw new Error('A preview of a change')
  world.simulator.clock.advance({ minutes: 1 })
  const later = await previewPlanChange(farebox, { customer, ...to })
  expect(later.kind === 'change' && (later.now?.due ?? 0) < preview.now.due).toBe(isLess)
  await subscribe(farebox, { ...request, ...to, prorationDate: preview.prorationDate })
  expect(await invoicesOf(world)).toEqual(['1000 paid', `${preview.now.due} paid`])
})

const unfit: readonly (readonly [string, (at: number) => number])[] = [
  ['of sixteen minutes ago', (at) => at - 16 * 60_000],
  ['of a second to come', (at) => at + 1000],
  ['that no preview answers', (at) => at - 1],
  ['before the period', (at) => at - 10 * 60_000],
]

it.each(unfit)('refuses a date %s, and changes nothing', async (_which, dateOf) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  // Five minutes ago another period began.
  world.simulator.clock.advance({ days: 28, minutes: 5 })
  const before = world.simulator.state()
  const change = subscribe(farebox, { ...request, plan: 'plus', prorationDate: dateOf(world.clock.now()) })
  await expect(change).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'prorationDate' }] })
  expect(world.simulator.state()).toEqual(before)
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
})

it('pays nothing back for time that was never paid for: a change puts an end to what was previewed before it', async () => {
  const world = await createPlanWorld()
  const farebox = givingBack(world)
  await buyPlan(world, farebox, 'plus')
  world.simulator.clock.advance({ days: 14 })
  const preview = await previewPlanChange(farebox, { customer, plan: 'basic' })
  if (preview.kind !== 'change') throw new Error('A preview of a change')
  const { prorationDate } = preview
  expect(await subscribe(farebox, { ...request, plan: 'basic', prorationDate })).toMatchObject({ kind: 'changed' })
  world.simulator.clock.advance({ minutes: 7 })
  await subscribe(farebox, { ...request, plan: 'plus' })
  const again = subscribe(farebox, { ...request, plan: 'basic', prorationDate })
  await expect(again).rejects.toMatchObject({ faults: [{ path: 'prorationDate' }] })
  expect(await liveItems(world)).toEqual(['plus:month × 1'])
})

/** A process whose catalog gives back at once what a cheaper plan leaves unused. */
function givingBack(world: PlanWorld): Context {
  const moves = { ...plans.moves, downgrade: { when: 'now', proration: 'next-invoice' } } as const
  return { ...world.process(), catalog: { ...plans, moves } }
}

it('pays nothing back for the time before a change in Stripe\'s own portal', async () => {
  const world = await createPlanWorld()
  const farebox = givingBack(world)
  await buyPlan(world, farebox, 'basic')
  world.simulator.clock.advance({ days: 14 })
  await convergeCustomer(farebox, customer)
  const prorationDate = world.clock.now()
  world.simulator.clock.advance({ minutes: 14 })
  const [subscription] = await subscriptionsOf(world)
  const [item] = subscription?.items.data ?? []
  const items = [{ id: item?.id ?? '', price: world.prices.get('plus:month') ?? '' }]
  await world.client.subscriptions.update(subscription?.id ?? '', { items, proration_behavior: 'always_invoice' })
  const change = subscribe(farebox, { ...request, plan: 'basic', prorationDate })
  await expect(change).rejects.toMatchObject({ faults: [{ path: 'prorationDate' }] })
  expect(await liveItems(world)).toEqual(['plus:month × 1'])
  // Previewed as it is now, it may be given back a moment later.
  world.simulator.clock.advance({ minutes: 8 })
  const preview = await previewPlanChange(farebox, { customer, plan: 'basic' })
  world.simulator.clock.advance({ seconds: 30 })
  const previewed = preview.kind === 'change' ? preview.prorationDate : null
  expect(await subscribe(farebox, { ...request, plan: 'basic', prorationDate: previewed })).toMatchObject({ kind: 'changed' })
})

it.each<[string, (world: PlanWorld, id: string) => Promise<unknown>]>([
  ['the plan', (world, id) => setItem(world, id, { price: world.prices.get('basic:month') ?? '' })],
  ['the quantity', (world, id) => setItem(world, id, { quantity: 2 })],
  ['a pause that is over', async (world) => {
    await pauseSubscription(world.process(), { customer })
    await resumeSubscription(world.process(), { customer })
  }],
  ['a pause until an instant that is over', async (world) => {
    await pauseSubscription(world.process(), { customer, until: world.clock.now() + 5 * day })
    await resumeSubscription(world.process(), { customer })
  }],
])('ends what a preview holds with another change: %s', async (_what, change) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  world.simulator.clock.advance({ days: 14 })
  const preview = await previewPlanChange(farebox, { customer, plan: 'max' })
  const prorationDate = preview.kind === 'change' ? preview.prorationDate : null
  world.simulator.clock.advance({ minutes: 1 })
  const [subscription] = await subscriptionsOf(world)
  await change(world, subscription?.id ?? '')
  await convergeCustomer(farebox, customer)
  world.simulator.clock.advance({ minutes: 1 })
  await expect(subscribe(farebox, { ...request, plan: 'max', prorationDate })).rejects.toMatchObject({ faults: [{ path: 'prorationDate' }] })
})

async function setItem(world: PlanWorld, id: string, to: { readonly price?: string; readonly quantity?: number }): Promise<unknown> {
  const { items } = await world.client.subscriptions.retrieve(id)
  return world.client.subscriptions.update(id, { items: [{ id: items.data[0]?.id ?? '', ...to }] })
}

it('gives nobody a dearer plan for nothing who goes up and down again every quarter of an hour', async () => {
  const world = await createPlanWorld()
  const farebox = givingBack(world)
  await buyPlan(world, farebox, 'basic')
  world.simulator.clock.advance({ days: 14 })
  await subscribe(farebox, { ...request, plan: 'plus' })
  const bought = world.clock.now()
  world.simulator.clock.advance({ minutes: 15 })
  const down = async (prorationDate: number) => subscribe(farebox, { ...request, plan: 'basic', prorationDate })
  for (const date of [bought, bought + 10 * 60_000, bought + 14 * 60_000]) {
    await expect(down(date)).rejects.toMatchObject({ faults: [{ path: 'prorationDate' }] })
  }
  world.simulator.clock.advance({ hours: 4 })
  expect(await down(world.clock.now() - 14 * 60_000)).toMatchObject({ kind: 'changed' })
})

it('finds the page of what waits for its payment by the same date, and takes a date for nothing where nothing is prorated', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000002760003184')
  world.simulator.clock.advance({ days: 14 })
  const prorationDate = world.clock.now()
  world.simulator.clock.advance({ minutes: 2 })
  const outcome = await subscribe(farebox, { ...request, plan: 'plus', prorationDate })
  expect(outcome).toMatchObject({ kind: 'action-required', url: expect.stringMatching(/^http/) })
  expect(await subscribe(world.process(), { ...request, plan: 'plus', prorationDate })).toEqual(outcome)
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 open'])
  expect(await subscribe(farebox, { ...request, plan: 'free', prorationDate: 0 })).toMatchObject({ kind: 'scheduled' })
})

it.each(['ahead of', 'behind'])('previews and changes what lives on a test clock, more than a period %s the app', async (place) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  const { client } = world
  const now = Math.floor(world.clock.now() / 1000)
  const { id: test_clock } = await client.testHelpers.testClocks.create({ frozen_time: now })
  const { id } = await client.customers.create({
    test_clock, metadata: { farebox_customer: customer }, payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  await client.subscriptions.create({ customer: id, items: [{ price: world.prices.get('plus:month') ?? '' }] })
  await world.deliver(farebox, await getEvent(world, 'customer.created'))
  // Stripe keeps test clocks for thirty days.
  if (place === 'behind') world.simulator.clock.advance({ days: 29 })
  else await client.testHelpers.testClocks.advance(test_clock, { frozen_time: now + 40 * 86_400 })
  const preview = await previewPlanChange(farebox, { customer, plan: 'max' })
  expect(preview).toMatchObject({ kind: 'change', when: 'now', prorationDate: null, next: { total: 9000 } })
  if (preview.kind !== 'change') throw new Error('A change')
  expect(await subscribe(farebox, { ...request, plan: 'max', prorationDate: preview.prorationDate })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect((await client.invoices.list({ customer: id })).data[0]?.total).toBe(preview.now?.total)
})

it('previews what is only due later, an end, and nothing', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  const { currentPeriodEnd } = (await convergeCustomer(farebox, customer), await loadCustomer(farebox, customer)).records.subscriptions[0] ?? { currentPeriodEnd: 0 }
  expect(await previewPlanChange(farebox, { customer, plan: 'basic' })).toMatchObject({
    kind: 'change', when: 'period-end', at: currentPeriodEnd, now: null, prorationDate: null, next: { total: 1000 },
  })
  expect(await previewPlanChange(farebox, { customer, plan: 'free' })).toEqual({ kind: 'end', at: currentPeriodEnd })
  expect(await previewPlanChange(farebox, { customer, plan: 'plus' })).toEqual({ kind: 'unchanged' })
  expect(await invoicesOf(world)).toEqual(['3000 paid'])
})

it('gives no access to a higher plan before its payment is confirmed, and gives it then', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000002760003184')
  world.simulator.clock.advance({ days: 14 })
  const outcome = await subscribe(farebox, { ...request, plan: 'plus' })
  expect(outcome).toMatchObject({ kind: 'action-required', url: expect.stringMatching(/^http/) })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'basic', status: 'active' })
  // A second click finds the same page and makes no second invoice.
  expect(await subscribe(world.process(), { ...request, plan: 'plus' })).toEqual(outcome)
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 open'])
  const [invoice] = (await world.client.invoices.list({ status: 'open' })).data
  expect(urlOf(outcome)).toBe(invoice?.hosted_invoice_url)
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4242424242424242')
  await world.client.invoices.pay(invoice?.id ?? '')
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', status: 'active' })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid'])
})

it('gives no access to a higher plan on a card that is declined', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'action-required' })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'basic', status: 'active' })
  // It is forgotten after a day, and what was bought goes on.
  world.simulator.clock.advance({ days: 2 })
  await convergeCustomer(farebox, customer)
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  expect(await invoicesOf(world)).toEqual(['1000 paid', expect.stringMatching(/void$/)])
})

it('has who owes pay first, before anything dearer', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  world.simulator.clock.advance({ months: 1, hours: 2 })
  await convergeCustomer(farebox, customer)
  // A card that would pay for both changes nothing about the order.
  const owed = (await world.client.invoices.list({ status: 'open' })).data
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4242424242424242')
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toEqual({ kind: 'action-required', url: owed[0]?.hosted_invoice_url })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
})

it('leads who has not paid for months to the invoice that is still open, and not to the drafts that came after it', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  world.simulator.configure({ afterRetries: 'unpaid' })
  await buyPlan(world, farebox, 'basic')
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  world.simulator.clock.advance({ months: 4 })
  await convergeCustomer(farebox, customer)
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 open', '1000 draft', '1000 draft', '1000 draft'])
  const [owed] = (await world.client.invoices.list({ status: 'open' })).data
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toEqual({ kind: 'action-required', url: owed?.hosted_invoice_url })
})

it('ends at the end of the period what somebody had set to end later, also in years', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  const [subscription] = await subscriptionsOf(world)
  const periodEnd = subscription?.items.data[0]?.current_period_end ?? 0
  await world.client.subscriptions.update(subscription?.id ?? '', { cancel_at: Date.UTC(2029, 0, 1) / 1000 })
  expect(await cancelSubscription(farebox, { customer })).toMatchObject({ kind: 'scheduled', at: periodEnd * 1000 })
  expect((await subscriptionsOf(world))[0]?.cancel_at).toBe(periodEnd)
  // What ends sooner stays as it is.
  await world.client.subscriptions.update(subscription?.id ?? '', { cancel_at: periodEnd - 3600 })
  expect(await cancelSubscription(farebox, { customer })).toMatchObject({ kind: 'scheduled', at: (periodEnd - 3600) * 1000 })
})

it('replaces a scheduled change by another, and takes it back by the plan that is there', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'max')
  expect(await subscribe(farebox, { ...request, plan: 'plus' })).toMatchObject({ kind: 'scheduled', plan: 'plus' })
  expect(await subscribe(farebox, { ...request, plan: 'basic' })).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  expect(await subscribe(farebox, { ...request, plan: 'basic' })).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  expect((await world.client.subscriptionSchedules.list()).data).toHaveLength(1)
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'changed', plan: 'max' })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await liveItems(world)).toEqual(['max:month × 1'])
  expect(await invoicesOf(world)).toEqual(['9000 paid', '9000 paid'])
})

it('upgrades over a scheduled downgrade', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await subscribe(farebox, { ...request, plan: 'basic' })
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'changed', plan: 'max' })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await liveItems(world)).toEqual(['max:month × 1'])
})

it.each([
  ['another plan', undefined, 'basic', 'scheduled'],
  ['the plan that comes before the end', 'basic', 'basic', 'scheduled'],
  ['a higher plan', undefined, 'max', 'changed'],
  ['the plan that is there', 'basic', 'plus', 'changed'],
])('takes back an end that a schedule has set in the dashboard, for %s', async (_, next, plan, kind) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  const [before] = await subscriptionsOf(world)
  const { id, phases: [phase] } = await world.client.subscriptionSchedules.create({ from_subscription: before?.id ?? '' })
  const item = (name: string): { price: string; quantity: number } => ({ price: world.prices.get(`${name}:month`) ?? '', quantity: 1 })
  const last = next === undefined ? [] : [{ items: [item(next)], duration: { interval: 'month' as const, interval_count: 1 } }]
  const present = { items: [item('plus')], start_date: phase?.start_date ?? 0, end_date: phase?.end_date ?? 0 }
  await world.client.subscriptionSchedules.update(id, { end_behavior: 'cancel', phases: [present, ...last] })
  expect((await subscriptionsOf(world))[0]?.cancel_at).not.toBeNull()
  expect(await subscribe(farebox, { ...request, plan })).toMatchObject({ kind, plan })
  world.simulator.clock.advance({ months: 3 })
  expect(await liveItems(world)).toEqual([`${plan}:month × 1`])
})

it('cancels at the end of the period and resumes, also over a scheduled change', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  await subscribe(farebox, { ...request, plan: 'basic' })
  const canceled = await cancelSubscription(farebox, { customer })
  expect(canceled).toEqual({ kind: 'scheduled', plan: 'free', at: Date.UTC(2026, 1, 28, 10) })
  expect(await cancelSubscription(farebox, { customer })).toEqual(canceled)
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'unchanged' })
  await expectLikeStripe(world, customer)
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await liveItems(world)).toEqual(['plus:month × 1'])
})

it('takes a cancellation back when a plan is picked, and ends the subscription for the default plan', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic')
  expect(await subscribe(farebox, { ...request, plan: 'free' })).toMatchObject({ kind: 'scheduled', plan: 'free' })
  expect(await subscribe(farebox, { ...request, plan: 'basic' })).toMatchObject({ kind: 'changed', plan: 'basic' })
  await cancelSubscription(farebox, { customer })
  expect(await subscribe(farebox, { ...request, plan: 'plus' })).toMatchObject({ kind: 'changed', plan: 'plus' })
  await cancelSubscription(farebox, { customer })
  expect(await subscribe(farebox, { ...request, plan: 'basic' })).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
})

it('pauses with no access, and goes on when it is resumed', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  world.simulator.clock.advance({ days: 7 })
  expect(await pauseSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect(await pauseSubscription(farebox, { customer })).toMatchObject({ kind: 'unchanged' })
  await expectLikeStripe(world, customer)
  await expect(subscribe(farebox, { ...request, plan: 'max' })).rejects.toMatchObject({ code: 'already-subscribed', reason: 'paused' })
  world.simulator.clock.advance({ months: 3 })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
  await expectLikeStripe(world, customer)
})

it('pauses the collection alone of what is in the classic billing mode, which Stripe pauses no other way', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  const httpClient = Stripe.createFetchHttpClient(async (url, init) => {
    const text = await (await world.simulator.fetch(new Request(url, init))).text()
    return new Response(text.replaceAll('"type":"flexible"', '"type":"classic"'), { headers: { 'content-type': 'application/json' } })
  })
  const client = new Stripe('sk_test_world', { httpClient, host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  const farebox = world.process({ client })
  expect(await pauseSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect((await subscriptionsOf(world))[0]).toMatchObject({ status: 'active', pause_collection: { behavior: 'void', resumes_at: null } })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'plus' })
})

it('pauses until an instant, from when on it goes on without any news from Stripe', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  const until = world.clock.now() + 40 * day
  expect(await pauseSubscription(farebox, { customer, until })).toMatchObject({ kind: 'changed', plan: 'free' })
  await expectLikeStripe(world, customer)
  expect((await loadCustomer(farebox, customer)).records.subscriptions[0]?.paused).toMatchObject({ kind: 'collection', until })
  // What an upgrade costs would be paid, and give nothing until then.
  await expect(subscribe(farebox, { ...request, plan: 'max' })).rejects.toMatchObject({ code: 'already-subscribed', reason: 'paused' })
  await expect(previewPlanChange(farebox, { customer, plan: 'max' })).rejects.toMatchObject({ reason: 'paused' })
  expect(await invoicesOf(world)).toHaveLength(1)
  world.simulator.clock.advance({ to: until - 1000 })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'free' })
  world.simulator.clock.advance({ to: until })
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus' })
  for (const refused of [until, until + 731 * day]) {
    await expect(pauseSubscription(farebox, { customer, until: refused })).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'until' }] })
  }
})

it('ends at once what was never paid for, since it has no period that could end', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  const owner = await ensurePaymentCustomer(farebox, customer)
  await world.client.subscriptions.create({ customer: owner, items: [{ price: world.prices.get('plus:month') ?? '' }], payment_behavior: 'default_incomplete' })
  expect(await cancelSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'free' })
  expect((await subscriptionsOf(world)).map(({ ended_at }) => ended_at)).toEqual([world.clock.now() / 1000])
})

it('changes quantities: more at once, fewer at the end of the period, and keeps them with another plan', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'basic', 'month', 3)
  expect(await subscribe(farebox, { ...request, plan: 'basic', quantity: 5 })).toMatchObject({ kind: 'changed' })
  expect(await liveItems(world)).toEqual(['basic:month × 5'])
  expect(await subscribe(farebox, { ...request, plan: 'plus' })).toMatchObject({ kind: 'changed' })
  expect(await liveItems(world)).toEqual(['plus:month × 5'])
  expect(await subscribe(farebox, { ...request, plan: 'plus', quantity: 2 })).toMatchObject({ kind: 'scheduled' })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await liveItems(world)).toEqual(['plus:month × 2'])
})

it('leaves add-ons alone, now and at the end of the period, and does not guess between two plans', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  const [subscription] = await subscriptionsOf(world)
  const product = await world.client.products.create({ name: 'Add-on' })
  const extra = await world.client.prices.create({ product: product.id, currency: 'usd', unit_amount: 500, recurring: { interval: 'month' }, nickname: 'extra' })
  await world.client.subscriptionItems.list({ subscription: subscription?.id ?? '' })
  await world.client.subscriptions.update(subscription?.id ?? '', { items: [{ price: extra.id, quantity: 7 }] })
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'changed' })
  expect((await liveItems(world)).toSorted()).toEqual(['extra × 7', 'max:month × 1'])
  expect(await subscribe(farebox, { ...request, plan: 'basic' })).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect((await liveItems(world)).toSorted()).toEqual(['basic:month × 1', 'extra × 7'])
  await world.client.subscriptions.update(subscription?.id ?? '', { items: [{ price: world.prices.get('max:month') ?? '' }] })
  await expect(subscribe(farebox, { ...request, plan: 'plus' })).rejects.toMatchObject({ code: 'already-subscribed', reason: 'unknown-plan' })
})

it('refuses to choose between two subscriptions', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus')
  const [first] = await subscriptionsOf(world)
  await world.client.subscriptions.create({
    customer: await paymentCustomerOf(world, customer),
    items: [{ price: world.prices.get('basic:month') ?? '' }],
    default_payment_method: typeof first?.default_payment_method === 'string' ? first.default_payment_method : '',
  })
  for (const verb of [subscribe(farebox, { ...request, plan: 'max' }), cancelSubscription(farebox, { customer }), resumeSubscription(farebox, { customer })]) {
    await expect(verb).rejects.toMatchObject({ code: 'already-subscribed', reason: 'several-subscriptions' })
  }
})

it('expires the open checkout before it changes what was subscribed elsewhere', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  const { url } = (await subscribe(farebox, { ...request, plan: 'plus' })) as { url: string }
  const paymentCustomer = await paymentCustomerOf(world, customer)
  const card = await world.client.paymentMethods.attach('pm_card_visa', { customer: paymentCustomer })
  await world.client.subscriptions.create({ customer: paymentCustomer, items: [{ price: world.prices.get('basic:month') ?? '' }], default_payment_method: card.id })
  expect(await subscribe(farebox, { ...request, plan: 'max' })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect((await world.client.checkout.sessions.retrieve(sessionOf(url))).status).toBe('expired')
})

it('has nothing to change, cancel, resume or pause where nothing was bought', async () => {
  const world = await createPlanWorld()
  const farebox = world.process()
  expect(await cancelSubscription(farebox, { customer })).toEqual({ kind: 'unchanged', plan: 'free' })
  expect(await resumeSubscription(farebox, { customer })).toEqual({ kind: 'unchanged', plan: 'free' })
  expect(await subscribe(farebox, { ...request, plan: 'free' })).toEqual({ kind: 'unchanged', plan: 'free' })
  await expect(pauseSubscription(farebox, { customer })).rejects.toMatchObject({ code: 'not-found' })
  await expect(previewPlanChange(farebox, { customer, plan: 'plus' })).rejects.toMatchObject({ code: 'not-found' })
  expect(world.requests.count).toBe(0)
})

it.each([
  [{ plan: 'gold' }, ['plan']],
  [{ plan: '__proto__' }, ['plan']],
  [{ plan: 'plus', quantity: 0 }, ['quantity']],
  [{ plan: 'plus', quantity: 1.5 }, ['quantity']],
  [{ plan: 'plus', interval: 'week' as 'month' }, ['interval']],
  [{ plan: 'plus', currency: 'EUR' }, ['currency']],
  [{ plan: 'plus', promotionCode: 'SAVE 10%' }, ['promotionCode']],
  [{ plan: 'plus', customer: '' }, ['customer']],
] as const)('refuses %j and asks Stripe nothing', async (wrong, paths) => {
  const world = await createPlanWorld()
  await expect(subscribe(world.process(), { ...request, ...wrong })).rejects.toMatchObject({
    code: 'invalid-request', faults: paths.map((path) => ({ path })),
  })
  expect(world.requests.count).toBe(0)
})

function urlOf(outcome: SubscribeOutcome): string {
  if ('url' in outcome && outcome.url !== null) return outcome.url
  throw new Error(`No page in ${outcome.kind}`)
}

it.each(['now', 'period-end'] as const)('bills what was put off to the next invoice of who ends it (%s)', async (when) => {
  const world = await createPlanWorld()
  const farebox: Context = { ...world.process(), catalog: { ...plans, moves: { ...plans.moves, upgrade: { when: 'now', proration: 'next-invoice' } } } }
  await buyPlan(world, farebox, 'basic')
  world.simulator.clock.advance({ days: 14 })
  expect(await subscribe(farebox, { ...request, plan: 'plus' })).toMatchObject({ kind: 'changed' })
  expect(await invoicesOf(world)).toEqual(['1000 paid'])
  await cancelSubscription(farebox, { customer, when })
  world.simulator.clock.advance({ months: 2 })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid'])
  expect((await subscriptionsOf(world)).map(({ status }) => status)).toEqual(['canceled'])
})
