import type { Catalog, PriceInterval } from '@farebox/core'
import { lookupKeyOf, productIdOf } from '@farebox/core/drivers/stripe'
import type { Stripe } from 'stripe'
import { type Installation, isOwnedPortal, ownedPlan } from './installation.ts'
import type { PortalState, PriceState, ProductState, PushState } from './push-state.ts'

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
  const ids = new Set(catalog.planList.map((plan) => productIdOf(plan.key, installation)))
  const products: ProductState[] = []
  for await (const { id, name, description, active, metadata } of stripe.products.list({ limit: 100 })) {
    if (ids.has(id) || ownedPlan(metadata, installation) !== undefined) products.push({ id, name, description, active, metadata })
  }
  return products
}

async function readPrices(
  stripe: Stripe,
  catalog: Catalog,
  products: readonly ProductState[],
  installation: Installation,
): Promise<readonly PriceState[]> {
  const found = new Map<string, Stripe.Price>()
  const collect = async (filter: Stripe.PriceListParams): Promise<void> => {
    for await (const price of stripe.prices.list({ ...filter, limit: 100 })) {
      found.set(price.id, price)
    }
  }
  for (const product of products) await collect({ product: product.id })
  const keys = catalog.planList.flatMap((plan) => intervals.map((interval) => lookupKeyOf(plan.key, interval, installation)))
  for (let from = 0; from < keys.length; from += lookupKeysAtOnce) {
    await collect({ lookup_keys: keys.slice(from, from + lookupKeysAtOnce) })
  }
  return [...found.values()].toSorted((one, other) => other.created - one.created).map(toPriceState)
}

function toPriceState(price: Stripe.Price): PriceState {
  const { id, active, currency, metadata, recurring } = price
  const isPlain = recurring?.interval_count === 1 && recurring.usage_type === 'licensed' && price.billing_scheme === 'per_unit'
  return {
    id,
    product: typeof price.product === 'string' ? price.product : price.product.id,
    active,
    lookupKey: price.lookup_key,
    currency,
    amount: price.transform_quantity === null ? price.unit_amount : null,
    interval: isPlain ? (intervals.find((interval) => interval === recurring.interval) ?? null) : null,
    metadata,
  }
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
    offers: (update.products ?? []).map(({ product, prices }) => ({ product, prices })),
  }
}
