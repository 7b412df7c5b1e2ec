import type { Interval, Metadata, StoredObject } from './objects.ts'

/** How long a pause lasts. */
export interface PauseLength {
  readonly interval: Interval
  readonly interval_count: number
}

/** How far a customer may change a quantity; `maximum` null: without limit. */
export interface PortalQuantity {
  readonly enabled: boolean
  readonly maximum: number | null
  readonly minimum: number
}

/** What a customer may switch to. */
export interface PortalProduct {
  readonly adjustable_quantity: PortalQuantity
  readonly product: string
  readonly prices: readonly string[]
}

export interface PortalFeatures {
  readonly customer_update: { readonly enabled: boolean; readonly [field: string]: unknown }
  readonly invoice_history: { readonly enabled: boolean }
  readonly payment_method_update: { readonly enabled: boolean; readonly [field: string]: unknown }
  readonly subscription_cancel: {
    readonly enabled: boolean
    readonly mode: 'at_period_end' | 'immediately'
    readonly [field: string]: unknown
  }
  readonly subscription_pause: {
    readonly enabled: boolean
    readonly duration: { readonly interval_options: readonly PauseLength[]; readonly type: 'indefinite' | 'interval_options' }
  }
  readonly subscription_update: {
    readonly enabled: boolean
    readonly billing_cycle_anchor: 'now' | 'unchanged' | null
    readonly default_allowed_updates: readonly string[]
    readonly products?: readonly PortalProduct[] | null
    readonly schedule_at_period_end: {
      readonly conditions: readonly { readonly type: 'decreasing_item_amount' | 'shortening_interval' }[]
    }
    readonly proration_behavior: 'always_invoice' | 'create_prorations' | 'none'
    readonly [field: string]: unknown
  }
}

export interface PortalConfiguration extends StoredObject {
  readonly active: boolean
  readonly business_profile: { readonly headline: string | null; readonly [field: string]: unknown }
  readonly default_return_url: string | null
  readonly features: PortalFeatures
  readonly is_default: boolean
  readonly metadata: Metadata
}

export interface PortalSession extends StoredObject {
  readonly configuration: string
  readonly customer: string
  readonly return_url: string | null
  readonly url: string
}
