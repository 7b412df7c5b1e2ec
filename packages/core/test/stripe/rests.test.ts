import { expect, it } from 'vitest'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { changePlan } from '../../src/use-cases/subscription/change-plan.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { buyPlan, createPlanWorld, customer, invoicesOf, liveItems, subscriptionsOf } from './plans.ts'
import { rowsOf } from './scene.ts'

const day = 86_400_000

/** Somebody who has paid a month of Max and goes on with Basic from its end on. */
async function goingDown() {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'max')
  await convergeCustomer(farebox, customer)
  expect(await changePlan(farebox, { customer, plan: 'basic' })).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  return { world, farebox }
}

it.each([
  ['with an end', 5],
  ['without an end', null],
])('keeps a scheduled change through a rest %s that is over within the period', async (_, days) => {
  const { world, farebox } = await goingDown()
  expect(await pauseSubscription(farebox, { customer, until: days === null ? null : world.clock.now() + days * day })).toMatchObject({ kind: 'changed', plan: 'free' })
  world.simulator.clock.advance({ days: 2 })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect((await rowsOf(world, customer)).subscriptions[0]?.value.pendingChange).toMatchObject({ plan: 'basic' })
  world.simulator.clock.advance({ months: 1 })
  await convergeCustomer(farebox, customer)
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  expect(await invoicesOf(world)).toEqual(['9000 paid', '1000 paid'])
})

it.each([
  ['with an end', 60],
  ['without an end', null],
])('begins with the smaller plan after a rest %s over the change', async (_, days) => {
  const { world, farebox } = await goingDown()
  await pauseSubscription(farebox, { customer, until: days === null ? null : world.clock.now() + days * day })
  world.simulator.clock.advance({ days: 40 })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'basic' })
  expect(await invoicesOf(world)).toEqual(['9000 paid', '1000 void', '1000 paid'])
})

it('takes a scheduled change back at the next click of who rested', async () => {
  const { farebox, world } = await goingDown()
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 5 * day })
  await resumeSubscription(farebox, { customer })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect((await rowsOf(world, customer)).subscriptions[0]?.value.pendingChange).toBeNull()
})

it('takes a scheduled change back at once where the app\'s people collect nothing for a service that goes on', async () => {
  const { farebox, world } = await goingDown()
  const [live] = await subscriptionsOf(world)
  await world.client.subscriptions.update(live?.id ?? '', { pause_collection: { behavior: 'keep_as_draft' } })
  expect(await resumeSubscription(farebox, { customer })).toMatchObject({ kind: 'changed', plan: 'max' })
  expect((await rowsOf(world, customer)).subscriptions[0]?.value.pendingChange).toBeNull()
})
