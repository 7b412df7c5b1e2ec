import * as z from 'zod/mini'

/** Of Stripe's price, what says which plan it sells: https://docs.stripe.com/api/prices/object */
export interface StripePrice {
  readonly id: string
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
}

/** Of Stripe's subscription, what is projected: https://docs.stripe.com/api/subscriptions/object. Instants in seconds. */
export interface StripeSubscription {
  readonly id: string
  readonly status: string
  readonly start_date: number
  readonly billing_cycle_anchor: number
  readonly current_period_start?: number | undefined
  readonly current_period_end?: number | undefined
  readonly trial_end: number | null
  readonly cancel_at: number | null
  readonly cancel_at_period_end: boolean
  readonly ended_at: number | null
  readonly latest_invoice?: string | { readonly created: number } | null | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly items: { readonly data: readonly StripeSubscriptionItem[]; readonly has_more: boolean }
}

const seconds = z.int()

export const itemShape: z.ZodMiniType<StripeSubscriptionItem> = z.object({
  id: z.string(),
  current_period_start: z.optional(seconds),
  current_period_end: z.optional(seconds),
  quantity: z.optional(z.int()),
  price: z.object({
    id: z.string(),
    lookup_key: z.optional(z.nullable(z.string())),
    metadata: z.optional(z.record(z.string(), z.string())),
    recurring: z.optional(z.nullable(z.object({ interval: z.string(), interval_count: z.optional(z.number()) }))),
  }),
})

export const subscriptionShape: z.ZodMiniType<StripeSubscription> = z.object({
  id: z.string(),
  status: z.string(),
  start_date: seconds,
  billing_cycle_anchor: seconds,
  current_period_start: z.optional(seconds),
  current_period_end: z.optional(seconds),
  trial_end: z.nullable(seconds),
  cancel_at: z.nullable(seconds),
  cancel_at_period_end: z.boolean(),
  ended_at: z.nullable(seconds),
  latest_invoice: z.optional(z.nullable(z.union([z.string(), z.object({ created: seconds })]))),
  metadata: z.optional(z.record(z.string(), z.string())),
  items: z.object({ data: z.array(itemShape), has_more: z.boolean() }),
})
