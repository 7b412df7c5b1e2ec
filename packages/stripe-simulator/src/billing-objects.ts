import type { AutomaticTax } from './amount-objects.ts'
import type { Metadata, StoredObject } from './objects.ts'

/** What becomes of the time that was paid for: collected with the next invoice, at once, or not at all. */
export type ProrationBehavior = 'create_prorations' | 'always_invoice' | 'none'

/** A discount as a phase or an item names it before it applies: one of the three. */
export interface DiscountReference {
  readonly coupon: string | null
  readonly discount: string | null
  readonly promotion_code: string | null
}

export interface ScheduleItem {
  readonly discounts: readonly DiscountReference[]
  readonly metadata: Metadata
  readonly price: string
  readonly quantity: number
  readonly [field: string]: unknown
}

/** A stretch of a schedule, half-open: `end_date` is the `start_date` of the next one. */
export interface SchedulePhase {
  /** Left out: Stripe works out no tax. */
  readonly automatic_tax?: AutomaticTax
  readonly billing_cycle_anchor: 'automatic' | 'phase_start' | null
  readonly currency: string
  readonly default_payment_method: string | null
  readonly default_tax_rates: readonly string[]
  readonly description: string | null
  readonly discounts: readonly DiscountReference[]
  readonly end_date: number
  readonly items: readonly ScheduleItem[]
  readonly metadata: Metadata
  readonly proration_behavior: ProrationBehavior
  readonly start_date: number
  readonly trial_end: number | null
  readonly [field: string]: unknown
}

export interface SubscriptionSchedule extends StoredObject {
  readonly canceled_at: number | null
  readonly completed_at: number | null
  readonly current_phase: { readonly start_date: number; readonly end_date: number } | null
  readonly customer: string
  readonly default_settings: {
    readonly billing_cycle_anchor: 'automatic' | 'phase_start'
    readonly default_payment_method: string | null
    readonly description: string | null
    readonly [field: string]: unknown
  }
  readonly end_behavior: 'cancel' | 'release'
  readonly metadata: Metadata
  readonly phases: readonly SchedulePhase[]
  readonly released_at: number | null
  readonly released_subscription: string | null
  readonly status: 'active' | 'canceled' | 'completed' | 'not_started' | 'released'
  readonly subscription: string | null
}

export interface Meter extends StoredObject {
  readonly customer_mapping: { readonly event_payload_key: string; readonly type: 'by_id' }
  readonly default_aggregation: { readonly formula: 'count' | 'last' | 'sum' }
  readonly display_name: string
  readonly event_name: string
  readonly event_time_window: 'day' | 'hour' | null
  readonly status: 'active' | 'inactive'
  readonly status_transitions: { readonly deactivated_at: number | null }
  readonly updated: number
  readonly value_settings: { readonly event_payload_key: string }
}

/** An event of use that was counted. Its id is its identifier. */
export interface MeterEvent extends StoredObject {
  readonly customer: string
  readonly event_name: string
  readonly identifier: string
  readonly payload: Readonly<Record<string, string>>
  readonly timestamp: number
}

export interface Coupon extends StoredObject {
  readonly amount_off: number | null
  readonly currency: string | null
  readonly duration: 'forever' | 'once' | 'repeating'
  readonly duration_in_months: number | null
  readonly max_redemptions: number | null
  readonly metadata: Metadata
  readonly name: string | null
  /** With at most two decimal places. */
  readonly percent_off: number | null
  readonly redeem_by: number | null
  readonly times_redeemed: number
  readonly valid: boolean
  readonly internal: {
    /** Products that it is good for; undefined: all. */
    readonly products: readonly string[] | undefined
    /** What it takes off in other currencies, by currency. */
    readonly amounts: Readonly<Record<string, number>>
    /** A deleted coupon cannot be redeemed any more; discounts that it gave go on. */
    readonly isDeleted: boolean
  }
}

export interface PromotionCode extends StoredObject {
  readonly active: boolean
  readonly code: string
  readonly customer: string | null
  readonly expires_at: number | null
  readonly max_redemptions: number | null
  readonly metadata: Metadata
  readonly promotion: { readonly coupon: string; readonly type: 'coupon' }
  readonly restrictions: {
    readonly first_time_transaction: boolean
    readonly minimum_amount: number | null
    readonly minimum_amount_currency: string | null
    readonly [field: string]: unknown
  }
  readonly times_redeemed: number
}

/** A coupon that was redeemed. Instants in seconds. */
export interface Discount extends StoredObject {
  readonly checkout_session: string | null
  readonly customer: string
  readonly end: number | null
  readonly promotion_code: string | null
  readonly source: { readonly coupon: string; readonly type: 'coupon' }
  readonly start: number
  readonly subscription: string | null
  readonly internal: {
    /** It has been used up or has run out. */
    readonly isOver: boolean
  }
}

/** Money that was taken from a payment method. */
export interface Charge extends StoredObject {
  readonly amount: number
  readonly amount_refunded: number
  readonly currency: string
  readonly customer: string | null
  readonly disputed: boolean
  readonly payment_intent: string
  readonly payment_method: string
  readonly refunded: boolean
  readonly status: 'failed' | 'pending' | 'succeeded'
  readonly internal: { readonly invoice: string | null }
}

export interface Refund extends StoredObject {
  readonly amount: number
  readonly charge: string
  readonly currency: string
  readonly metadata: Metadata
  readonly payment_intent: string
  readonly status: 'canceled' | 'failed' | 'pending' | 'succeeded'
  readonly internal: {
    /** When it is decided, in seconds, and how; undefined: it is final. */
    readonly settles: { readonly at: number; readonly as: 'failed' | 'succeeded' } | undefined
  }
}

export interface Dispute extends StoredObject {
  readonly amount: number
  readonly charge: string
  readonly currency: string
  readonly evidence: Readonly<Record<string, unknown>>
  readonly evidence_details: { readonly due_by: number | null; readonly [field: string]: unknown }
  readonly metadata: Metadata
  readonly payment_intent: string
  readonly reason: string
  readonly status: 'lost' | 'needs_response' | 'under_review' | 'warning_closed' | 'warning_needs_response' | 'won'
}

export interface TestClock extends StoredObject {
  readonly deletes_after: number
  readonly frozen_time: number
  readonly name: string | null
  readonly status: 'advancing' | 'internal_failure' | 'ready'
}
