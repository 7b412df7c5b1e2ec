import type { Catalog } from '../domain/catalog.ts'
import { type Installation, packMetadataOf, priceMetadataOf, productMetadataOf } from './stripe-metadata.ts'
import { planPush } from './plan-push.ts'
import type { PriceState, ProductState, PushState } from './push-state.ts'
import type { PackTarget, PriceTarget, ProductTarget, PushStep } from './push-step.ts'

const nothing: PushState = { products: [], prices: [], portal: null }

/** What a Stripe account has to which nothing but this catalog was pushed. Its prices' ids are made up of their lookup keys. */
export function pushedState(catalog: Catalog, installation?: string): PushState {
  return planPush(catalog, nothing, installation).reduce((state, step) => after(state, step, installation), nothing)
}

/** An empty account knows creating alone. */
function after(state: PushState, step: PushStep, installation: Installation): PushState {
  if (step.action !== 'create') return state
  const { products, prices } = state
  switch (step.kind) {
    case 'product':
      return { ...state, products: [...products, productState(step.target, productMetadataOf(step.target, installation))] }
    case 'price':
      return { ...state, prices: [...prices, priceState(step.target, priceMetadataOf(step.target, installation), step.target)] }
    case 'pack': {
      const { product, name, description } = step.target
      const metadata = packMetadataOf(step.target, installation)
      const price = priceState(step.target, metadata, { tiersMode: null, interval: null, isOneTime: true })
      return { ...state, products: [...products, productState({ id: product, name, description }, metadata)], prices: [...prices, price] }
    }
    case 'portal': {
      const { later, proration } = step.target
      const offers = step.target.offers.map((offer) => ({ ...offer, prices: offer.prices.map(priceId) }))
      const changesQuantity = offers.some(({ minimum }) => minimum !== null)
      const switchesPrices = offers.length > 0
      return { ...state, portal: { id: 'portal', active: true, cancelsAtPeriodEnd: true, switchesPrices, changesQuantity, offers, later, proration } }
    }
    default:
      return step satisfies never
  }
}

function productState({ id, name, description }: Omit<ProductTarget, 'plan'>, metadata: ProductState['metadata']): ProductState {
  return { id, name, description, active: true, metadata }
}

function priceState(
  { product, lookupKey, currency, amounts }: PriceTarget | PackTarget,
  metadata: PriceState['metadata'],
  { tiersMode, interval, isOneTime = false }: Pick<PriceState, 'tiersMode' | 'interval' | 'isOneTime'>,
): PriceState {
  return { id: priceId(lookupKey), product, active: true, lookupKey, currency, amounts, tiersMode, interval, isOneTime, metadata }
}

/** Another one than the lookup key, which the next price takes over. */
function priceId(lookupKey: string): string {
  return `price_${lookupKey}`
}
