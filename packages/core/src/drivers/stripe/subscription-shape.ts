import * as z from 'zod/mini'

/** Seconds since 1970. */
const seconds = z.int()

/** Of Stripe's price, what says which plan it sells: https://docs.stripe.com/api/prices/object */
export const priceShape = z.object({
  id: z.string(),
  lookup_key: z.optional(z.nullable(z.string())),
  metadata: z.optional(z.record(z.string(), z.string())),
  recurring: z.optional(z.nullable(z.object({ interval: z.string(), interval_count: z.optional(z.number()) }))),
})

/** Of Stripe's subscription item. Periods live here since API 2025-03-31.basil. */
export const itemShape = z.object({
  id: z.string(),
  current_period_start: z.optional(seconds),
  current_period_end: z.optional(seconds),
  quantity: z.optional(z.int()),
  price: priceShape,
})

/** Of Stripe's subscription, what is projected: https://docs.stripe.com/api/subscriptions/object */
export const subscriptionShape = z.object({
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
  items: z.object({ data: z.array(itemShape), has_more: z.boolean() }),
})

export type StripePrice = z.output<typeof priceShape>
export type StripeSubscriptionItem = z.output<typeof itemShape>
export type StripeSubscription = z.output<typeof subscriptionShape>
