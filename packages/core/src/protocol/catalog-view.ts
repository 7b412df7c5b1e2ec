import type { Catalog, FeatureTerms, Plan, PriceInterval } from '../domain/catalog.ts'
import type { Feature } from '../domain/feature.ts'
import { type Money, wholeMinorUnits } from '../domain/money.ts'
import type { PlanOfferView, PlanView, PlansView, PriceView, TermsView } from './snapshot.ts'

/** The public catalog: everything a pricing table shows, nothing else. */
export function plansView(catalog: Catalog): PlansView {
  return { plans: catalog.planList.map((plan) => planView(plan, catalog.features)) }
}

/** Every plan by its key, as an upgrade prompt names it. */
export function planOffersView(catalog: Catalog): Readonly<Record<string, PlanOfferView>> {
  return Object.fromEntries(catalog.planList.map((plan) => [plan.key, { name: plan.name, interval: intervalOf(plan) }]))
}

/** A plan's terms of one feature, as a client sees them. */
export function termsView(terms: FeatureTerms, feature: Feature): TermsView {
  switch (terms.kind) {
    case 'toggle':
    case 'setting':
      return terms
    case 'seats':
      return { kind: 'seats', limit: terms.amount }
    case 'metered':
      return {
        kind: 'metered',
        limit: terms.amount,
        unit: feature.kind === 'metered' ? feature.unit : '',
        interval: terms.interval,
        overage: terms.overagePrice && { amount: terms.overagePrice.minor, currency: terms.overagePrice.currency },
      }
    default:
      return terms satisfies never
  }
}

function planView(plan: Plan, features: Readonly<Record<string, Feature>>): PlanView {
  return {
    key: plan.key,
    name: plan.name,
    description: plan.description,
    default: plan.isDefault,
    recommended: plan.recommended,
    contactSales: plan.contactSales,
    trialDays: plan.trialDays,
    prices: pricesView(plan.prices),
    features: Object.fromEntries(
      Object.entries(plan.features).flatMap(([key, terms]) => {
        const feature = features[key]
        return feature === undefined ? [] : [[key, termsView(terms, feature)]]
      }),
    ),
  }
}

function intervalOf({ prices, contactSales }: Plan): PriceInterval | null {
  if (contactSales) return null
  if (prices.month !== undefined) return 'month'
  return prices.year === undefined ? null : 'year'
}

function pricesView(prices: Plan['prices']): PlanView['prices'] {
  const view: Partial<Record<PriceInterval, PriceView>> = {}
  for (const interval of ['month', 'year'] as const) {
    const price: Money | undefined = prices[interval]
    const amount = price && wholeMinorUnits(price)
    if (price !== undefined && amount !== undefined) view[interval] = { amount, currency: price.currency }
  }
  return view
}
