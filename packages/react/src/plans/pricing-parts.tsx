import type { PricingPlan } from '@farebox/core/client'
import * as React from 'react'
import { type Part, type PartContext, createPart, createPartContext } from '../parts/create-part.tsx'
import { type PartProps, part } from '../parts/part.tsx'
import { readingProps } from '../parts/reading-part.tsx'
import { useRequired } from '../provider/billing-context.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { ActionNote } from './action-button.tsx'
import { Modal } from './modal.tsx'
import { ChangeContent } from './plan-dialogs.tsx'
import { CurrencySelect, IntervalSwitch, SeatSelect } from './pricing-controls.tsx'
import { type PricingSale, type PricingTableState, usePricingTable } from './use-pricing-table.ts'

/** Props of the `Root` of a pricing table. */
export type PricingRootProps = PartProps<Reading<unknown>> & PricingSale

/** What the parts of one plan know. */
export interface PricingPlanState {
  readonly table: PricingTableState
  readonly offer: PricingPlan
}

export const PricingContext: PartContext<PricingTableState> = /* @__PURE__ */ createPartContext<PricingTableState>()
const PlanContext: PartContext<PricingPlanState> = /* @__PURE__ */ createPartContext<PricingPlanState>()

/** Prices, choices, and the dialog in which a change is confirmed. */
export function PricingRoot(props: PricingRootProps): React.ReactElement {
  // oxlint-disable-next-line no-unused-vars -- what sells goes to the table; the rest is of the element
  const { plans, interval, currency, quantity, signInUrl, contactUrl, promotionCode, successUrl, cancelUrl, ...rest } = props
  const table = usePricingTable(props)
  const { pricing, asked, close, wishOf, words, isPaying } = table
  const own = { ...readingProps(pricing), ...(isPaying && ChangeContent.near), 'data-slot': 'pricing-table', 'aria-label': words.pricingTitle }
  return (
    <PricingContext.Provider value={table}>
      {part('section', rest, own, pricing)}
      <Modal isOpen={asked !== undefined} label={asked ? words.planAction(asked) : ''} onClose={close}>
        {asked && <ChangeContent {...wishOf(asked)} planName={asked.plan.name} isEnd={asked.action === 'cancel'} onDone={close} onBack={close} />}
      </Modal>
    </PricingContext.Provider>
  )
}

/** The choices: interval, currency and seats, each where there is one. */
export const PricingChoices: Part<PricingTableState> = /* @__PURE__ */ createPart(PricingContext, 'pricing-choices', 'div', (table) => {
  const { pricing: { data } } = table
  if (!data) return {}
  const controls = { ...table, pricing: data }
  return {
    'data-row': '',
    children: (
      <>
        <IntervalSwitch {...controls} />
        <SeatSelect {...controls} />
        {!table.isPaying && <CurrencySelect {...controls} />}
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
export const PlanFeatures: Part<PricingPlanState, 'dl'> = /* @__PURE__ */ createPart(PlanContext, 'plan-features', 'dl', ({ table, offer }) => ({
  children: Object.entries(offer.plan.features).map(([feature, terms]) => (
    <div key={feature} data-feature={feature} data-row="">
      <dt>{table.labelOf(feature)}</dt>
      <dd data-numbers="">{table.words.terms(terms, table.format)}</dd>
    </div>
  )),
}))

/** The button of a plan. Where there is nothing to do it stays, and says so. */
export function PlanButton(props: PartProps<PricingPlanState, 'button'>): React.ReactElement {
  const state = useRequired(PlanContext)
  const { table: { words, take, attemptOf, isSignedIn, sale }, offer } = state
  const { action } = offer
  const attempt = attemptOf(offer)
  const isPending = isSignedIn === undefined || attempt.status === 'pending' || undefined
  const url = action === 'contact' ? sale.contactUrl : isSignedIn === false ? sale.signInUrl : undefined
  const isIdle = /none|ask/.test(action) || (action === 'contact' && !url)
  const own = {
    'data-slot': 'plan-action', 'data-button': /^(checkout|change|resume)$/.test(action) ? 'primary' : '',
    children: words.planAction(offer),
    ...(url ? { href: url } : { type: 'button', 'aria-busy': isPending, 'aria-disabled': isPending ?? isIdle, onClick: () => isPending || isIdle || take(offer) }),
  }
  return (
    <>
      {part(url ? 'a' : 'button', props, own, state)}
      <ActionNote of={attempt} />
    </>
  )
}
