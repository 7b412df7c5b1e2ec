import * as React from 'react'
import { part } from '../parts/part.tsx'
import { useRequired } from '../provider/billing-context.ts'
import { PlanButton } from './plan-button.tsx'
import { PricingContext } from './pricing-context.tsx'
import { PlanName, PlanPrice, PricingPlans, planProps } from './pricing-parts.tsx'

/** All plans beside each other, feature by feature. Where it is too wide it scrolls in itself, by keyboard as well. */
export function PricingMatrix(): React.ReactElement {
  const { pricing, words, format, labelOf } = useRequired(PricingContext)
  const offers = pricing.data?.plans ?? []
  const features = [...new Set(offers.flatMap(({ plan }) => Object.keys(plan.features)))]
  const children = (
    <table data-table="">
      <thead>
        <tr>
          <th scope="col" rowSpan={2}>{words.columnFeatures}</th>
          <PricingPlans>
            {(offer) => (
              <th scope="col" aria-label={offer.plan.name} {...planProps(offer)}>
                <PlanName />
                <PlanPrice />
              </th>
            )}
          </PricingPlans>
        </tr>
        <tr>
          <PricingPlans>{() => <td><PlanButton /></td>}</PricingPlans>
        </tr>
      </thead>
      <tbody>
        {features.map((feature) => (
          <tr key={feature} data-feature={feature}>
            <th scope="row">{labelOf(feature)}</th>
            {offers.map(({ plan }) => <td key={plan.key}>{words.terms(plan.features[feature], format)}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  )
  return part('section', {}, { 'data-slot': 'pricing-matrix', 'data-scroll': '', 'aria-label': words.columnFeatures, tabIndex: 0, children }, null)
}
