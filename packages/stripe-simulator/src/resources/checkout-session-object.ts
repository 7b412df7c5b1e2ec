import { workedOut } from '../lifecycle/amounts/automatic-tax.ts'
import type { GivenDiscount } from '../lifecycle/discounts/coupon-validity.ts'
import type { CheckoutSession, MissingPaymentMethod } from '../objects.ts'
import { publishedNulls } from '../published-data.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'

interface Switch {
  readonly enabled: boolean
}

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
  readonly currency?: string
  readonly discounts?: readonly GivenDiscount[]
  readonly customer_creation?: 'always' | 'if_required'
  readonly invoice_creation?: Switch & {
    readonly invoice_data?: { readonly description?: string; readonly metadata?: MetadataChange }
  }
  readonly payment_intent_data?: {
    readonly description?: string
    readonly metadata?: MetadataChange
    readonly setup_future_usage?: 'off_session' | 'on_session'
  }
  readonly payment_method_collection?: 'always' | 'if_required'
  readonly setup_intent_data?: { readonly description?: string; readonly metadata?: MetadataChange }
  readonly subscription_data?: {
    readonly billing_mode?: { readonly type: string }
    readonly default_tax_rates?: readonly string[]
    readonly description?: string
    readonly metadata?: MetadataChange
    readonly trial_end?: number
    readonly trial_period_days?: number
    readonly trial_settings?: { readonly end_behavior: { readonly missing_payment_method: MissingPaymentMethod } }
  }
  readonly success_url?: string
  readonly ui_mode?: string
  readonly consent_collection?: { readonly promotions?: string; readonly terms_of_service?: string }
  readonly phone_number_collection?: Switch
  readonly tax_id_collection?: Switch & { readonly required?: string }
  readonly allow_promotion_codes?: boolean
  readonly automatic_tax?: Switch
  /** Kept and answered as given. */
  readonly billing_address_collection?: string
  readonly integration_identifier?: string
  readonly locale?: string
  readonly submit_type?: string
}

/** A new open session; nothing is stored. */
export function newCheckoutSession(
  given: NewSession,
  made: Pick<CheckoutSession, 'created' | 'currency' | 'discounts' | 'expires_at' | 'id' | 'internal' | 'metadata' | 'mode' | 'success_url' | 'url'> & {
    readonly amount_total: number | null
    readonly customer_details: Readonly<Record<string, unknown>> | null
  },
): CheckoutSession {
  const noText = { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null }
  const { id, ...fields } = made
  return {
    id,
    object: 'checkout.session',
    ...publishedNulls('checkout.session'),
    ...fields,
    adaptive_pricing: { enabled: false },
    allow_promotion_codes: given.allow_promotion_codes ?? null,
    automatic_tax: workedOut(given.automatic_tax?.enabled === true),
    billing_address_collection: given.billing_address_collection ?? null,
    cancel_url: given.cancel_url ?? null,
    client_reference_id: given.client_reference_id ?? null,
    consent_collection: consentCollection(given),
    custom_fields: [],
    custom_text: noText,
    customer: given.customer ?? null,
    customer_creation: customerCreation(given, made.mode),
    customer_email: given.customer_email ?? null,
    integration_identifier: given.integration_identifier ?? null,
    invoice_creation: invoiceCreation(given, made.mode),
    livemode: false,
    locale: given.locale ?? null,
    payment_method_collection: given.payment_method_collection ?? (made.mode === 'subscription' ? 'always' : 'if_required'),
    // Bank debits are in dollars: https://docs.stripe.com/payments/ach-direct-debit
    payment_method_types: (made.currency ?? 'usd') === 'usd' ? ['card', 'us_bank_account'] : ['card'],
    payment_status: (made.amount_total ?? 0) === 0 ? 'no_payment_required' : 'unpaid',
    phone_number_collection: { enabled: given.phone_number_collection?.enabled === true },
    shipping_options: [],
    status: 'open',
    submit_type: given.submit_type ?? null,
    subscription: null,
    ...(given.tax_id_collection !== undefined && {
      tax_id_collection: { required: 'never', ...given.tax_id_collection },
    }),
    ui_mode: 'hosted_page',
  }
}

function consentCollection(given: NewSession): Readonly<Record<string, unknown>> | null {
  if (given.consent_collection === undefined) return null
  return { payment_method_reuse_agreement: null, promotions: null, terms_of_service: null, ...given.consent_collection }
}

function customerCreation(given: NewSession, mode: CheckoutSession['mode']): CheckoutSession['customer_creation'] {
  if (given.customer !== undefined || mode === 'subscription') return null
  return given.customer_creation ?? (mode === 'payment' ? 'if_required' : 'always')
}

function invoiceCreation(given: NewSession, mode: CheckoutSession['mode']): Readonly<Record<string, unknown>> | null {
  if (mode !== 'payment') return null
  const data = given.invoice_creation?.invoice_data
  return {
    enabled: given.invoice_creation?.enabled === true,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: data?.description ?? null,
      footer: null,
      issuer: null,
      metadata: changeMetadata({}, data?.metadata),
      rendering_options: null,
    },
  }
}
