import { expect, it } from 'vitest'
import { phaseItemsOf, taxesOf } from '../../src/drivers/stripe/schedule-phases.ts'
import { subscriptionShape } from '../../src/drivers/stripe/subscription-shape.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type PlanWorld, addresses, buyPlan, createPlanWorld, customer, invoicesOf, liveItems, subscriptionsOf } from './plans.ts'

const request = { customer, ...addresses }

type Taxes = { readonly automatic_tax: { readonly enabled: boolean } } | { readonly default_tax_rates: string[] }

/** Plus for 30.00, taxed from the next invoice on: 20 % either way. */
async function begin(taxesFor: (world: PlanWorld) => Promise<Taxes>) {
  const world = await createPlanWorld()
  const farebox = world.process()
  world.simulator.configure({ taxPercentage: 20 })
  await buyPlan(world, farebox, 'plus')
  const [subscription] = await subscriptionsOf(world)
  await world.client.subscriptions.update(subscription?.id ?? '', await taxesFor(world))
  await convergeCustomer(farebox, customer)
  return { world, farebox }
}

async function byRate({ client }: PlanWorld): Promise<Taxes> {
  return { default_tax_rates: [(await client.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })).id] }
}

async function automatically(): Promise<Taxes> {
  return { automatic_tax: { enabled: true } }
}

it.each([['rates', byRate], ['automatic tax', automatically]] as const)('keeps %s over a downgrade at the end of the period, and after it', async (_name, taxesFor) => {
  const { world, farebox } = await begin(taxesFor)
  expect(await previewPlanChange(farebox, { customer, plan: 'basic' })).toMatchObject({ kind: 'change', next: { subtotal: 1000, tax: 200, total: 1200 } })
  await subscribe(farebox, { ...request, plan: 'basic' })
  world.simulator.clock.advance({ months: 1 })
  expect(await liveItems(world)).toEqual(['basic:month × 1'])
  // In the month after that no schedule is left.
  world.simulator.clock.advance({ to: Date.UTC(2026, 2, 31, 10) })
  expect(await invoicesOf(world)).toEqual(['3000 paid', '1200 paid', '1200 paid'])
})

it('takes the tax of a change at once from Stripe, as its preview shows it', async () => {
  const { world, farebox } = await begin(automatically)
  world.simulator.clock.advance({ to: Date.UTC(2026, 1, 14, 10) })
  // Half of February: 4500 for 1500, and 20 % of each.
  expect(await previewPlanChange(farebox, { customer, plan: 'max' })).toMatchObject({ now: { subtotal: 3000, tax: 600, total: 3600 } })
  await subscribe(farebox, { ...request, plan: 'max' })
  expect((await invoicesOf(world)).at(-1)).toBe('3600 paid')
})

it('leaves their own rates to items, also to the one that becomes another plan, and who owes the tax as it is', () => {
  const price = { id: 'price_1' }
  const subscription = subscriptionShape.parse({
    id: 'sub_1', status: 'active', currency: 'usd', start_date: 1, billing_cycle_anchor: 1, trial_end: null, cancel_at: null, cancel_at_period_end: false, ended_at: null,
    automatic_tax: { enabled: true, liability: { type: 'account', account: 'acct_1' } }, default_tax_rates: [{ id: 'txr_1' }, 'txr_2'],
    items: { has_more: false, data: [{ id: 'si_1', price, quantity: 2, tax_rates: [{ id: 'txr_3' }] }, { id: 'si_2', price, tax_rates: [] }, { id: 'si_3', price }] },
  })
  expect(taxesOf(subscription)).toEqual({ taxes: { automatic_tax: { enabled: true, liability: { type: 'account', account: 'acct_1' } }, default_tax_rates: ['txr_1', 'txr_2'] } })
  expect(phaseItemsOf(subscription.items.data)).toEqual([{ price: 'price_1', quantity: 2, tax_rates: ['txr_3'] }, { price: 'price_1' }, { price: 'price_1' }])
  expect(phaseItemsOf(subscription.items.data, [{ price: 'price_2', quantity: 1 }])).toEqual([{ price: 'price_2', quantity: 1, tax_rates: ['txr_3'] }])
  expect(taxesOf({ ...subscription, automatic_tax: { enabled: false }, default_tax_rates: [] })).toEqual({})
})
