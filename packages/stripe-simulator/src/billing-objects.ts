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
  readonly billing_cycle_anchor: 'automatic' | 'phase_start' | null
  readonly currency: string
  readonly default_payment_method: string | null
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
