import type { PricingPlan } from '@farebox/core/client'
import * as React from 'react'
import { type Part, createPart } from '../parts/create-part.tsx'
import { type PartProps, part } from '../parts/part.tsx'
import { type HeadingLevel, TitledContext, readingProps } from '../parts/reading-part.tsx'
import { useRequired } from '../provider/billing-context.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { priceContent } from './price-content.tsx'
import { CurrencySelect, IntervalSwitch, SeatSelect } from './pricing-controls.tsx'
import { PlanContext, PricingContext, type PricingPlanState } from './pricing-context.tsx'
import { type PricingSale, type PricingTableState, usePricingTable } from './use-pricing-table.ts'

/** Props of the `Root` of a pricing table. */
export type PricingRootProps = PartProps<Reading<unknown>> & PricingSale

/** Prices, and what they depend on. */
export function PricingRoot(props: PricingRootProps): React.ReactElement {
  // oxlint-disable-next-line no-unused-vars -- what sells goes to the table; the rest is of the element
  const { plans, interval, currency, quantity, signInUrl, contactUrl, promotionCode, successUrl, cancelUrl, level, ...rest } = props
  const table = usePricingTable(props)
  const { pricing, words } = table
  const own = { ...readingProps(pricing), 'data-slot': 'pricing-table', 'aria-label': words.pricingTitle }
  return <PricingContext.Provider value={table}>{part('section', rest, own, pricing)}</PricingContext.Provider>
}

/** The choices: interval, currency and seats, each where there is one. */
export const PricingChoices: Part<PricingTableState> = /* @__PURE__ */ createPart(PricingContext, 'pricing-choices', 'div', (table) => {
  const { pricing: { data: pricing }, choice, choose, isPaying, words, format } = table
  if (!pricing) return {}
  const controls = { pricing, choice, choose, words, format }
  return {
    'data-row': '',
    children: (
      <>
        <IntervalSwitch {...controls} />
        <SeatSelect {...controls} />
        {!isPaying && <CurrencySelect {...controls} />}
      </>
    ),
  }
})

/** Makes something of each plan, with the parts of a plan inside it. Nothing until the plans are there. */
export function PricingPlans({ children }: { readonly children: (offer: PricingPlan) => React.ReactNode }): React.ReactNode {
  const table = useRequired(PricingContext)
  return table.pricing.data?.plans.map((offer) => (
    <PlanContext.Provider key={offer.plan.key} value={{ table, offer }}>{children(offer)}</PlanContext.Provider>
  ))
}

/** The attributes that tell a stylesheet which plan it is and how it stands to what the customer has. */
export function planProps({ plan, standing }: PricingPlan): object {
  return { 'data-plan': plan.key, 'data-standing': standing, 'data-recommended': plan.recommended || undefined }
}

/** A heading: of the level that the table was given, else below the one above. */
export function PlanName(props: PartProps<PricingPlanState, 'h3'>): React.ReactElement {
  const above = React.useContext(TitledContext)
  const state = useRequired(PlanContext)
  const { table: { sale, words }, offer: { plan } } = state
  const children = [plan.name, ' ', plan.recommended && <span key="tag" data-tag="">{words.recommended}</span>]
  // One below a heading is from 2 to 6.
  const level = (sale.level ?? Math.min(6, (above || 2) + 1)) as HeadingLevel
  return part(`h${level}`, props, { 'data-slot': 'plan-name', 'data-title': '', children }, state)
}

/** What is for nothing costs nothing in the currency of the others: a plan called "Free" need not say so twice. */
export const PlanPrice: Part<PricingPlanState> = /* @__PURE__ */ createPart(PlanContext, 'plan-price', 'div', ({ table, offer }) => {
  const other = table.pricing.data?.plans.find(({ price }) => price)?.price
  const price = other && { ...other, amount: 0 }
  const isPriced = offer.price || offer.plan.contactSales
  return { children: priceContent(table.words.price(isPriced ? offer : { ...offer, price, monthly: price }, table.format)) }
})

/** What the plan gives, feature by feature. */
export const PlanFeatures: Part<PricingPlanState, 'dl'> = /* @__PURE__ */ createPart(PlanContext, 'plan-features', 'dl', ({ table, offer }) => ({
  children: Object.entries(offer.plan.features).map(([feature, terms]) => (
    <div key={feature} data-feature={feature} data-row="">
      <dt>{table.labelOf(feature)}</dt>
      <dd data-numbers="">{table.words.terms(terms, table.format)}</dd>
    </div>
  )),
}))
