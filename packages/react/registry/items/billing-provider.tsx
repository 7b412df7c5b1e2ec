'use client'

import { BillingProvider as Provider, type BillingProviderProps } from '@farebox/react'
import { billing, join } from './classes'

/** One customer's snapshot for everything below. What it says to people who listen is not seen. */
export function BillingProvider(props: BillingProviderProps) {
  return (
    <div className={join(billing, 'contents **:data-[slot=billing-announcer]:sr-only')}>
      <Provider {...props} />
    </div>
  )
}
