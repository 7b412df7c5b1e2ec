import { allowance, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { lookupKeyOf, planMetadata } from '@farebox/core/drivers/stripe'
import type { Stripe } from 'stripe'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { createQuestions } from '../../src/use-cases/decisions/question.ts'
import { type World, type WorldOptions, createWorld, sessionOf } from './world.ts'

export const customer = 'user_1'
export const addresses = { successUrl: 'http://a/', cancelUrl: 'http://b/' } as const

/** Three plans that are paid, by month and by year, and none of them with a trial. */
export const plans = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    basic: { name: 'Basic', prices: { month: usd('10'), year: usd('100') }, features: { apiCalls: allowance(50).per('month') } },
    plus: { name: 'Plus', prices: { month: usd('30'), year: usd('300') }, features: { apiCalls: allowance(500).per('month'), exports: true } },
    max: { name: 'Max', prices: { month: usd('90'), year: usd('900') }, features: { apiCalls: allowance(5000).per('month'), exports: true } },
  },
})

export type PaidPlan = 'basic' | 'plus' | 'max'
export type Interval = 'month' | 'year'

export interface PlanWorld extends World {
  readonly prices: ReadonlyMap<string, string>
}

export async function createPlanWorld(options: WorldOptions = {}): Promise<PlanWorld> {
  const world = await createWorld(options)
  const prices = new Map<string, string>()
  for (const plan of ['basic', 'plus', 'max'] as const) {
    const product = await world.client.products.create({ name: plan, metadata: { [planMetadata]: plan } })
    for (const interval of ['month', 'year'] as const) {
      const price = await world.client.prices.create({
        product: product.id,
        currency: 'usd',
        unit_amount: Number(plans.plans[plan].prices[interval]?.amounts[0].minor),
        recurring: { interval },
        lookup_key: lookupKeyOf(plan, interval),
        metadata: { [planMetadata]: plan },
      })
      prices.set(`${plan}:${interval}`, price.id)
    }
  }
  return { ...world, prices, process: (given) => withPlans(world.process(given)) }
}

/** A process whose catalog has these plans. */
function withPlans(context: Context): Context {
  return { ...context, catalog: plans, questions: createQuestions(plans) }
}

/** Buys a plan with a good card. */
export async function buyPlan(world: World, context: Context, plan: PaidPlan, interval: Interval = 'month', quantity = 1): Promise<void> {
  const { url } = await startCheckout(context, { customer, plan, interval, quantity, ...addresses })
  world.simulator.completeCheckout(sessionOf(url))
}

/** Every subscription, ended ones included. */
export async function subscriptionsOf(world: World): Promise<readonly Stripe.Subscription[]> {
  return (await world.client.subscriptions.list({ status: 'all', limit: 100 })).data
}

/** What the one live subscription consists of: `plan:interval × quantity`, or a price that is no plan's. */
export async function liveItems(world: PlanWorld): Promise<readonly string[]> {
  const live = (await subscriptionsOf(world)).filter(({ status }) => status !== 'canceled' && status !== 'incomplete_expired')
  const names = new Map([...world.prices].map(([name, id]) => [id, name]))
  if (live.length !== 1) return live.map(({ id }) => `one of several: ${id}`)
  return (live[0]?.items.data ?? []).map(({ price, quantity }) => `${names.get(price.id) ?? price.nickname ?? price.id} × ${quantity}`)
}

/** The amounts of all invoices, oldest first, with how they stand. */
export async function invoicesOf(world: World): Promise<readonly string[]> {
  const invoices = await world.client.invoices.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
  return invoices.toReversed().map(({ total, status }) => `${total} ${status}`)
}
