import type * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type Part, createPart } from '../parts/create-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { PlanContext, type PricingPlanState } from './pricing-parts.tsx'
import { termsEnglish } from './terms-messages.ts'

/** What the plan gives, feature by feature. */
export const PlanFeatures: Part<PricingPlanState, 'dl'> = /* @__PURE__ */ createPart(PlanContext, 'plan-features', 'dl', ({ offer }) => ({
  children: <Terms of={offer.plan.features} />,
}))

function Terms({ of: features }: { readonly of: PricingPlanState['offer']['plan']['features'] }): React.ReactNode {
  const { format, labelOf } = useBillingContext()
  const words = useMessages(termsEnglish)
  return Object.entries(features).map(([feature, terms]) => (
    <div key={feature} data-feature={feature} data-row="">
      <dt>{labelOf(feature)}</dt>
      <dd data-numbers="">{words.terms(terms, format)}</dd>
    </div>
  ))
}
