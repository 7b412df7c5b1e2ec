import type { PriceInterval } from '../domain/catalog.ts'

/** A product of Stripe that sells a plan of the catalog. */
export interface ProductState {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly active: boolean
  readonly metadata: Readonly<Record<string, string>>
}

/** What a price costs in one currency, in minor units: each unit the same, or by tiers of which the last has no end. */
export type PriceAmount = number | readonly { readonly upTo: number | null; readonly each: number }[]

/** A price of Stripe. */
export interface PriceState {
  readonly id: string
  readonly product: string
  readonly active: boolean
  readonly lookupKey: string | null
  readonly currency: string
  /** By currency, its own among them; `null` where it costs something that no catalog can say, such as fractions of a cent. */
  readonly amounts: Readonly<Record<string, PriceAmount>> | null
  readonly tiersMode: string | null
  /** `null` for a price that is not paid every month or every year. */
  readonly interval: PriceInterval | null
  /** Paid once, as a pack is. */
  readonly isOneTime?: boolean
  readonly metadata: Readonly<Record<string, string>>
}

/** What customers may switch to in the portal: a product and its prices. */
export interface PortalOffer {
  readonly product: string
  readonly prices: readonly string[]
  /** The fewest that the portal sells, where a plan is paid by seat; `null` where its quantity is not for customers to change. */
  readonly minimum: number | null
}

/**
 * How the portal changes a subscription, in Stripe's words: what it puts off to the end of the period, and how it settles the
 * rest. Source: https://docs.stripe.com/api/customer_portal/configurations/object
 */
export interface PortalPolicy {
  readonly later: readonly string[]
  readonly proration: string
}

/** The billing portal configuration that `farebox push` keeps. */
export interface PortalState extends PortalPolicy {
  readonly id: string
  readonly active: boolean
  readonly cancelsAtPeriodEnd: boolean
  readonly switchesPrices: boolean
  readonly changesQuantity: boolean
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
