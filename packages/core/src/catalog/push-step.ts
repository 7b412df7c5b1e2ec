import type { PriceInterval } from '../domain/catalog.ts'
import type { TiersMode } from '../domain/price.ts'
import type { PortalOffer, PortalPolicy, PriceAmount } from './push-state.ts'

/** What a plan's product should say. */
export interface ProductTarget {
  readonly plan: string
  readonly id: string
  readonly name: string
  readonly description: string | null
}

/** What a plan's price should be: one in Stripe, whatever its currencies. */
export interface PriceTarget {
  readonly plan: string
  readonly interval: PriceInterval
  readonly product: string
  readonly lookupKey: string
  /** The usual currency. */
  readonly currency: string
  /** By currency, the usual one among them. */
  readonly amounts: Readonly<Record<string, PriceAmount>>
  readonly tiersMode: TiersMode | null
  /** The fewest seats that are sold. */
  readonly minimum: number
}

/** What a pack's product and price should be. `amounts` in minor units, by currency. */
export interface PackTarget {
  readonly pack: string
  readonly product: string
  readonly lookupKey: string
  readonly name: string
  readonly description: string | null
  readonly currency: string
  readonly amounts: Readonly<Record<string, number>>
}

/** What the portal should offer; prices by their lookup keys. */
export interface PortalTarget extends PortalPolicy {
  readonly offers: readonly PortalOffer[]
}

/**
 * One thing that `farebox push` does or leaves. Nothing is ever deleted.
 *
 * - `create`, `change`: makes or alters it. A price's amount cannot be altered: a new price takes over its lookup key.
 * - `retire`: a price is no longer sold; subscriptions that have it go on.
 * - `same`: it is as it should be.
 * - `leave`: a plan's product that the catalog no longer has; it is for a person to decide.
 */
export type PushStep =
  | { readonly action: 'create'; readonly kind: 'product'; readonly target: ProductTarget }
  | { readonly action: 'change'; readonly kind: 'product'; readonly target: ProductTarget; readonly fields: readonly ProductField[] }
  | { readonly action: 'same'; readonly kind: 'product'; readonly target: ProductTarget }
  | { readonly action: 'leave'; readonly kind: 'product'; readonly id: string; readonly plan: string }
  | { readonly action: 'create'; readonly kind: 'price'; readonly target: PriceTarget; readonly replaces: ReplacedPrice | null }
  | { readonly action: 'change'; readonly kind: 'price'; readonly target: PriceTarget; readonly id: string }
  | { readonly action: 'same'; readonly kind: 'price'; readonly target: PriceTarget; readonly id: string }
  | { readonly action: 'retire'; readonly kind: 'price'; readonly id: string; readonly plan: string; readonly interval: string }
  | PackStep
  | { readonly action: 'create'; readonly kind: 'portal'; readonly target: PortalTarget }
  | { readonly action: 'change'; readonly kind: 'portal'; readonly target: PortalTarget; readonly id: string }
  | { readonly action: 'same'; readonly kind: 'portal'; readonly target: PortalTarget; readonly id: string }

/** A pack's product and its price together. `price`: the one that is taken up again; `null` where a new one is made. */
export type PackStep =
  | { readonly action: 'create'; readonly kind: 'pack'; readonly target: PackTarget; readonly price: null }
  | { readonly action: 'change'; readonly kind: 'pack'; readonly target: PackTarget; readonly price: string | null }
  | { readonly action: 'same'; readonly kind: 'pack'; readonly target: PackTarget; readonly price: string }
  | { readonly action: 'retire'; readonly kind: 'pack'; readonly id: string; readonly pack: string }

/** A part of a Stripe product that a push may set. */
export type ProductField = 'name' | 'description' | 'active' | 'metadata'

/** The price whose lookup key a new one takes over. */
export interface ReplacedPrice {
  readonly id: string
  readonly amount: PriceAmount | null
  readonly currency: string
}

/** Whether a step writes to Stripe. */
export function isChange({ action }: PushStep): boolean {
  return action === 'create' || action === 'change' || action === 'retire'
}
