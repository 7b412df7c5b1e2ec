import type { PriceInterval } from '../domain/catalog.ts'
import type { EntitlementSource, PlanStatus } from '../domain/entitlement.ts'
import type { OnError } from '../domain/feature.ts'
import type { GateState, Lift } from '../domain/decision.ts'

/** An instant on the wire: ISO 8601 in UTC, `2026-11-21T06:30:00.000Z`. */
export type IsoInstant = string

/** Integer minor currency units. */
export interface PriceView {
  readonly amount: number
  readonly currency: string
}

/** What a plan costs in one currency. `amount` is that of the whole plan or of one seat, of the first tier where there are tiers. */
export interface PriceOptionView extends PriceView {
  /** In ascending order; the last has no end. `null` where every seat costs the same. */
  readonly tiers: readonly { readonly upTo: number | null; readonly amount: number }[] | null
}

/** What a plan costs at an interval, in its usual currency and in all of them. */
export interface PlanPriceView extends PriceOptionView {
  /** Whether it is paid for each seat. */
  readonly perSeat: boolean
  /** The fewest seats that are sold. */
  readonly minimum: number
  /** `graduated`: each seat by its own tier; `volume`: all by the tier of their number; `null` without tiers. */
  readonly tiersMode: 'graduated' | 'volume' | null
  /** Every currency that it is sold in, the usual one first. */
  readonly options: readonly PriceOptionView[]
}

/** What a plan gives for a feature. `limit: null` is unlimited, or, where seats are `paid`, as many as are paid for. */
export type TermsView =
  | { readonly kind: 'toggle'; readonly on: boolean }
  | { readonly kind: 'setting'; readonly value: unknown }
  | { readonly kind: 'seats'; readonly limit: number | null; readonly paid?: true }
  | {
      readonly kind: 'metered'
      readonly limit: number | null
      readonly unit: string
      readonly interval: string
      /** Minor currency units per unit, as a decimal string; `null` where there is no overage. */
      readonly overage: { readonly amount: string; readonly currency: string } | null
    }

/** A plan of the public catalog. */
export interface PlanView {
  readonly key: string
  readonly name: string
  readonly description: string | null
  readonly default: boolean
  readonly recommended: boolean
  readonly contactSales: boolean
  readonly trialDays: number
  readonly prices: Readonly<Partial<Record<PriceInterval, PlanPriceView>>>
  readonly features: Readonly<Record<string, TermsView>>
}

/** A pack of the public catalog: extra amounts that are paid once. */
export interface PackView {
  readonly key: string
  readonly name: string
  readonly description: string | null
  /** In each currency that it is sold in, the usual one first. */
  readonly prices: readonly PriceView[]
  /** What one pack gives, by feature. */
  readonly grants: Readonly<Record<string, number>>
  /** Whole days from the payment on; `null` where what is left stays. */
  readonly expiresAfterDays: number | null
}

/** What `GET /plans` answers. */
export interface PlansView {
  readonly plans: readonly PlanView[]
  /** Absent where none is sold. */
  readonly packs?: readonly PackView[]
}

/** Usage of one metered feature: allowance and grants together, overage apart. `null` is unlimited. */
export interface UsageView {
  readonly used: number
  readonly reserved: number
  readonly limit: number | null
  readonly remaining: number | null
  readonly overage: number
  readonly unit: string
  readonly periodStart: IsoInstant
  readonly periodEnd: IsoInstant
  readonly gates: readonly (Omit<GateState, 'resetsAt'> & { readonly resetsAt: IsoInstant })[]
  /** The cheapest other plan that holds one more than is used; absent where nothing is refused for want of it, or no plan for sale does. */
  readonly lift?: Lift
}

/** A customer's right to a feature. */
export interface EntitlementView {
  readonly terms: TermsView
  readonly source: EntitlementSource
  readonly onError: OnError
}

/** A grant and what is left of it. Amounts are in the feature's smallest unit. */
export interface GrantView {
  readonly id: string
  readonly feature: string
  readonly amount: number
  readonly used: number
  readonly remaining: number
  readonly priority: number
  readonly effectiveAt: IsoInstant
  readonly expiresAt: IsoInstant | null
}

/**
 * Something the customer should know. `url` is Stripe's page on which a payment can be made or confirmed; it is told to those
 * alone who may manage billing. What each kind means: `docs/billing/dunning.md`.
 */
export type NoticeView =
  | {
      readonly kind:
        | 'access-ended' | 'payments-mismatch' | 'trial-ended-without-card' | 'payment-past-due' | 'paused' | 'trial-ending'
        | 'cancellation-scheduled'
      readonly at: IsoInstant | null
    }
  | {
      readonly kind: 'payment-action-required' | 'payment-failed'
      readonly at: IsoInstant | null
      readonly url: string | null
      readonly due: PriceView
    }
  | {
      readonly kind: 'change-scheduled'
      readonly at: IsoInstant | null
      readonly plan: string | null
      readonly interval: PriceInterval | null
    }
  | { readonly kind: 'card-expiring'; readonly at: IsoInstant | null; readonly brand: string; readonly last4: string }

/** A coupon on a subscription: a percentage, or an amount in minor units of a currency. */
export interface DiscountView {
  readonly name: string | null
  readonly percentOff: number | null
  readonly amountOff: PriceView | null
  /** Whether it counts for one invoice only. */
  readonly once: boolean
  /** `null` where it has no end. */
  readonly until: IsoInstant | null
}

/** The subscription that gives access; where none does, the one to speak of, such as an unpaid one. */
export interface SubscriptionView {
  readonly interval: PriceInterval | null
  /** How many seats or units are paid for. */
  readonly quantity: number
  readonly currency: string
  readonly discounts: readonly DiscountView[]
  readonly currentPeriodStart: IsoInstant
  readonly currentPeriodEnd: IsoInstant
  readonly cancelAt: IsoInstant | null
}

/** A plan as an upgrade prompt names it. `interval` is how it is bought; `null` where one has to get in touch. */
export interface PlanOfferView {
  readonly name: string
  readonly interval: PriceInterval | null
}

/** Everything a client may see of one customer. Never authoritative for writes. */
export interface Snapshot {
  readonly customer: string
  /** The plan's key. */
  readonly plan: string
  readonly planName: string
  /** Every plan by its key, so that a client can name the one that lifts a limit. */
  readonly plans: Readonly<Record<string, PlanOfferView>>
  readonly planSource: EntitlementSource
  readonly status: PlanStatus
  readonly subscription: SubscriptionView | null
  readonly entitlements: Readonly<Record<string, EntitlementView>>
  readonly usage: Readonly<Record<string, UsageView>>
  /** Those that count now, by feature, in the order in which they are drawn. */
  readonly grants: readonly GrantView[]
  readonly trial: { readonly endsAt: IsoInstant } | null
  /** Most pressing first, each kind once at most. */
  readonly notices: readonly NoticeView[]
  readonly canManageBilling: boolean
  readonly entitlementVersion: number
  readonly asOf: IsoInstant
}
