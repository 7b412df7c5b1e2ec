import { type Catalog, type Grant, allowance, defineCatalog, metered, usd } from '@farebox/core'
import { packIdOf, packMetadata } from '@farebox/core/drivers/stripe'
import type { CheckoutEntry } from '@farebox/stripe-simulator'
import type { Stripe } from 'stripe'
import { startPackCheckout } from '../../src/use-cases/checkout/start-pack-checkout.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { createQuestions } from '../../src/use-cases/decisions/question.ts'
import { addresses } from './scene.ts'
import { type World, type WorldOptions, createWorld, sessionOf } from './world.ts'

export const customer = 'user_1'

export const packs: Catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: metered({ unit: 'export' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
  packs: {
    boost: { name: 'Boost', price: usd('10'), grants: { apiCalls: 1000 } },
    bundle: { name: 'Bundle', price: usd('7'), grants: { apiCalls: 100, exports: 3 }, expiresAfterDays: 30 },
    gift: { name: 'Gift', price: usd('5'), grants: { apiCalls: 50 }, refunds: 'keep' },
  },
})

export async function createPackWorld(options: WorldOptions = {}, catalog: Catalog = packs): Promise<World> {
  const world = await createWorld(options)
  for (const { key, name, amounts: [{ minor, currency }] } of Object.values(packs.packs)) {
    const metadata = { [packMetadata]: key }
    const product = await world.client.products.create({ id: packIdOf(key), name, metadata })
    await world.client.prices.create({
      product: product.id, currency, unit_amount: Number(minor), lookup_key: packIdOf(key), metadata,
    })
  }
  return { ...world, process: (given) => ({ ...world.process(given), catalog, questions: createQuestions(catalog) }) }
}

/** A customer clicks on a pack and pays; answers the session. */
export async function buyPack(world: World, farebox: Context, pack: string, quantity = 1, entry?: CheckoutEntry): Promise<string> {
  const { url } = await startPackCheckout(farebox, { customer, pack, quantity, ...addresses })
  world.simulator.completeCheckout(sessionOf(url), entry)
  return sessionOf(url)
}

/** Every grant that is stored, voided ones too, as `feature amount`. */
export async function grantsOf(world: World): Promise<readonly string[]> {
  return (await storedGrants(world)).map(({ feature, amount, voidedAt }) => `${feature} ${amount}${voidedAt === null ? '' : ' voided'}`).toSorted()
}

export async function storedGrants(world: World): Promise<readonly Grant[]> {
  const { rows } = await world.store.records.load(customer, ['grants'])
  return rows.grants.map(({ value }) => value)
}

/** What is left of a feature, as the customer is shown it. */
export async function remainingOf(farebox: Context, feature = 'apiCalls'): Promise<number | null | undefined> {
  const { usage } = await getSnapshot(farebox, { customer, canManageBilling: true })
  return usage[feature]?.remaining
}

/** Delivers every event that happened since the last call, in the order in which Stripe made them. */
export function postman(world: World): (farebox: Context, pick?: (events: readonly Stripe.Event[]) => readonly Stripe.Event[]) => Promise<readonly string[]> {
  const seen = new Set<string>()
  return async (farebox, pick = (events) => events) => {
    const fresh = (await world.events()).toReversed().filter(({ id }) => !seen.has(id))
    for (const { id } of fresh) seen.add(id)
    const kinds: string[] = []
    for (const event of pick(fresh)) kinds.push((await world.deliver(farebox, event)).kind)
    return kinds
  }
}

/** The payment of the newest charge. */
export async function newestPayment(world: World): Promise<string> {
  const [charge] = (await world.client.charges.list({ limit: 1 })).data
  if (typeof charge?.payment_intent !== 'string') throw new Error('No payment')
  return charge.payment_intent
}
