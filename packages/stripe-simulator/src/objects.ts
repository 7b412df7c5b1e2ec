import type { AutomaticTax, CurrencyOption, Debit, PriceTier, Taxation } from './amount-objects.ts'

/**
 * Stored objects are never changed in place: a change stores a new object, so an event may keep the old one.
 * Objects are stored as they are answered, except that related objects are stored by id and that `internal`
 * is never answered. Only the fields that the simulator itself reads are named here. Instants are in seconds,
 * money in the currency's smallest unit.
 */
export interface StoredObject {
  readonly id: string
  readonly object: string
  readonly created: number
  readonly [field: string]: unknown
}

export type Metadata = Readonly<Record<string, string>>
export type Interval = 'day' | 'week' | 'month' | 'year'

export interface Product extends StoredObject {
  readonly active: boolean
  readonly name: string
  readonly description: string | null
  readonly metadata: Metadata
}

export interface Price extends StoredObject {
  readonly active: boolean
  readonly currency: string
  readonly lookup_key: string | null
  readonly metadata: Metadata
  readonly nickname: string | null
  readonly product: string
  readonly recurring: {
    readonly interval: Interval
    readonly interval_count: number
    readonly meter: string | null
    readonly trial_period_days: number | null
    readonly usage_type: 'licensed' | 'metered'
  } | null
  readonly tiers_mode: 'graduated' | 'volume' | null
  readonly transform_quantity: { readonly divide_by: number; readonly round: 'down' | 'up' } | null
  readonly type: 'one_time' | 'recurring'
  readonly unit_amount: number | null
  readonly unit_amount_decimal: string | null
  readonly internal?: {
    /** In ascending order; undefined: each unit costs the same. */
    readonly tiers: readonly PriceTier[] | undefined
    /** What it costs in other currencies, by currency. */
    readonly currencyOptions: Readonly<Record<string, CurrencyOption>>
  }
}

export interface Customer extends StoredObject {
  readonly balance: number
  readonly currency: string | null
  readonly deleted?: true
  readonly email: string | null
  readonly invoice_prefix: string
  readonly invoice_settings: { readonly default_payment_method: string | null; readonly [field: string]: unknown }
  readonly metadata: Metadata
  readonly name: string | null
  readonly next_invoice_sequence: number
  readonly test_clock: string | null
}

export interface PaymentMethod extends StoredObject {
  readonly customer: string | null
  readonly type: 'card' | 'us_bank_account'
  readonly card?: {
    readonly brand: string
    readonly last4: string
    readonly exp_month: number
    readonly exp_year: number
    readonly [field: string]: unknown
  }
  readonly us_bank_account?: { readonly bank_name: string; readonly last4: string; readonly [field: string]: unknown }
  readonly internal: {
    /** The number of the test card or test bank account. */
    readonly number: string
    /** Whether it was set up, with authentication where that is asked for, for payments without the person. */
    readonly isSetUp: boolean
  }
}

export type SubscriptionStatus =
  'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled'

export interface SubscriptionItem {
  /** What its current period was billed for, where a change made it something else than the price of a whole period. */
  readonly billed?: readonly Debit[]
  readonly id: string
  readonly created: number
  readonly current_period_end: number
  readonly current_period_start: number
  readonly metadata: Metadata
  readonly price: string
  readonly quantity: number
}

