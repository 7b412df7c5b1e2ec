import type { Catalog } from '../domain/catalog.ts'
import type { Pack } from '../domain/pack.ts'
import { type Installation, hasMetadata, ownedPack, packMetadataOf } from './stripe-metadata.ts'
import type { PriceState, PushState } from './push-state.ts'
import type { PackStep, PackTarget } from './push-step.ts'
import { packIdOf } from './stripe-names.ts'

/**
 * The steps that make Stripe sell the packs of a catalog, a product and a one-time price for each. A price's amount never
 * changes: another takes its place. What is no longer sold is retired; grants that were bought stay.
 */
export function planPacks({ packs }: Catalog, state: PushState, installation: Installation): readonly PackStep[] {
  const steps = Object.values(packs).map((pack) => planPack(targetOf(pack, installation), state, installation))
  const retired = state.prices.flatMap((price): readonly PackStep[] => {
    const pack = ownedPack(price.metadata, installation)
    const isKept = steps.some((step) => step.action !== 'retire' && step.price === price.id)
    // A price whose lookup key another one takes over is put away along with that.
    return pack === undefined || isKept || !price.active ? [] : [{ action: 'retire', kind: 'pack', id: price.id, pack }]
  })
  return [...steps, ...retired]
}

function targetOf({ key: pack, name, description, amounts }: Pack, installation: Installation): PackTarget {
  const id = packIdOf(pack, installation)
  const [{ currency }] = amounts
  const byCurrency = Object.fromEntries(amounts.map((money) => [money.currency, Number(money.minor)]))
  return { pack, product: id, lookupKey: id, name, description, currency, amounts: byCurrency }
}

function planPack(target: PackTarget, state: PushState, installation: Installation): PackStep {
  const metadata = packMetadataOf(target, installation)
  const product = state.products.find(({ id }) => id === target.product)
  const sold = state.prices.filter((price) => sells(price, target) && hasMetadata(price.metadata, metadata))
  const price = sold.find(({ lookupKey }) => lookupKey === target.lookupKey) ?? sold[0]
  if (product === undefined) return { action: 'create', kind: 'pack', target, price: null }
  const isRight =
    product.active &&
    product.name === target.name &&
    (target.description === null || product.description === target.description) &&
    hasMetadata(product.metadata, metadata) &&
    price?.active === true &&
    price.lookupKey === target.lookupKey
  return isRight ? { action: 'same', kind: 'pack', target, price: price.id } : { action: 'change', kind: 'pack', target, price: price?.id ?? null }
}

function sells({ product, isOneTime, currency, amounts }: PriceState, target: PackTarget): boolean {
  const told = Object.entries(amounts ?? {})
  const isLike = told.length === Object.keys(target.amounts).length && told.every(([code, amount]) => target.amounts[code] === amount)
  return isOneTime === true && product === target.product && currency === target.currency && isLike
}

