import type { Catalog, PriceInterval } from '@farebox/core'
import {
  type Installation, type PortalState, type PriceAmount, type PriceState, type ProductState, type PushState, isOwnedPortal, ownedPack, ownedPlan,
} from '@farebox/core/catalog'
import { lookupKeyOf, packIdOf, productIdOf } from '@farebox/core/drivers/stripe'
import type { Stripe } from 'stripe'

const intervals: readonly PriceInterval[] = ['month', 'year']

/** Stripe's bound: https://docs.stripe.com/api/prices/list#list_prices-lookup_keys */
const lookupKeysAtOnce = 10

/** Reads what a push needs to know, all pages of it. Things are found by id, metadata or lookup key, never by name. */
export async function readState(stripe: Stripe, catalog: Catalog, installation?: string): Promise<PushState> {
  const products = await readProducts(stripe, catalog, installation)
  return {
    products,
    prices: await readPrices(stripe, catalog, products, installation),
    portal: await readPortal(stripe, installation),
  }
}

async function readProducts(stripe: Stripe, catalog: Catalog, installation: Installation): Promise<readonly ProductState[]> {
  const ids = new Set([...catalog.planList.map((plan) => productIdOf(plan.key, installation)), ...packIds(catalog, installation)])
  const products: ProductState[] = []
  for await (const { id, name, description, active, metadata } of stripe.products.list({ limit: 100 })) {
    const isOwned = ownedPlan(metadata, installation) !== undefined || ownedPack(metadata, installation) !== undefined
    if (ids.has(id) || isOwned) products.push({ id, name, description, active, metadata })
  }
  return products
}

function packIds({ packs }: Catalog, installation: Installation): readonly string[] {
  return Object.keys(packs).map((pack) => packIdOf(pack, installation))
}

async function readPrices(
  stripe: Stripe,
  catalog: Catalog,
  products: readonly ProductState[],
  installation: Installation,
): Promise<readonly PriceState[]> {
  const found = new Map<string, Stripe.Price>()
  const expand = ['data.tiers', 'data.currency_options']
  const collect = async (filter: Stripe.PriceListParams): Promise<void> => {
    for await (const price of stripe.prices.list({ ...filter, limit: 100, expand })) {
      if (!found.has(price.id)) found.set(price.id, await withTiers(stripe, price))
    }
  }
  for (const product of products) await collect({ product: product.id })
  const keys = catalog.planList.flatMap((plan) => intervals.map((interval) => lookupKeyOf(plan.key, interval, installation)))
  keys.push(...packIds(catalog, installation))
  for (let from = 0; from < keys.length; from += lookupKeysAtOnce) {
    await collect({ lookup_keys: keys.slice(from, from + lookupKeysAtOnce) })
  }
  return [...found.values()].toSorted((one, other) => other.created - one.created).map(toPriceState)
}

/** Stripe tells the tiers of a further currency only where they are asked for by its name. */
async function withTiers(stripe: Stripe, price: Stripe.Price): Promise<Stripe.Price> {
  const further = Object.keys(price.currency_options ?? {}).filter((currency) => currency !== price.currency)
  if (price.billing_scheme !== 'tiered' || further.length === 0) return price
  const expand = ['tiers', 'currency_options', ...further.map((currency) => `currency_options.${currency}.tiers`)]
  return stripe.prices.retrieve(price.id, { expand })
}

function toPriceState(price: Stripe.Price): PriceState {
  const { id, active, currency, metadata, recurring } = price
  const isPlain = recurring?.interval_count === 1 && recurring.usage_type === 'licensed' && price.transform_quantity === null
  return {
    id,
    product: typeof price.product === 'string' ? price.product : price.product.id,
    active,
    lookupKey: price.lookup_key,
    currency,
    amounts: amountsOf(price),
    tiersMode: price.tiers_mode,
    isOneTime: price.type === 'one_time',
    interval: isPlain ? (intervals.find((interval) => interval === recurring.interval) ?? null) : null,
    metadata,
  }
}

function amountsOf(price: Stripe.Price): PriceState['amounts'] {
  const known = { ...price.currency_options, [price.currency]: price }
  const amounts = Object.entries(known).map(([currency, option]) => [currency, amountOf(option)] as const)
  const told = amounts.flatMap(([currency, amount]) => (amount === null ? [] : [[currency, amount] as const]))
  return told.length < amounts.length ? null : Object.fromEntries(told)
}

function amountOf({ unit_amount, tiers }: Pick<Stripe.Price.CurrencyOptions, 'unit_amount' | 'tiers'>): PriceAmount | null {
  if (tiers === undefined) return unit_amount
  const steps = tiers.flatMap(({ up_to, unit_amount: each, flat_amount }) => (each === null || flat_amount ? [] : [{ upTo: up_to, each }]))
  return steps.length < tiers.length ? null : steps
}

async function readPortal(stripe: Stripe, installation: Installation): Promise<PortalState | null> {
  let inactive: PortalState | null = null
  const expand = ['data.features.subscription_update.products']
  for await (const configuration of stripe.billingPortal.configurations.list({ limit: 100, expand })) {
    if (!isOwnedPortal(configuration.metadata ?? {}, installation)) continue
    const portal = toPortalState(configuration)
    if (portal.active) return portal
    inactive ??= portal
  }
  return inactive
}

function toPortalState({ id, active, features }: Stripe.BillingPortal.Configuration): PortalState {
  const { subscription_cancel: cancel, subscription_update: update } = features
  return {
    id,
    active,
    cancelsAtPeriodEnd: cancel.enabled && cancel.mode === 'at_period_end',
    switchesPrices: update.enabled && update.default_allowed_updates.includes('price'),
    changesQuantity: update.enabled && update.default_allowed_updates.includes('quantity'),
    offers: (update.products ?? []).map(({ product, prices, adjustable_quantity: quantity }) => {
      return { product, prices, minimum: quantity.enabled ? quantity.minimum : null }
    }),
    later: update.schedule_at_period_end.conditions.map(({ type }) => type),
    proration: update.proration_behavior,
  }
}