export interface Subscription extends StoredObject {
  readonly automatic_tax: AutomaticTax
  readonly billing_cycle_anchor: number
  readonly cancel_at: number | null
  readonly cancel_at_period_end: boolean
  readonly canceled_at: number | null
  readonly collection_method: 'charge_automatically' | 'send_invoice'
  readonly currency: string
  readonly customer: string
  /** In how many days invoices that are sent are due; null: they are charged. */
  readonly days_until_due: number | null
  readonly default_payment_method: string | null
  /** Ids of the tax rates of its invoices. */
  readonly default_tax_rates: readonly string[]
  /** Ids of the discounts that were given, also of those that are over. */
  readonly discounts: readonly string[]
  readonly ended_at: number | null
  readonly items: readonly SubscriptionItem[]
  readonly latest_invoice: string | null
  readonly metadata: Metadata
  readonly pause_collection: { readonly behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void'; readonly resumes_at: number | null } | null
  readonly payment_settings: { readonly save_default_payment_method: 'off' | 'on_subscription'; readonly [field: string]: unknown }
  readonly pending_setup_intent: string | null
  readonly pending_update: { readonly expires_at: number; readonly [field: string]: unknown } | null
  readonly status: SubscriptionStatus
  readonly status_details?: { readonly paused: Readonly<Record<string, unknown>> } | undefined
  readonly trial_end: number | null
  readonly trial_start: number | null
  readonly internal: {
    /** Lines that the next invoice collects. */
    readonly pendingLines: readonly InvoiceLine[]
    /** Whether `customer.subscription.trial_will_end` has been sent for this trial. */
    readonly trialReminderSent: boolean
    /** What a trial that ends without a payment method does. */
    readonly missingPaymentMethod: MissingPaymentMethod
    /** The change that is applied once its invoice is paid. */
    readonly pendingChange?: PendingChange | undefined
    /** The invoice that ends a pause. */
    readonly resumption?: Resumption | undefined
    /** When a pause ends by itself, in seconds. */
    readonly resumesAt?: number | undefined
    /** The bank debit that its first invoice waits for. */
    readonly awaitsDebit?: string | undefined
  }
}

/** What a trial that ends without a payment method does. */
export type MissingPaymentMethod = 'create_invoice' | 'cancel' | 'pause'

export interface PendingChange {
  readonly invoice: string
  readonly items: readonly SubscriptionItem[]
  readonly anchor: number
  readonly trialEnd: number | null
  /** Lines that go back to the next invoice when the change is given up. */
  readonly pendingLines: readonly InvoiceLine[]
}

export interface Resumption {
  readonly invoice: string
  /** Whether one attempt to pay already resumes, or only its success. */
  readonly on: 'attempt' | 'success'
  /** When the invoice is voided if nobody has attempted to pay it, in seconds. */
  readonly voidsAt: number | null
  readonly items: readonly SubscriptionItem[]
  readonly anchor: number
  readonly pendingLines: readonly InvoiceLine[]
}

export interface InvoiceLine {
  readonly id: string
  readonly amount: number
  readonly description: string | null
  readonly [field: string]: unknown
}

export interface Invoice extends StoredObject {
  readonly automatic_tax: AutomaticTax
  readonly amount_due: number
  readonly amount_paid: number
  readonly amount_remaining: number
  readonly attempt_count: number
  /** When a draft is finalized by itself, in seconds. */
  readonly automatically_finalizes_at: number | null
  readonly collection_method: 'charge_automatically' | 'send_invoice'
  readonly due_date: number | null
  readonly currency: string
  readonly customer: string
  /** Ids of the tax rates of lines that have none of their own. */
  readonly default_tax_rates: readonly string[]
  readonly discounts: readonly string[]
  readonly lines: readonly InvoiceLine[]
  readonly metadata: Metadata
  readonly next_payment_attempt: number | null
  readonly number: string | null
  readonly status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void'
  readonly status_transitions: {
    readonly finalized_at: number | null
    readonly marked_uncollectible_at: number | null
    readonly paid_at: number | null
    readonly voided_at: number | null
  }
  readonly total: number
  readonly internal: {
    readonly subscription: string | null
    /** When an invoice that is sent is due after it was finalized, in days; undefined: it says so itself, or is charged. */
    readonly daysUntilDue?: number | undefined
    /** Whether its subscription has been told that it was not paid in time. */
    readonly isOverdue?: boolean
  }
}

export interface CheckoutSession extends StoredObject {
  readonly allow_promotion_codes: boolean | null
  readonly amount_total: number | null
  readonly cancel_url: string | null
  readonly currency: string | null
  readonly customer: string | null
  readonly customer_creation: 'always' | 'if_required' | null
  readonly customer_email: string | null
  readonly discounts: readonly { readonly coupon: string | null; readonly promotion_code: string | null }[]
  readonly expires_at: number
  readonly metadata: Metadata
  readonly mode: 'payment' | 'setup' | 'subscription'
  readonly payment_method_collection: 'always' | 'if_required' | null
  readonly payment_status: 'no_payment_required' | 'paid' | 'unpaid'
  readonly status: 'complete' | 'expired' | 'open'
  readonly subscription: string | null
  readonly success_url: string
  readonly url: string | null
  readonly internal: {
    readonly lineItems: readonly { readonly id: string; readonly price: string; readonly quantity: number }[]
    readonly taxation: Taxation
    readonly taxRates: readonly string[]
    readonly subscriptionMetadata: Metadata
    readonly subscriptionDescription: string | null
    /** Length of the trial in days, or the instant in seconds at which it ends; null without a trial. */
    readonly trial: { readonly days: number } | { readonly end: number } | null
    readonly missingPaymentMethod: MissingPaymentMethod
    /** Whether a payment makes a customer even if none is asked for: because it is invoiced or kept for later. */
    readonly needsCustomer: boolean
    readonly invoiceCreation?: { readonly description?: string; readonly metadata?: Metadata } | undefined
    readonly paymentDescription?: string | undefined
    readonly paymentMetadata?: Metadata
    readonly setupFutureUsage?: 'off_session' | 'on_session' | undefined
    readonly setupDescription?: string | undefined
    readonly setupMetadata?: Metadata
  }
}

export interface StripeEvent extends StoredObject {
  readonly api_version: string
  readonly type: string
  readonly pending_webhooks: number
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null }
  readonly internal: {
    readonly account: { readonly id: string; readonly livemode: boolean; readonly isConnected: boolean }
    /** Whom it is about; null for products, prices and other shared objects. */
    readonly customer: string | null
    /** When it happened by the simulator's own clock, whatever test clock it happened on. */
    readonly recordedAt: number
    /** The object that it tells about, as it became. */
    readonly subject: StoredObject
    /** The object as it was, when it changed. */
    readonly before: StoredObject | undefined
  }
}

export interface EventDestination extends StoredObject {
  readonly enabled_events: readonly string[]
  readonly event_payload: 'snapshot' | 'thin'
  readonly status: 'disabled' | 'enabled'
  readonly internal: {
    /** Whose events it takes: `@self`, `@accounts` or both. */
    readonly eventsFrom: readonly string[]
    readonly secrets: readonly SigningSecret[]
    readonly snapshotApiVersion: string | undefined
    readonly url: string
  }
}

/** A secret that signs deliveries, and until when (seconds of simulated time); null: until it is replaced. */
export interface SigningSecret {
  readonly secret: string
  readonly until: number | null
}

export interface WebhookEndpoint extends StoredObject {
  readonly api_version: string | null
  readonly enabled_events: readonly string[]
  readonly metadata: Metadata
  readonly status: 'enabled' | 'disabled'
  readonly url: string
  readonly internal: {
    readonly secrets: readonly SigningSecret[]
    /** Whether it takes the events of connected accounts instead of its own account's. */
    readonly connect: boolean
  }
}
