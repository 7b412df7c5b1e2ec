import { expect, it } from 'vitest'
import { ensurePaymentCustomer } from '../../src/use-cases/checkout/ensure-payment-customer.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { type PlanWorld, buyPlan, createPlanWorld, customer } from './plans.ts'
import { expectLikeStripe, paymentCustomerOf } from './scene.ts'

const goodCard = '4242424242424242'
const failingCard = '4000000000000341'

async function useCard(world: PlanWorld, card: string): Promise<void> {
  world.simulator.setCard(await paymentCustomerOf(world, customer), card)
}

/** Ways to a subscription that is paused, whose customer has no card that pays. */
const pauses: readonly (readonly [string, (world: PlanWorld, farebox: Context) => Promise<void>])[] = [
  ['somebody asked for', async (world, farebox) => {
    await buyPlan(world, farebox, 'plus')
    await pauseSubscription(farebox, { customer })
    await useCard(world, failingCard)
  }],
  ['began when a trial ended without a card', async (world, farebox) => {
    const paymentCustomer = await ensurePaymentCustomer(farebox, customer)
    await world.client.subscriptions.create({
      customer: paymentCustomer,
      items: [{ price: world.prices.get('plus:month') ?? '' }],
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    })
    world.simulator.clock.advance({ days: 14 })
  }],
  ['began when Stripe gave up collecting', async (world, farebox) => {
    world.simulator.configure({ afterRetries: 'pause' })
    await buyPlan(world, farebox, 'plus')
    await useCard(world, failingCard)
    world.simulator.clock.advance({ days: 60 })
  }],
]

it.each(pauses)('leads to the same page however often somebody resumes from a pause that %s', async (_, pause) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await pause(world, farebox)
  await convergeCustomer(farebox, customer)
  expect((await getSnapshot(farebox, { customer })).status).toBe('paused')
  world.simulator.clock.advance({ hours: 2 })
  const outcome = await resumeSubscription(farebox, { customer })
  expect(outcome).toMatchObject({ kind: 'action-required', url: expect.stringContaining('http') })
  await useCard(world, goodCard)
  expect(await resumeSubscription(farebox, { customer })).toEqual(outcome)
  expect(await resumeSubscription(world.process(), { customer })).toEqual(outcome)
  const [invoice] = (await world.client.invoices.list({ status: 'open' })).data
  await world.client.invoices.pay(invoice?.id ?? '')
  await convergeCustomer(farebox, customer)
  expect(await getSnapshot(farebox, { customer })).toMatchObject({ plan: 'plus', status: 'active' })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'unchanged', plan: 'plus' })
  await expectLikeStripe(world, customer)
})

it.each(pauses)('ends at once where there is no period that could end: a pause that %s', async (_, pause) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await pause(world, farebox)
  await convergeCustomer(farebox, customer)
  world.simulator.clock.advance({ days: 3 })
  expect(await cancelSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'free' })
  const now = world.clock.now() / 1000
  expect((await world.client.subscriptions.list({ status: 'all' })).data).toMatchObject([{ status: 'canceled', ended_at: now, cancel_at_period_end: false }])
  expect(await cancelSubscription(farebox, { customer })).toMatchObject({ kind: 'unchanged' })
  await expectLikeStripe(world, customer)
})
