import { expect, it } from 'vitest'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { type Interval, buyPlan, createPlanWorld, customer } from './plans.ts'

it.each<[string, Interval, object]>([
  ['comes with the period, also by another interval', 'year', { kind: 'change', when: 'period-end', prorationDate: null, now: null, next: { total: 3000 } }],
  ['is there', 'month', { kind: 'unchanged' }],
])('asks for no payment now for what %s', async (_name, interval, preview) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus', interval)
  await convergeCustomer(farebox, customer)
  expect(await previewPlanChange(farebox, { customer, plan: 'plus', interval: 'month' })).toMatchObject(preview)
})
