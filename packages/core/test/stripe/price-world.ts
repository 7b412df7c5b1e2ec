import { type PlanPrice, defineCatalog, eur, perSeat, seats, tiers, toggle, usd } from '@farebox/core'
import { type CheckoutOptions, intervalMetadata, lookupKeyOf, planMetadata, stripePayments } from '@farebox/core/drivers/stripe'
import type { Stripe } from 'stripe'
import type { Context } from '../../src/use-cases/context.ts'
import { createQuestions } from '../../src/use-cases/decisions/question.ts'
import { type SubscribeRequest, subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { addresses } from './plans.ts'
import { type World, createWorld, sessionOf, webhookSecret } from './world.ts'

const steps = [{ upTo: 10, each: [usd('9'), eur('8')] }, { upTo: null, each: [usd('7'), eur('6')] }]

/** Plans of every kind of price, in dollars and most of them in euros. */
export const catalog = defineCatalog({
  features: { seats: seats(), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { seats: 1 } },
    pro: {
      name: 'Pro',
      prices: { month: [usd('29'), eur('27')], year: [usd('290'), eur('270')] },
      features: { seats: 5, exports: true },
    },
    dollars: { name: 'Dollars', prices: { month: usd('49') }, features: { seats: 5 } },
    team: {
      name: 'Team',
      prices: { month: perSeat([usd('12'), eur('11')], { minimum: 3 }), year: perSeat([usd('120'), eur('110')], { minimum: 3 }) },
      features: { seats: 'paid', exports: true },
    },
    scale: { name: 'Scale', prices: { month: tiers('graduated', steps) }, features: { seats: 'paid', exports: true } },
    bulk: { name: 'Bulk', prices: { month: tiers('volume', steps, { minimum: 2 }) }, features: { seats: 'paid', exports: true } },
  },
})

export interface PriceWorld extends World {
  /** A process whose checkout pages ask for more than the payment. */
  processWith(checkout: CheckoutOptions): Context
}

/** A local Stripe that sells the catalog, each price made as the documentation of Stripe has it. */
export async function createPriceWorld(): Promise<PriceWorld> {
  const world = await createWorld()
  for (const plan of catalog.planList) {
    const product = await world.client.products.create({ name: plan.name })
    for (const interval of ['month', 'year'] as const) {
      const price = plan.prices[interval]
      if (price === undefined) continue
      const metadata = { [planMetadata]: plan.key, [intervalMetadata]: interval }
      const key = `${plan.key}:${interval}`
      await world.client.prices.create({ ...costOf(price), product: product.id, recurring: { interval }, metadata, nickname: key, lookup_key: lookupKeyOf(plan.key, interval), transfer_lookup_key: true })
    }
  }
  return {
    ...world,
    process: (given) => sells(world.process(given)),
    processWith: (checkout) => sells({ ...world.process(), payments: stripePayments({ client: world.client, webhookSecret, mode: 'test', checkout }) }),
  }
}

function sells(context: Context): Context {
  return { ...context, catalog, questions: createQuestions(catalog) }
}

function costOf({ amounts, tiers: given }: PlanPrice): Stripe.PriceCreateParams {
  const [{ currency }, ...others] = amounts
  const costIn = (code: string): Pick<Stripe.PriceCreateParams, 'unit_amount' | 'tiers'> => {
    const minorIn = (list: typeof amounts): number => Number(list.find((money) => money.currency === code)?.minor)
    if (given === null) return { unit_amount: minorIn(amounts) }
    return { tiers: given.steps.map(({ upTo, amounts: each }) => ({ up_to: upTo ?? 'inf', unit_amount: minorIn(each) })) }
  }
  return {
    currency,
    ...costIn(currency),
    ...(given !== null && { billing_scheme: 'tiered', tiers_mode: given.mode }),
    ...(others.length > 0 && { currency_options: Object.fromEntries(others.map((other) => [other.currency, costIn(other.currency)])) }),
  }
}

/** Subscribes a customer who has nothing yet, with a good card; answers the session as it was before it was paid. */
export async function buy(world: World, context: Context, request: Omit<SubscribeRequest, 'successUrl' | 'cancelUrl'>): Promise<Stripe.Checkout.Session> {
  const outcome = await subscribe(context, { ...request, ...addresses })
  if (outcome.kind !== 'checkout') throw new Error(`A checkout, not ${outcome.kind}`)
  const session = await world.client.checkout.sessions.retrieve(sessionOf(outcome.url), { expand: ['line_items'] })
  world.simulator.completeCheckout(session.id)
  return session
}
