import * as z from 'zod/mini'

/** Of Stripe's price, what says which plan it sells: https://docs.stripe.com/api/prices/object */
export interface StripePrice {
  readonly id: string
  readonly active?: boolean | undefined
  readonly currency?: string | undefined
  /** Further currencies of the same price, where they were asked for. */
  readonly currency_options?: Readonly<Record<string, unknown>> | null | undefined
  readonly lookup_key?: string | null | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly recurring?: { readonly interval: string; readonly interval_count?: number | undefined } | null | undefined
}

/** Of Stripe's subscription item. Periods live here since API 2025-03-31.basil. Instants in seconds. */
export interface StripeSubscriptionItem {
  readonly id: string
  readonly current_period_start?: number | undefined
  readonly current_period_end?: number | undefined
  readonly quantity?: number | undefined
  readonly price: StripePrice
  readonly tax_rates?: readonly StripeReference[] | null | undefined
  /** Of this item alone: https://docs.stripe.com/billing/subscriptions/coupons */
  readonly discounts?: readonly StripeReference[] | null | undefined
}

/** An object of Stripe's by its id, or whole. */
export type StripeReference = string | { readonly id: string }

/** Whether Stripe works out the tax, and who owes it: https://docs.stripe.com/api/subscriptions/object#subscription_object-automatic_tax */
export interface StripeAutomaticTax {
  readonly enabled: boolean
  readonly liability?: { readonly type: string; readonly account?: StripeReference | undefined } | null | undefined
}

/** Of a schedule's phase: https://docs.stripe.com/api/subscription_schedules/object#subscription_schedule_object-phases */
export interface StripePhase {
  readonly start_date: number
  readonly end_date: number
  readonly trial_end?: number | null | undefined
  readonly discounts?: readonly StripePhaseDiscount[] | null | undefined
  readonly items: readonly StripePhaseItem[]
}

export interface StripePhaseDiscount {
  readonly coupon?: StripeReference | null | undefined
  readonly discount?: StripeReference | null | undefined
  readonly promotion_code?: StripeReference | null | undefined
}

export interface StripePhaseItem {
  readonly price: StripeReference
  readonly quantity?: number | undefined
}

/** Of Stripe's schedule, what changes a subscription by itself. */
export interface StripeSchedule {
  readonly id: string
  readonly status: string
  readonly end_behavior?: string | undefined
  readonly current_phase?: { readonly start_date: number; readonly end_date: number } | null | undefined
  readonly phases: readonly StripePhase[]
}

/** An update that waits for its invoice to be paid: https://docs.stripe.com/billing/subscriptions/pending-updates */
export interface StripePendingUpdate {
  readonly expires_at: number
  readonly subscription_items?: readonly StripeSubscriptionItem[] | null | undefined
}

/** Of Stripe's subscription, what is projected: https://docs.stripe.com/api/subscriptions/object. Instants in seconds. */
export interface StripeSubscription {
  readonly id: string
  readonly customer?: StripeReference | undefined
  readonly status: string
  readonly currency: string
  readonly collection_method?: string | undefined
  readonly days_until_due?: number | null | undefined
  readonly billing_mode?: { readonly type: string } | null | undefined
  readonly start_date: number
  readonly billing_cycle_anchor: number
  readonly current_period_start?: number | undefined
  readonly current_period_end?: number | undefined
  readonly trial_end: number | null
  readonly cancel_at: number | null
  readonly cancel_at_period_end: boolean
  readonly ended_at: number | null
  readonly pause_collection?: { readonly behavior: string; readonly resumes_at?: number | null | undefined } | null | undefined
  readonly status_details?:
    | {
        readonly paused?:
          | { readonly transitioned_at: number; readonly subscription?: { readonly type: string } | null | undefined }
          | null
          | undefined
      }
    | null
    | undefined
  readonly latest_invoice?: string | StripeInvoice | null | undefined
  readonly default_payment_method?: string | StripePaymentMethod | null | undefined
  readonly cancellation_details?: { readonly reason?: string | null | undefined } | null | undefined
  readonly schedule?: string | StripeSchedule | null | undefined
  readonly pending_update?: StripePendingUpdate | null | undefined
  readonly discounts?: readonly (string | StripeDiscount)[] | null | undefined
  readonly automatic_tax?: StripeAutomaticTax | null | undefined
  readonly default_tax_rates?: readonly StripeReference[] | null | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly items: { readonly data: readonly StripeSubscriptionItem[]; readonly has_more: boolean }
}

