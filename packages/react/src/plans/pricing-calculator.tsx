import type { Pricing } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type BlockProps, readingBlock } from '../parts/reading-block.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import type { PlanName } from '../provider/register.ts'
import { priceContent } from './price-content.tsx'
import { CurrencySelect, IntervalSwitch, SeatSelect } from './pricing-controls.tsx'
import { priceEnglish } from './price-messages.ts'
import { type PricingStart, usePricing } from './use-pricing.ts'

/** Props of {@link PricingCalculator}. */
export type PricingCalculatorProps = BlockProps<Pricing> & PricingStart & {
  /** The plan that is shown at first; the recommended one unless said otherwise. */
  readonly plan?: PlanName | undefined
}

/** What a plan costs at an interval and for so many seats, before tax and discounts. The server says what is paid. */
export function PricingCalculator({ plan, plans, interval, currency, quantity, ...props }: PricingCalculatorProps): React.ReactElement {
  const { format } = useBillingContext()
  const words = useMessages(priceEnglish)
  const selection = usePricing({ plans, interval, currency, quantity })
  const [chosen, setChosen] = React.useState<string | undefined>(plan)
  const { pricing } = selection
  const sold = pricing.data?.plans.filter(({ price }) => price) ?? []
  const offer = sold.find((one) => one.plan.key === chosen) ?? sold.find((one) => one.plan.recommended) ?? sold[0]
  return readingBlock(props, { 'data-slot': 'pricing-calculator', 'data-surface': '' }, pricing, {
    isEmpty: !offer,
    emptyText: words.noPlans,
    lines: 9,
    children: pricing.data && offer && (
      <>
        <label data-slot="plan-select">
          <span>{words.planLabel}</span>
          <select value={offer.plan.key} onChange={({ target }) => setChosen(target.value)}>
            {sold.map((one) => <option key={one.plan.key} value={one.plan.key}>{one.plan.name}</option>)}
          </select>
        </label>
        <IntervalSwitch {...selection} pricing={{ ...pricing.data, saving: offer.saving }} words={words} format={format} />
        <SeatSelect {...selection} pricing={{ ...pricing.data, plans: [offer] }} />
        <CurrencySelect {...selection} pricing={pricing.data} words={words} />
        <output data-slot="plan-price">{priceContent(words.price(offer, format))}</output>
        <p data-quiet="">{words.beforeTax}</p>
      </>
    ),
  })
}
