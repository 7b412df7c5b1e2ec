import type { Pricing, PricingChoice } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import { choiceEnglish } from './choice-messages.ts'
import { SeatPicker } from './seat-picker.tsx'

/** What chooses the prices that are shown. */
export interface PricingControls {
  readonly pricing: Pricing
  readonly choice: PricingChoice
  readonly choose: (choice: PricingChoice) => void
}

/** Month or year, and what a year saves. Nothing where there is no choice. */
export function IntervalSwitch({ pricing, choice, choose }: PricingControls): React.ReactElement | null {
  const { number } = useBillingContext().format
  const words = useMessages(choiceEnglish)
  const name = React.useId()
  if (pricing.intervals.length < 2) return null
  // Rounded down: nobody saves less than it says.
  const percent = Math.floor(pricing.saving * 100) / 100
  return (
    <fieldset data-slot="interval-switch">
      <legend data-hidden="">{words.intervalLabel}</legend>
      {pricing.intervals.map((interval) => (
        <label key={interval}>
          <input type="radio" name={name} checked={interval === (choice.interval ?? 'month')} onChange={() => choose({ interval })} />
          <span>{words.intervalName(interval)}</span>
          {interval === 'year' && percent > 0 && <> <span data-slot="saving">{words.saving(number(percent, { style: 'percent' }))}</span></>}
        </label>
      ))}
    </fieldset>
  )
}

/** The currency. Nothing where there is no choice. */
export function CurrencySelect({ pricing, choice, choose }: PricingControls): React.ReactElement | null {
  const { currencyLabel } = useMessages(choiceEnglish)
  const { currencies } = pricing
  if (currencies.length < 2) return null
  return (
    <label data-slot="currency-select">
      <span>{currencyLabel}</span>
      <select value={choice.currency ?? currencies[0]} onChange={({ target }) => choose({ currency: target.value })}>
        {currencies.map((currency) => <option key={currency} value={currency}>{currency.toUpperCase()}</option>)}
      </select>
    </label>
  )
}

/** The number of seats. Nothing where nothing is paid by seat. */
export function SeatSelect({ pricing, choose }: Pick<PricingControls, 'pricing' | 'choose'>): React.ReactElement | null {
  const offers = pricing.plans.filter(({ sold }) => sold?.perSeat)
  if (offers.length === 0) return null
  const min = Math.min(...offers.map(({ sold }) => sold?.minimum ?? 1))
  return <SeatPicker value={Math.min(...offers.map(({ quantity }) => quantity))} min={min} onValueChange={(quantity) => choose({ quantity })} />
}

/** All of them; `isPaying` keeps the currency as it is. */
export function PricingControlRow({ isPaying, ...controls }: PricingControls & { readonly isPaying: boolean }): React.ReactElement {
  return (
    <>
      <IntervalSwitch {...controls} />
      <SeatSelect {...controls} />
      {!isPaying && <CurrencySelect {...controls} />}
    </>
  )
}