/** Of Stripe's discount, which coupon it is of and how long it lasts: https://docs.stripe.com/api/discounts/object */
export interface StripeDiscount {
  readonly id?: string | undefined
  readonly promotion_code?: StripeReference | null | undefined
  readonly end?: number | null | undefined
  readonly coupon?: string | StripeCoupon | null | undefined
  readonly source?: { readonly coupon?: string | StripeCoupon | null | undefined } | null | undefined
}

/** Of Stripe's coupon, what it takes off: https://docs.stripe.com/api/coupons/object */
export interface StripeCoupon {
  readonly id: string
  readonly name?: string | null | undefined
  readonly percent_off?: number | null | undefined
  readonly amount_off?: number | null | undefined
  readonly currency?: string | null | undefined
  /** Further currencies, where they were asked for. */
  readonly currency_options?: Readonly<Record<string, { readonly amount_off: number }>> | null | undefined
  readonly duration?: string | undefined
  readonly duration_in_months?: number | null | undefined
}

/** Of Stripe's invoice, how its payment stands: https://docs.stripe.com/api/invoices/object */
export interface StripeInvoice {
  readonly id: string
  readonly created: number
  /** Of one that is sent to the customer, until when it is to be paid. */
  readonly due_date?: number | null | undefined
  readonly status?: string | null | undefined
  readonly billing_reason?: string | null | undefined
  readonly hosted_invoice_url?: string | null | undefined
  readonly attempt_count?: number | undefined
  readonly next_payment_attempt?: number | null | undefined
  readonly amount_remaining?: number | undefined
  readonly currency?: string | undefined
  /** Before API 2025-03-31.basil; since then payments are a list of their own, and an invoice does not name any. */
  readonly payment_intent?: StripeReference | null | undefined
}

/** Of Stripe's payment method, its card: https://docs.stripe.com/api/payment_methods/object#payment_method_object-card */
export interface StripePaymentMethod {
  readonly card?:
    | { readonly brand: string; readonly last4: string; readonly exp_month: number; readonly exp_year: number }
    | null
    | undefined
}

const seconds = z.int()
const namedShape = z.union([z.string(), z.object({ id: z.string() })])
const referenceShape = z.optional(z.nullable(namedShape))
const referencesShape = z.optional(z.nullable(z.array(namedShape)))

export const priceShape: z.ZodMiniType<StripePrice> = z.object({
  id: z.string(),
  active: z.optional(z.boolean()),
  currency: z.optional(z.string()),
  currency_options: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  lookup_key: z.optional(z.nullable(z.string())),
  metadata: z.optional(z.record(z.string(), z.string())),
  recurring: z.optional(z.nullable(z.object({ interval: z.string(), interval_count: z.optional(z.number()) }))),
})

export const itemShape: z.ZodMiniType<StripeSubscriptionItem> = z.object({
  id: z.string(),
  current_period_start: z.optional(seconds),
  current_period_end: z.optional(seconds),
  quantity: z.optional(z.int()),
  price: priceShape,
  tax_rates: referencesShape,
  discounts: referencesShape,
})

export const scheduleShape: z.ZodMiniType<StripeSchedule> = z.object({
  id: z.string(),
  status: z.string(),
  end_behavior: z.optional(z.string()),
  current_phase: z.optional(z.nullable(z.object({ start_date: seconds, end_date: seconds }))),
  phases: z.array(
    z.object({
      start_date: seconds,
      end_date: seconds,
      trial_end: z.optional(z.nullable(seconds)),
      discounts: z.optional(
        z.nullable(z.array(z.object({ coupon: referenceShape, discount: referenceShape, promotion_code: referenceShape }))),
      ),
      items: z.array(
        z.object({ price: namedShape, quantity: z.optional(z.int()) }),
      ),
    }),
  ),
})

