import { allowance, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { lookupKeyOf, planMetadata } from '@farebox/core/drivers/stripe'
import type { Stripe } from 'stripe'
import type { Context } from '../../src/use-cases/context.ts'
import { createQuestions } from '../../src/use-cases/question.ts'
import { type World, type WorldOptions, createWorld } from './world.ts'

export const customer = 'user_1'

/** Plans with a trial that takes a card, with one that takes none, and without any. */
const lifeCatalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(50).per('month') } },
    basic: { name: 'Basic', prices: { month: usd('10'), year: usd('100') }, features: { apiCalls: allowance(500).per('month') } },
    plus: {
      name: 'Plus',
      prices: { month: usd('30'), year: usd('300') },
      trialDays: 14,
      features: { apiCalls: allowance(5000).per('month'), exports: true },
    },
    max: {
      name: 'Max',
      prices: { month: usd('90'), year: usd('900') },
      trialDays: 30,
      trialRequiresCard: false,
      features: { apiCalls: allowance(50_000).per('month'), exports: true },
    },
  },
})

export type LifePlan = 'basic' | 'plus' | 'max'
export const lifePlans: readonly LifePlan[] = ['basic', 'plus', 'max']
export const intervals = ['month', 'year'] as const

const amounts = { basic: 1000, plus: 3000, max: 9000 } as const

/** A world in which one customer lives, with a portal that lets customers do everything. */
export interface LifeWorld extends World {
  /** Price ids, by `plan:interval`. */
  readonly prices: ReadonlyMap<string, string>
  /** Does on the portal page what a person does there; `false` where it was not offered. */
  portal(paymentCustomer: string, fields: Readonly<Record<string, string>>): Promise<boolean>
}

export async function createLifeWorld(options: WorldOptions): Promise<LifeWorld> {
  const world = await createWorld(options)
  const { client, simulator } = world
  const prices = new Map<string, string>()
  const products: { product: string; prices: string[] }[] = []
  for (const plan of lifePlans) {
    const product = await client.products.create({ name: plan, metadata: { [planMetadata]: plan } })
    const own: string[] = []
    for (const interval of intervals) {
      const price = await client.prices.create({
        product: product.id,
        currency: 'usd',
        unit_amount: amounts[plan] * (interval === 'year' ? 10 : 1),
        recurring: { interval },
        lookup_key: lookupKeyOf(plan, interval),
        metadata: { [planMetadata]: plan },
      })
      prices.set(`${plan}:${interval}`, price.id)
      own.push(price.id)
    }
    products.push({ product: product.id, prices: own })
  }
  const { id: configuration } = await client.billingPortal.configurations.create({
    features: {
      subscription_cancel: { enabled: true },
      subscription_update: { enabled: true, default_allowed_updates: ['price'], products, proration_behavior: 'always_invoice' },
      payment_method_update: { enabled: true },
    },
  })
  return {
    ...world,
    prices,
    process: (given) => withPlans(world.process(given)),
    async portal(paymentCustomer, fields) {
      const { url } = await client.billingPortal.sessions.create({ customer: paymentCustomer, configuration })
      const body = new URLSearchParams(fields)
      return (await simulator.fetch(new Request(url, { method: 'POST', body, redirect: 'manual' }))).status < 400
    },
  }
}

function withPlans(context: Context): Context {
  return { ...context, catalog: lifeCatalog, questions: createQuestions(lifeCatalog) }
}

/** What Stripe has of one customer of ours, of whichever of Stripe's customers it was over the years. */
export async function subscriptionsIn(client: Stripe, paymentCustomers: Iterable<string>): Promise<readonly Stripe.Subscription[]> {
  const lists = await Promise.all([...paymentCustomers].map((id) => client.subscriptions.list({ customer: id, status: 'all', limit: 100 })))
  return lists.flatMap(({ data }) => data)
}

export function isOpen({ status }: Stripe.Subscription): boolean {
  return status !== 'canceled' && status !== 'incomplete_expired'
}
