import type { CheckoutSession, Metadata } from '../objects.ts'
import type { MetadataChange } from '../requests/metadata.ts'

/** Parameters of a session that is to be made. */
export interface NewSession {
  readonly cancel_url?: string
  readonly client_reference_id?: string
  readonly customer?: string
  readonly customer_email?: string
  readonly expires_at?: number
  readonly line_items?: readonly { readonly price?: string; readonly quantity?: number }[]
  readonly metadata?: MetadataChange
  readonly mode?: 'payment' | 'setup' | 'subscription'
  readonly payment_method_collection?: string
  readonly subscription_data?: {
    readonly billing_mode?: { readonly type: string }
    readonly description?: string
    readonly metadata?: MetadataChange
    readonly trial_end?: number
    readonly trial_period_days?: number
    readonly trial_settings?: { readonly end_behavior: { readonly missing_payment_method: string } }
  }
  readonly success_url?: string
  readonly ui_mode?: string
  /** Kept and answered as given. */
  readonly allow_promotion_codes?: boolean
  readonly billing_address_collection?: string
  readonly integration_identifier?: string
  readonly locale?: string
  readonly submit_type?: string
}

/** A new open session; nothing is stored. */
export function newCheckoutSession(
  given: NewSession,
  made: {
    readonly id: string
    readonly created: number
    readonly expiresAt: number
    readonly amount: number
    readonly currency: string
    readonly customerDetails: Readonly<Record<string, unknown>> | null
    readonly metadata: Metadata
    readonly mode: 'payment' | 'subscription'
    readonly successUrl: string
    readonly url: string
    readonly internal: CheckoutSession['internal']
  },
): CheckoutSession {
  const noText = { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null }
  return {
    id: made.id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: given.allow_promotion_codes ?? null,
    allowed_payment_method_types: null,
    amount_subtotal: made.amount,
    amount_total: made.amount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: given.billing_address_collection ?? null,
    cancel_url: given.cancel_url ?? null,
    client_reference_id: given.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: made.created,
    currency: made.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: noText,
    customer: given.customer ?? null,
    customer_account: null,
    customer_creation: made.mode === 'payment' && given.customer === undefined ? 'if_required' : null,
    customer_details: made.customerDetails,
    customer_email: given.customer_email ?? null,
    discounts: [],
    expires_at: made.expiresAt,
    integration_identifier: given.integration_identifier ?? null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: given.locale ?? null,
    managed_payments: null,
    metadata: made.metadata,
    mode: made.mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: made.mode === 'subscription' ? 'always' : 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_status: made.amount === 0 ? 'no_payment_required' : 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: given.submit_type ?? null,
    subscription: null,
    success_url: made.successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: made.url,
    wallet_options: null,
    internal: made.internal,
  }
}
