import { type Catalog, type Plan, priceIntervals } from '../domain/catalog.ts'
import type { MovePolicy } from '../domain/plan-move.ts'
import { type Installation, hasMetadata, ownedPlan, productMetadataOf } from './stripe-metadata.ts'
import { planPacks } from './plan-packs.ts'
import { planPrices } from './plan-prices.ts'
import type { PortalOffer, PortalPolicy, ProductState, PushState } from './push-state.ts'
import { type PortalTarget, type ProductField, type ProductTarget, type PushStep, isChange } from './push-step.ts'
import { lookupKeyOf, productIdOf } from './stripe-names.ts'

/**
 * What has to be done so that Stripe sells what the catalog says, in the order in which it can be done. Pure: the same
 * catalog and state give the same steps; once they are done, planning again gives no change.
 */
export function planPush(catalog: Catalog, state: PushState, installation?: string): readonly PushStep[] {
  const sold = catalog.planList.filter((plan) => Object.keys(plan.prices).length > 0)
  const targets = sold.map((plan) => productTarget(plan, state, installation))
  const products = targets.map((target) => planProduct(target, state, installation))
  const prices = sold.flatMap((plan, index) => planPrices(plan, targets[index]?.id ?? '', state, installation))
  const packs = planPacks(catalog, state, installation)
  const offers = sold.flatMap((plan, index) => (plan.contactSales ? [] : [offerOf(plan, targets[index]?.id ?? '', installation)]))
  return [
    ...products,
    ...prices.filter((step) => step.action !== 'retire'),
    ...packs.filter((step) => step.action !== 'retire'),
    planPortal({ offers, ...(offers.length === 0 ? noPolicy : policyOf(catalog.moves)) }, state, prices),
    // Last, when nothing offers them any more.
    ...prices.filter((step) => step.action === 'retire'),
    ...packs.filter((step) => step.action === 'retire'),
    ...leftovers(catalog, state, installation),
  ]
}

function productTarget(plan: Plan, state: PushState, installation: Installation): ProductTarget {
  const id = productIdOf(plan.key, installation)
  const found = [...state.products]
    .filter((product) => product.id === id || ownedPlan(product.metadata, installation) === plan.key)
    .toSorted((one, other) => preference(other, id) - preference(one, id))[0]
  return { plan: plan.key, id: found?.id ?? id, name: plan.name, description: plan.description }
}

/** Several products may say that they sell a plan: the one with the id that push gives, then one that is active. */
function preference(product: ProductState, id: string): number {
  return (product.id === id ? 2 : 0) + (product.active ? 1 : 0)
}

function planProduct(target: ProductTarget, state: PushState, installation: Installation): PushStep {
  const present = state.products.find((product) => product.id === target.id)
  if (present === undefined) return { action: 'create', kind: 'product', target }
  const isRight: Record<ProductField, boolean> = {
    name: present.name === target.name,
    // A description that the catalog does not give may have been written in the dashboard.
    description: target.description === null || present.description === target.description,
    active: present.active,
    metadata: hasMetadata(present.metadata, productMetadataOf(target, installation)),
  }
  const fields = productFields.filter((field) => !isRight[field])
  return fields.length === 0 ? { action: 'same', kind: 'product', target } : { action: 'change', kind: 'product', target, fields }
}

const productFields: readonly ProductField[] = ['name', 'description', 'active', 'metadata']

function offerOf(plan: Plan, product: string, installation: Installation): PortalOffer {
  const intervals = priceIntervals.filter((interval) => plan.prices[interval] !== undefined)
  const minima = intervals.flatMap((interval) => (plan.prices[interval]?.perSeat === true ? plan.prices[interval].minimum : []))
  return {
    product,
    prices: intervals.map((interval) => lookupKeyOf(plan.key, interval, installation)),
    minimum: minima.length === 0 ? null : Math.max(...minima),
  }
}

/** The portal knows one proration for all of its changes: that of upgrades, since the others are put off. */
function policyOf({ downgrade, shorterInterval, upgrade }: MovePolicy): PortalPolicy {
  return {
    later: [
      ...(downgrade.when === 'period-end' ? ['decreasing_item_amount'] : []),
      ...(shorterInterval.when === 'period-end' ? ['shortening_interval'] : []),
    ],
    proration: prorations[upgrade.proration],
  }
}

/** Where there is nothing to switch to. */
const noPolicy: PortalPolicy = { later: [], proration: 'none' }

const prorations = { invoice: 'always_invoice', 'next-invoice': 'create_prorations', none: 'none' } as const

function planPortal(target: PortalTarget, state: PushState, prices: readonly PushStep[]): PushStep {
  const { offers } = target
  const { portal } = state
  if (portal === null) return { action: 'create', kind: 'portal', target }
  const known = new Map(prices.flatMap((step) =>
    step.kind === 'price' && (step.action === 'same' || step.action === 'change') ? [[step.target.lookupKey, step.id] as const] : [],
  ))
  const wanted = offers.map((offer) => ({ ...offer, prices: offer.prices.map((key) => known.get(key) ?? key) }))
  const isRight =
    portal.active &&
    portal.cancelsAtPeriodEnd &&
    portal.switchesPrices === offers.length > 0 &&
    portal.changesQuantity === offers.some(({ minimum }) => minimum !== null) &&
    // Stripe has no use for a switch among nothing, and may keep what was last offered.
    (offers.length === 0 || describe(portal, portal.offers) === describe(target, wanted))
  return { action: isRight ? 'same' : 'change', kind: 'portal', target, id: portal.id }
}

/** What is offered and how, as a text that does not depend on the order in which Stripe tells it. */
function describe({ later, proration }: PortalPolicy, offers: readonly PortalOffer[]): string {
  const each = offers.map(({ product, prices, minimum }) => `${product}:${prices.toSorted().join(',')}:${minimum ?? ''}`)
  return [proration, later.toSorted().join(','), ...each.toSorted()].join(';')
}

function leftovers(catalog: Catalog, state: PushState, installation: Installation): readonly PushStep[] {
  return state.products.flatMap((product): readonly PushStep[] => {
    const plan = ownedPlan(product.metadata, installation)
    if (plan === undefined || !product.active || Object.hasOwn(catalog.plans, plan)) return []
    return [{ action: 'leave', kind: 'product', id: product.id, plan }]
  })
}

/** The steps of a push that write to Stripe. */
export function changesOf(steps: readonly PushStep[]): readonly PushStep[] {
  return steps.filter(isChange)
}
