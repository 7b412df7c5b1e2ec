import type { Metadata, StoredObject } from './objects.ts'

export interface PortalFeatures {
  readonly customer_update: { readonly enabled: boolean; readonly [field: string]: unknown }
  readonly invoice_history: { readonly enabled: boolean }
  readonly payment_method_update: { readonly enabled: boolean; readonly [field: string]: unknown }
  readonly subscription_cancel: {
    readonly enabled: boolean
    readonly mode: 'at_period_end' | 'immediately'
    readonly [field: string]: unknown
  }
  readonly subscription_pause: { readonly enabled: boolean; readonly [field: string]: unknown }
  readonly subscription_update: {
    readonly enabled: boolean
    readonly default_allowed_updates: readonly string[]
    readonly products?: readonly { readonly product: string; readonly prices: readonly string[] }[] | null
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
