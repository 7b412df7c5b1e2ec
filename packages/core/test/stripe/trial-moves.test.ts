import { defineCatalog, usd } from '@farebox/core'
import type { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { createQuestions } from '../../src/use-cases/decisions/question.ts'
import { changePlan } from '../../src/use-cases/subscription/change-plan.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { type Interval, type PlanWorld, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, plans, subscriptionsOf } from './plans.ts'
import { paymentCustomerOf } from './scene.ts'

/** Sixty days of Basic, fourteen of Plus, none of Max. */
const catalog = defineCatalog({
  features: plans.features,
  plans: {
    free: { name: 'Free', default: true, features: {} },
    basic: { name: 'Basic', prices: { month: usd('10'), year: usd('100') }, trialDays: 60, features: {} },
    plus: { name: 'Plus', prices: { month: usd('30'), year: usd('300') }, trialDays: 14, features: {} },
    max: { name: 'Max', prices: { month: usd('90'), year: usd('900') }, features: {} },
  },
})

interface Scene {
  readonly world: PlanWorld
  readonly farebox: Context
}

async function onTrialOfBasic(): Promise<Scene> {
  const world = await createPlanWorld()
  const farebox: Context = { ...world.process(), catalog, questions: createQuestions(catalog) }
  await buyPlan(world, farebox, 'basic')
  await convergeCustomer(farebox, customer)
  return { world, farebox }
}

async function liveOf({ world }: Scene): Promise<Stripe.Subscription> {
  const [found] = await subscriptionsOf(world)
  if (found === undefined) throw new Error('There is no subscription')
  return found
}

it.each<Interval>(['month', 'year'])('charges a plan without a trial from now on, as its preview says (by %s)', async (interval) => {
  const scene = await onTrialOfBasic()
  const { world, farebox } = scene
  world.simulator.clock.advance({ days: 5 })
  const asked = { customer, plan: 'max', interval }
  const cost = interval === 'month' ? 9000 : 90_000
  const preview = await previewPlanChange(farebox, asked)
  if (preview.kind !== 'change') throw new Error('A preview of a change')
  expect(preview).toMatchObject({ when: 'now', now: { total: cost, due: cost }, next: { total: cost } })
  expect(await changePlan(farebox, { ...asked, prorationDate: preview.prorationDate })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect(await invoicesOf(world)).toEqual(['0 paid', `${cost} paid`])
  expect(await liveOf(scene)).toMatchObject({ status: 'active', billing_cycle_anchor: world.clock.now() / 1000 })
  world.simulator.clock.advance(interval === 'month' ? { months: 1, hours: 2 } : { years: 1, hours: 2 })
  expect((await invoicesOf(world)).at(-1)).toBe(`${cost} paid`)
})

it('keeps a trial as far as the other plan has one, counted from the beginning', async () => {
  const scene = await onTrialOfBasic()
  const { world, farebox } = scene
  const { start_date } = await liveOf(scene)
  world.simulator.clock.advance({ days: 5 })
  // Nothing is due now: what comes is the first month.
  expect(await previewPlanChange(farebox, { customer, plan: 'plus' })).toMatchObject({ now: null, next: { total: 3000 } })
  expect(await changePlan(farebox, { customer, plan: 'plus' })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await liveOf(scene)).toMatchObject({ status: 'trialing', trial_end: start_date + 14 * 86_400 })
  expect((await getSnapshot(farebox, { customer })).trial).toMatchObject({ endsAt: new Date((start_date + 14 * 86_400) * 1000).toISOString() })
  expect(await invoicesOf(world)).toEqual(['0 paid'])
  world.simulator.clock.advance({ days: 10 })
  expect(await invoicesOf(world)).toEqual(['0 paid', '3000 paid'])
})

it.each([
  ['max', 10, 20],
  ['plus', 10, 24],
  ['plus', 62, 70],
  ['max', 68, 70],
])('leaves the days that somebody gave by hand, with %s after %i days until day %i', async (plan, after, until) => {
  const scene = await onTrialOfBasic()
  const { world, farebox } = scene
  const { id, start_date, trial_end } = await liveOf(scene)
  await world.client.subscriptions.update(id, { trial_end: Number(trial_end) + 10 * 86_400 })
  world.simulator.clock.advance({ days: after })
  expect(await changePlan(farebox, { customer, plan })).toMatchObject({ kind: 'changed', plan })
  const moved = await liveOf(scene)
  expect({ status: moved.status, days: (Number(moved.trial_end) - start_date) / 86_400 }).toEqual({ status: 'trialing', days: until })
  expect(await invoicesOf(world)).toEqual(['0 paid'])
  // They are given once, however often somebody moves.
  world.simulator.clock.advance({ days: 1 })
  await changePlan(farebox, { customer, plan: plan === 'max' ? 'plus' : 'max' })
  expect(Number((await liveOf(scene)).trial_end)).toBeLessThanOrEqual(Number(moved.trial_end))
})

it('takes a shorter trial of the catalog for no gift', async () => {
  const scene = await onTrialOfBasic()
  const { world, farebox } = scene
  const { basic } = catalog.plans
  const shortened = { ...catalog, plans: { ...catalog.plans, basic: { ...basic, trialDays: 7 } } }
  world.simulator.clock.advance({ days: 5 })
  expect(await changePlan({ ...farebox, catalog: shortened }, { customer, plan: 'max' })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect(await invoicesOf(world)).toEqual(['0 paid', '9000 paid'])
})

it('leaves a trial that somebody gave with a plan that has none', async () => {
  const world = await createPlanWorld()
  const farebox: Context = { ...world.process(), catalog, questions: createQuestions(catalog) }
  await buyPlan(world, farebox, 'max')
  await convergeCustomer(farebox, customer)
  const scene = { world, farebox }
  const { id, start_date } = await liveOf(scene)
  world.simulator.clock.advance({ days: 5 })
  await world.client.subscriptions.update(id, { trial_end: start_date + 20 * 86_400, proration_behavior: 'none' })
  await convergeCustomer(farebox, customer)
  const downNow: Context = { ...farebox, catalog: { ...catalog, moves: { ...catalog.moves, downgrade: { when: 'now', proration: 'invoice' } } } }
  expect(await changePlan(downNow, { customer, plan: 'plus' })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await liveOf(scene)).toMatchObject({ status: 'trialing', trial_end: start_date + 20 * 86_400 })
})

it('charges at once where the trial of the other plan would be over', async () => {
  const scene = await onTrialOfBasic()
  const { world, farebox } = scene
  world.simulator.clock.advance({ days: 20 })
  expect(await previewPlanChange(farebox, { customer, plan: 'plus' })).toMatchObject({ now: { total: 3000, lines: [{ proration: false }] } })
  expect(await changePlan(farebox, { customer, plan: 'plus' })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect(await invoicesOf(world)).toEqual(['0 paid', '3000 paid'])
})

it('lets a trial be as it is for the same plan by the year, for more units, and for a plan that comes at its end', async () => {
  const scene = await onTrialOfBasic()
  const { world, farebox } = scene
  const { trial_end } = await liveOf(scene)
  expect(await previewPlanChange(farebox, { customer, plan: 'basic', interval: 'year' })).toMatchObject({ now: null })
  expect(await changePlan(farebox, { customer, plan: 'basic', interval: 'year' })).toMatchObject({ kind: 'changed' })
  expect(await changePlan(farebox, { customer, plan: 'basic', quantity: 2 })).toMatchObject({ kind: 'changed' })
  expect(await liveOf(scene)).toMatchObject({ status: 'trialing', trial_end })
  expect(await invoicesOf(world)).toEqual(['0 paid'])
})

it.each([
  ['declines', '4000000000000341'],
  ['asks for confirmation', '4000002760003184'],
])('goes on with the trial where the card %s, until the page is paid', async (_, card) => {
  const scene = await onTrialOfBasic()
  const { world, farebox } = scene
  world.simulator.setCard(await paymentCustomerOf(world, customer), card)
  world.simulator.clock.advance({ days: 5 })
  const outcome = await changePlan(farebox, { customer, plan: 'max' })
  if (outcome.kind !== 'action-required') throw new Error(`A page to pay on, not ${outcome.kind}`)
  expect(await changePlan(farebox, { customer, plan: 'max' })).toEqual(outcome)
  await convergeCustomer(farebox, customer)
  expect((await getSnapshot(farebox, { customer })).plan).toBe('basic')
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  expect(await liveOf(scene)).toMatchObject({ status: 'trialing' })
  const [waiting] = (await world.client.invoices.list({ status: 'open' })).data
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4242424242424242')
  await world.client.invoices.pay(waiting?.id ?? '')
  expect(await liveOf(scene)).toMatchObject({ status: 'active', latest_invoice: waiting?.id })
  expect(await liveItems(world)).toEqual(['max:month × 1'])
  expect(await invoicesOf(world)).toEqual(['0 paid', '9000 paid'])
})

it('goes on with the trial for good where nobody pays', async () => {
  const scene = await onTrialOfBasic()
  const { world, farebox } = scene
  const { trial_end } = await liveOf(scene)
  world.simulator.setCard(await paymentCustomerOf(world, customer), '4000000000000341')
  expect(await changePlan(farebox, { customer, plan: 'max' })).toMatchObject({ kind: 'action-required' })
  world.simulator.clock.advance({ days: 2 })
  expect(await liveOf(scene)).toMatchObject({ status: 'trialing', trial_end, pending_update: null })
  expect(await invoicesOf(world)).toEqual(['0 paid', '9000 void'])
})

it.each([['', false], [', also where something else was scheduled', true]])('tells the bill after next as of a period that begins with the move, and not with the end of the trial%s', async (_, isScheduled) => {
  const scene = await onTrialOfBasic()
  const { world, farebox } = scene
  for (const interval of isScheduled ? (['year', 'month'] as const) : []) await changePlan(farebox, { customer, plan: 'basic', interval })
  expect((await liveOf(scene)).schedule !== null).toBe(isScheduled)
  // It runs out before the trial would have, and after the bill after next.
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 2 })
  const promotionCode = (await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })).id
  const asked = { customer, plan: 'max', interval: 'month', promotionCode } as const
  expect(await previewPlanChange(farebox, asked)).toMatchObject({ now: { total: 4500 }, next: { total: 4500 } })
  expect(await changePlan(farebox, asked)).toMatchObject({ kind: 'changed', plan: 'max' })
  world.simulator.clock.advance({ months: 2, hours: 2 })
  expect(await invoicesOf(world)).toEqual(['0 paid', '4500 paid', '4500 paid', '9000 paid'])
})
