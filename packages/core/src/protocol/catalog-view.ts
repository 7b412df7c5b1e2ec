import type { Catalog, FeatureTerms, Plan, PriceInterval } from '../domain/catalog.ts'
import type { Feature } from '../domain/feature.ts'
import type { Money } from '../domain/money.ts'
import type { Pack } from '../domain/pack.ts'
import type { PlanPrice } from '../domain/price.ts'
import type { PackView, PlanOfferView, PlanPriceView, PlanView, PlansView, TermsView } from './snapshot.ts'

/** The public catalog: everything a pricing table shows, nothing else. */
export function plansView(catalog: Catalog): PlansView {
  const packs = Object.values(catalog.packs).map(packView)
  return { plans: catalog.planList.map((plan) => planView(plan, catalog.features)), ...(packs.length > 0 && { packs }) }
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
      return { kind: 'seats', limit: terms.amount, ...(terms.paid === true && { paid: true }) }
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

function packView({ key, name, description, amounts, grants, expiresAfterDays }: Pack): PackView {
  const prices = amounts.map(({ minor, currency }) => ({ amount: Number(minor), currency }))
  return { key, name, description, prices, grants, expiresAfterDays }
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
  const { month, year } = prices
  return { ...(month !== undefined && { month: priceView(month) }), ...(year !== undefined && { year: priceView(year) }) }
}

function priceView({ amounts, perSeat, minimum, tiers }: PlanPrice): PlanPriceView {
  const [first, ...others] = amounts
  const option = (money: Money): PlanPriceView['options'][number] => ({
    amount: Number(money.minor),
    currency: money.currency,
    tiers: tiers && tiers.steps.map(({ upTo, amounts: each }) => ({ upTo, amount: amountIn(each, money.currency) })),
  })
  return { ...option(first), perSeat, minimum, tiersMode: tiers && tiers.mode, options: [first, ...others].map(option) }
}

/** Every tier is there in every currency. */
function amountIn(amounts: readonly Money[], currency: string): number {
  return Number(amounts.find((money) => money.currency === currency)?.minor)
}
