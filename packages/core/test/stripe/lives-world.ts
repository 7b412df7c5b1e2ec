import { allowance, defineCatalog, metered, perSeat, seats, toggle, usd } from '@farebox/core'
import { lookupKeyOf, packIdOf, packMetadata, planMetadata } from '@farebox/core/drivers/stripe'
import type { Stripe } from 'stripe'
import type { Context } from '../../src/use-cases/context.ts'
import { createQuestions } from '../../src/use-cases/decisions/question.ts'
import { type World, type WorldOptions, createWorld } from './world.ts'

export const customer = 'user_1'

/** Plans with a trial that takes a card, with one that takes none and is paid by seat, and without any; and packs. */
const lifeCatalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), renders: metered({ unit: 'render' }), exports: toggle(), seats: seats() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(50).per('month'), renders: allowance(10).per('month'), seats: 1 } },
    basic: {
      name: 'Basic',
      prices: { month: usd('10'), year: usd('100') },
      features: { apiCalls: allowance(500).per('month'), renders: allowance(10).per('month'), seats: 2 },
    },
    plus: {
      name: 'Plus',
      prices: { month: usd('30'), year: usd('300') },
      trialDays: 14,
      features: { apiCalls: allowance(5000).per('month'), renders: allowance(10).per('month'), exports: true, seats: 5 },
    },
    max: {
      name: 'Max',
      prices: { month: perSeat(usd('90'), { minimum: 2 }), year: perSeat(usd('900'), { minimum: 2 }) },
      trialDays: 30,
      trialRequiresCard: false,
      features: { apiCalls: allowance(50_000).per('month'), renders: allowance(10).per('month'), exports: true, seats: 'paid' },
    },
  },
  packs: {
    boost: { name: 'Boost', price: usd('10'), grants: { apiCalls: 1000, renders: 7 } },
    bundle: { name: 'Bundle', price: usd('7'), grants: { renders: 25 }, expiresAfterDays: 30 },
    gift: { name: 'Gift', price: usd('5'), grants: { renders: 4 }, refunds: 'keep' },
  },
})

export type LifePack = 'boost' | 'bundle' | 'gift'
export const lifePacks: readonly LifePack[] = ['boost', 'bundle', 'gift']
const packAmounts = { boost: 1000, bundle: 700, gift: 500 } as const

export type LifePlan = 'basic' | 'plus' | 'max'
export const lifePlans: readonly LifePlan[] = ['basic', 'plus', 'max']
export const intervals = ['month', 'year'] as const

/** Discounts for a while, for one invoice, for good, and of all that is due. */
const codes = {
  SPRING: { percent_off: 25, duration: 'repeating', duration_in_months: 3 },
  FIVE: { amount_off: 500, currency: 'usd', duration: 'once' },
  ALWAYS: { percent_off: 10, duration: 'forever' },
  NOTHING: { percent_off: 100, duration: 'repeating', duration_in_months: 2 },
} as const
export const lifeCodes: readonly string[] = Object.keys(codes)

const amounts = { basic: 1000, plus: 3000, max: 9000 } as const

/** A world in which one customer lives, with a portal that lets customers do everything. */
export interface LifeWorld extends World {
  /** Price ids, by `plan:interval`. */
  readonly prices: ReadonlyMap<string, string>
  /** Which pack a price sells. */
  readonly packOfPrice: ReadonlyMap<string, LifePack>
  /** Coupons of every duration; the code of each is its name. */
  readonly coupons: readonly string[]
  /** Does on the portal page what a person does there; `false` where it was not offered. */
  portal(paymentCustomer: string, fields: Readonly<Record<string, string>>): Promise<boolean>
}

export async function createLifeWorld(options: WorldOptions): Promise<LifeWorld> {
  const world = await createWorld({ ...options, hasPrices: false })
  const { client, simulator } = world
  const prices = new Map<string, string>()
  const packOfPrice = new Map<string, LifePack>()
  const products: Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate.Product[] = []
  for (const plan of lifePlans) {
    const metadata = { [planMetadata]: plan }
    const own: string[] = []
    let product: string | undefined
    for (const interval of intervals) {
      const price = await client.prices.create({
        ...(product === undefined ? { product_data: { name: plan, metadata } } : { product }),
        currency: 'usd',
        unit_amount: amounts[plan] * (interval === 'year' ? 10 : 1),
        recurring: { interval },
        lookup_key: lookupKeyOf(plan, interval),
        metadata,
      })
      product ??= typeof price.product === 'string' ? price.product : price.product.id
      prices.set(`${plan}:${interval}`, price.id)
      own.push(price.id)
    }
    products.push({ product: product ?? '', prices: own, adjustable_quantity: { enabled: plan === 'max', minimum: 1, maximum: 9 } })
  }
  for (const pack of lifePacks) {
    const metadata = { [packMetadata]: pack }
    const price = await client.prices.create({
      product_data: { id: packIdOf(pack), name: pack, metadata }, currency: 'usd', unit_amount: packAmounts[pack], lookup_key: packIdOf(pack), metadata,
    })
    packOfPrice.set(price.id, pack)
  }
  const coupons: string[] = []
  for (const [code, terms] of Object.entries(codes)) {
    const { id } = await client.coupons.create({ name: code, ...terms })
    await client.promotionCodes.create({ promotion: { type: 'coupon', coupon: id }, code })
    coupons.push(id)
  }
  const { id: configuration } = await client.billingPortal.configurations.create({
    features: {
      subscription_cancel: { enabled: true },
      subscription_update: { enabled: true, default_allowed_updates: ['price', 'quantity'], products, proration_behavior: 'always_invoice' },
      payment_method_update: { enabled: true },
    },
  })
  return {
    ...world,
    prices,
    packOfPrice,
    coupons,
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
