import type { PricingPlan } from '@farebox/core/client'
import * as React from 'react'
import { type Part, type PartContext, createPart, createPartContext } from '../parts/create-part.tsx'
import { type OnDemand, onDemand } from '../parts/on-demand.tsx'
import { type PartProps, part } from '../parts/part.tsx'
import { pressOnce } from '../parts/press-once.ts'
import { readingProps } from '../parts/reading-part.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useRequired } from '../provider/billing-context.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import type { PricingControlRow } from './pricing-controls.tsx'
import { type PricingSale, type PricingTableState, usePricingTable } from './use-pricing-table.ts'

/** Props of the `Root` of a pricing table. */
export type PricingRootProps = PartProps<Reading<unknown>> & PricingSale

/** What the parts of one plan know. */
export interface PricingPlanState {
  readonly table: PricingTableState
  readonly offer: PricingPlan
}

export const PricingContext: PartContext<PricingTableState> = /* @__PURE__ */ createPartContext<PricingTableState>()
export const PlanContext: PartContext<PricingPlanState> = /* @__PURE__ */ createPartContext<PricingPlanState>()

/** Prices, and what they depend on. */
export function PricingRoot(props: PricingRootProps): React.ReactElement {
  // oxlint-disable-next-line no-unused-vars -- what sells goes to the table; the rest is of the element
  const { plans, interval, currency, quantity, signInUrl, contactUrl, promotionCode, successUrl, cancelUrl, ...rest } = props
  const table = usePricingTable(props)
  const { pricing, words } = table
  const own = { ...readingProps(pricing), 'data-slot': 'pricing-table', 'aria-label': words.pricingTitle }
  return <PricingContext.Provider value={table}>{part('section', rest, own, pricing)}</PricingContext.Provider>
}

const Controls: OnDemand<React.ComponentProps<typeof PricingControlRow>> = /* @__PURE__ */ onDemand(
  async () => (await import('./pricing-controls.tsx')).PricingControlRow, () => <Skeleton lines={1} />,
)

/** The choices: interval, currency and seats, each where there is one. */
export const PricingChoices: Part<PricingTableState> = /* @__PURE__ */ createPart(PricingContext, 'pricing-choices', 'div', (table) => {
  const { pricing: { data: pricing }, choice, choose, isPaying } = table
  if (!pricing) return {}
  const { intervals, currencies, plans } = pricing
  const isChoice = intervals.length > 1 || currencies.length > 1 || plans.some(({ sold }) => sold?.perSeat)
  return { 'data-row': '', children: isChoice && <Controls {...{ pricing, choice, choose, isPaying }} /> }
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

export const PlanName: Part<PricingPlanState, 'h3'> = /* @__PURE__ */ createPart(PlanContext, 'plan-name', 'h3', ({ table, offer }) => ({
  'data-title': '',
  children: <>{offer.plan.name} {offer.plan.recommended && <span data-tag="">{table.words.recommended}</span>}</>,
}))

/** What is for nothing costs nothing in the currency of the others: a plan called "Free" need not say so twice. */
export const PlanPrice: Part<PricingPlanState> = /* @__PURE__ */ createPart(PlanContext, 'plan-price', 'div', ({ table, offer }) => {
  const other = table.pricing.data?.plans.find(({ price }) => price)?.price
  const price = other && { ...other, amount: 0 }
  const isPriced = offer.price || offer.plan.contactSales
  const { amount, per, note } = table.words.price(isPriced ? offer : { ...offer, price, monthly: price }, table.format)
  return {
    children: (
      <>
        <span data-slot="plan-amount" data-numbers="">{amount}</span> <span data-quiet="">{per}</span>
        <div data-slot="plan-note" data-quiet="">{note}</div>
      </>
    ),
  }
})

/** What the plan gives, feature by feature. */
export const PlanFeatures: OnDemand<PartProps<PricingPlanState, 'dl'>> = /* @__PURE__ */ onDemand(
  async () => (await import('./plan-features.tsx')).PlanFeatures, () => <FeatureRoom />,
)

function FeatureRoom(): React.ReactElement {
  return <Skeleton lines={Object.keys(useRequired(PlanContext).offer.plan.features).length} />
}

/** The button of a plan. Where there is nothing to do it stays, and says so; where there is nobody to ask it is left out. */
export const PlanButton: OnDemand<PartProps<PricingPlanState, 'button'>> = /* @__PURE__ */ onDemand(
  async () => (await import('./plan-button.tsx')).PlanButton, (props) => <UnreadyButton {...props} />,
)

function UnreadyButton(props: PartProps<PricingPlanState, 'button'>): React.ReactElement | null {
  return planButton(props, useRequired(PlanContext), true)
}

/** The button of a plan as it looks, or the link that it is. @param press what it does. */
export function planButton(props: PartProps<PricingPlanState, 'button'>, state: PricingPlanState, isPending: boolean, press: object = {}): React.ReactElement | null {
  const { table: { words, isSignedIn, sale }, offer } = state
  const { action } = offer
  const url = action === 'contact' ? sale.contactUrl : isSignedIn === false ? sale.signInUrl : undefined
  if (action === 'contact' && !url && !props.onClick && !props.render && !props.asChild) return null
  const isIdle = /none|ask/.test(action)
  const isBusy = (!isIdle && isPending) || undefined
  const own = {
    'data-slot': 'plan-action', 'data-button': /^(checkout|change|resume)$/.test(action) ? 'primary' : '', children: words.planAction(offer),
    ...(url ? { href: url } : { type: 'button', ...pressOnce, 'aria-busy': isBusy, 'aria-disabled': isBusy ?? isIdle, ...(!isBusy && !isIdle && press) }),
  }
  return part(url ? 'a' : 'button', props, own, state)
}
