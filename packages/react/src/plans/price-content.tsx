import type * as React from 'react'
import type { PriceText } from './price-messages.ts'

/** What a price is made of. A stylesheet knows how long the amount is, so that it stands in one line. */
export function priceContent({ amount, per, note }: PriceText): React.ReactNode {
  const length: object = { '--_length': amount.length }
  return (
    <>
      <span data-slot="plan-amount" style={length}>{amount}</span> <span data-quiet="">{per}</span>
      <div data-slot="plan-note" data-quiet="">{note}</div>
    </>
  )
}
