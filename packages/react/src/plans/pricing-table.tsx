import * as React from 'react'
import { ReadingBody, type ReadingSlots } from '../parts/reading-body.tsx'
import { useRequired } from '../provider/billing-context.ts'
import { PlanButton } from './plan-button.tsx'
import { PricingContext } from './pricing-context.tsx'
import { PricingMatrix } from './pricing-matrix.tsx'
import {
  PlanFeatures, PlanName, PlanPrice, PricingChoices, PricingPlans, PricingRoot, type PricingRootProps, planProps,
} from './pricing-parts.tsx'

/** Props of {@link PricingTable}. */
export type PricingTableProps = PricingRootProps & ReadingSlots & {
  /** A card for each plan, or a table that compares them; cards unless said otherwise. */
  readonly layout?: 'cards' | 'matrix' | undefined
}

function Cards(): React.ReactElement {
  return (
    <ul data-slot="plan-cards">
      <PricingPlans>
        {(offer) => (
          <li data-surface="" data-slot="plan-card" {...planProps(offer)}>
            <PlanName />
            <p data-slot="plan-description" data-quiet="">{offer.plan.description}</p>
            <PlanPrice />
            <div data-slot="plan-do">
              <PlanButton />
            </div>
            <PlanFeatures />
          </li>
        )}
      </PricingPlans>
    </ul>
  )
}

function Body({ layout, children, ...slots }: ReadingSlots & Pick<PricingTableProps, 'layout' | 'children'>): React.ReactElement {
  const { pricing, words } = useRequired(PricingContext)
  return (
    <ReadingBody of={pricing} isEmpty={!pricing.data?.plans.length} emptyText={words.noPlans} {...slots}>
      <PricingChoices />
      {layout === 'matrix' ? <PricingMatrix /> : <Cards />}
      {children}
    </ReadingBody>
  )
}

function PricingTableWhole({ layout, loading, error, empty, children, ...props }: PricingTableProps): React.ReactElement {
  return (
    <PricingRoot {...props}>
      <Body {...{ layout, loading, error, empty }}>{children}</Body>
    </PricingRoot>
  )
}

/**
 * The plans that are for sale, what each costs and gives, and the way to it: a checkout for who has no subscription, a
 * preview that is confirmed for who has one. Works without a sign-in, and on the server with `plans`. Questions and answers
 * go below as children.
 */
export const PricingTable: typeof PricingTableWhole & {
  readonly Root: typeof PricingRoot
  readonly Choices: typeof PricingChoices
  readonly Plans: typeof PricingPlans
  readonly Name: typeof PlanName
  readonly Price: typeof PlanPrice
  readonly Features: typeof PlanFeatures
  readonly Action: typeof PlanButton
  readonly Cards: typeof Cards
  readonly Matrix: typeof PricingMatrix
} = /* @__PURE__ */ Object.assign(PricingTableWhole, {
  Root: PricingRoot, Choices: PricingChoices, Plans: PricingPlans, Name: PlanName, Price: PlanPrice, Features: PlanFeatures,
  Action: PlanButton, Cards, Matrix: PricingMatrix,
})
