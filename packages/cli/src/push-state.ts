import type { PriceInterval } from '@farebox/core'

/** A product of Stripe that sells a plan of the catalog. */
export interface ProductState {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly active: boolean
  readonly metadata: Readonly<Record<string, string>>
}

/** A price of Stripe. `amount` counts minor currency units; `null` where a price is tiered or has a fraction of one. */
export interface PriceState {
  readonly id: string
  readonly product: string
  readonly active: boolean
  readonly lookupKey: string | null
  readonly currency: string
  readonly amount: number | null
  /** `null` for a price that is not paid every month or every year. */
  readonly interval: PriceInterval | null
  readonly metadata: Readonly<Record<string, string>>
}

/** What customers may switch to in the portal: a product and its prices. */
export interface PortalOffer {
  readonly product: string
  readonly prices: readonly string[]
}

/** The billing portal configuration that `farebox push` keeps. */
export interface PortalState {
  readonly id: string
  readonly active: boolean
  readonly cancelsAtPeriodEnd: boolean
  readonly switchesPrices: boolean
  readonly offers: readonly PortalOffer[]
}

/** Everything of a Stripe account that `farebox push` looks at. */
export interface PushState {
  /** Products that carry the installation's metadata or the id that it would give. */
  readonly products: readonly ProductState[]
  /** Prices of those products, and whatever holds one of the installation's lookup keys; newest first. */
  readonly prices: readonly PriceState[]
  readonly portal: PortalState | null
}
