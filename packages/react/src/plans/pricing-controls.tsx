import type { Pricing, PricingChoice } from '@farebox/core/client'
import * as React from 'react'
import type { Format } from '../messages/format.ts'
import type { PriceMessages } from './price-messages.ts'
import type { SeatMessages } from './seat-messages.ts'
import { SeatPicker } from './seat-picker.tsx'

/** What chooses the prices that are shown. */
export interface PricingControls {
  readonly pricing: Pricing
  readonly choice: PricingChoice
  readonly choose: (choice: PricingChoice) => void
  readonly words: PriceMessages & SeatMessages
  readonly format: Format
}

/** Month or year, and what a year saves. Nothing where there is no choice. */
export function IntervalSwitch({ pricing, choice, choose, words, format }: PricingControls): React.ReactElement | null {
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
          {words.intervalName(interval)}
          {interval === 'year' && percent > 0 && <> <span data-slot="saving">{words.saving(format.number(percent, { style: 'percent' }))}</span></>}
        </label>
      ))}
    </fieldset>
  )
}

/** The currency. Nothing where there is no choice. */
export function CurrencySelect({ pricing, choice, choose, words }: Omit<PricingControls, 'format'>): React.ReactElement | null {
  const { currencies } = pricing
  if (currencies.length < 2) return null
  return (
    <label data-slot="currency-select">
      <span>{words.currencyLabel}</span>
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
