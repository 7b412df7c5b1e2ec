import { expect, it } from 'vitest'
import type { Context } from '../../src/use-cases/context.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type PlanWorld, addresses, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, subscriptionsOf } from './plans.ts'

const request = { customer, ...addresses }

/** Two seats of a plan for 30.00 each, which costs new customers 40.00 from now on, as `farebox push` leaves it. */
async function begin(): Promise<{ readonly world: PlanWorld; readonly farebox: Context; readonly former: string }> {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus', 'month', 2)
  const former = world.prices.get('plus:month') ?? ''
  const { product, lookup_key, metadata } = await world.client.prices.retrieve(former)
  await world.client.prices.create({
    product: typeof product === 'string' ? product : product.id, currency: 'usd', unit_amount: 4000, recurring: { interval: 'month' }, metadata,
    ...(lookup_key !== null && { lookup_key, transfer_lookup_key: true }),
  })
  await world.client.prices.update(former, { active: false })
  return { world, farebox, former }
}

it('leaves the price to who has it, also when the plan is picked again to take a cancellation back', async () => {
  const { world, farebox } = await begin()
  expect(await previewPlanChange(farebox, { customer, plan: 'plus' })).toEqual({ kind: 'unchanged' })
  expect(await subscribe(farebox, { ...request, plan: 'plus' })).toEqual({ kind: 'unchanged', plan: 'plus' })
  await cancelSubscription(farebox, { customer })
  expect(await subscribe(farebox, { ...request, plan: 'plus' })).toMatchObject({ kind: 'changed', plan: 'plus' })
  expect((await subscriptionsOf(world))[0]?.cancel_at).toBeNull()
  expect(await liveItems(world)).toEqual(['plus:month × 2'])
})

it('reckons more and fewer seats by the price that is there', async () => {
  const { world, farebox, former } = await begin()
  expect(await previewPlanChange(farebox, { customer, plan: 'plus', quantity: 3 })).toMatchObject({ now: { total: 3000 }, next: { total: 9000 } })
  expect(await subscribe(farebox, { ...request, plan: 'plus', quantity: 3 })).toMatchObject({ kind: 'changed' })
  expect(await subscribe(farebox, { ...request, plan: 'plus', quantity: 1 })).toMatchObject({ kind: 'scheduled' })
  expect(await liveItems(world)).toEqual(['plus:month × 3'])
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await liveItems(world)).toEqual(['plus:month × 1'])
  expect(await invoicesOf(world)).toEqual(['6000 paid', '3000 paid', '3000 paid'])
  expect((await world.client.prices.retrieve(former)).active).toBe(false)
})

it.each([
  ['basic', 'scheduled', 'basic:month × 2'],
  ['max', 'changed', 'max:month × 2'],
])('changes to %s from it, and takes nobody else back to it', async (plan, kind, items) => {
  const { world, farebox, former } = await begin()
  expect(await subscribe(farebox, { ...request, plan })).toMatchObject({ kind })
  expect((await world.client.prices.retrieve(former)).active).toBe(false)
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await liveItems(world)).toEqual([items])
  // Whoever comes back pays what it costs now.
  await subscribe(farebox, { ...request, plan: 'plus' })
  world.simulator.clock.advance({ months: 2 })
  expect((await subscriptionsOf(world))[0]?.items.data[0]?.price).toMatchObject({ unit_amount: 4000, lookup_key: 'farebox_plus_month' })
})