export const invoiceShape: z.ZodMiniType<StripeInvoice> = z.object({
  id: z.string(),
  created: seconds,
  due_date: z.optional(z.nullable(seconds)),
  status: z.optional(z.nullable(z.string())),
  billing_reason: z.optional(z.nullable(z.string())),
  hosted_invoice_url: z.optional(z.nullable(z.string())),
  attempt_count: z.optional(z.int()),
  next_payment_attempt: z.optional(z.nullable(seconds)),
  amount_remaining: z.optional(z.int()),
  currency: z.optional(z.string()),
  payment_intent: referenceShape,
})

export const paymentMethodShape: z.ZodMiniType<StripePaymentMethod> = z.object({
  card: z.optional(
    z.nullable(z.object({ brand: z.string(), last4: z.string(), exp_month: z.int(), exp_year: z.int() })),
  ),
})

export const couponShape: z.ZodMiniType<StripeCoupon> = z.object({
  id: z.string(),
  name: z.optional(z.nullable(z.string())),
  percent_off: z.optional(z.nullable(z.number())),
  amount_off: z.optional(z.nullable(z.int())),
  currency: z.optional(z.nullable(z.string())),
  currency_options: z.optional(z.nullable(z.record(z.string(), z.object({ amount_off: z.int() })))),
  duration: z.optional(z.string()),
  duration_in_months: z.optional(z.nullable(z.int())),
})

export const couponReference: z.ZodMiniType<StripeDiscount['coupon']> = z.optional(z.nullable(z.union([z.string(), couponShape])))

export const discountShape: z.ZodMiniType<StripeDiscount> = z.object({
  id: z.optional(z.string()),
  promotion_code: referenceShape,
  end: z.optional(z.nullable(seconds)),
  coupon: couponReference,
  source: z.optional(z.nullable(z.object({ coupon: couponReference }))),
})

export const subscriptionShape: z.ZodMiniType<StripeSubscription> = z.object({
  id: z.string(),
  status: z.string(),
  currency: z.string(),
  customer: z.optional(namedShape),
  collection_method: z.optional(z.string()),
  days_until_due: z.optional(z.nullable(z.int())),
  billing_mode: z.optional(z.nullable(z.object({ type: z.string() }))),
  start_date: seconds,
  billing_cycle_anchor: seconds,
  current_period_start: z.optional(seconds),
  current_period_end: z.optional(seconds),
  trial_end: z.nullable(seconds),
  cancel_at: z.nullable(seconds),
  cancel_at_period_end: z.boolean(),
  ended_at: z.nullable(seconds),
  pause_collection: z.optional(
    z.nullable(z.object({ behavior: z.string(), resumes_at: z.optional(z.nullable(seconds)) })),
  ),
  status_details: z.optional(
    z.nullable(z.object({
      paused: z.optional(
        z.nullable(
          z.object({ transitioned_at: seconds, subscription: z.optional(z.nullable(z.object({ type: z.string() }))) }),
        ),
      ),
    })),
  ),
  latest_invoice: z.optional(z.nullable(z.union([z.string(), invoiceShape]))),
  default_payment_method: z.optional(z.nullable(z.union([z.string(), paymentMethodShape]))),
  cancellation_details: z.optional(z.nullable(z.object({ reason: z.optional(z.nullable(z.string())) }))),
  schedule: z.optional(z.nullable(z.union([z.string(), scheduleShape]))),
  pending_update: z.optional(
    z.nullable(z.object({ expires_at: seconds, subscription_items: z.optional(z.nullable(z.array(itemShape))) })),
  ),
  discounts: z.optional(z.nullable(z.array(z.union([z.string(), discountShape])))),
  automatic_tax: z.optional(
    z.nullable(z.object({
      enabled: z.boolean(),
      liability: z.optional(z.nullable(z.object({ type: z.string(), account: z.optional(namedShape) }))),
    })),
  ),
  default_tax_rates: referencesShape,
  metadata: z.optional(z.record(z.string(), z.string())),
  items: z.object({ data: z.array(itemShape), has_more: z.boolean() }),
})
