import * as z from 'zod/mini'
import type { StripeDiscount, StripeSubscription } from './subscription-shape.ts'

/** Discounts as Stripe takes them in an update, which replace all that there were. */
type GivenDiscount = { readonly discount: string } | { readonly promotion_code: string }

const givenShape = z.object({ discounts: z.array(z.object({ promotion_code: z.optional(z.string()) })) })

/**
 * The discounts of a subscription with a promotion code beside the coupons that it was given, and in place of another code: nobody
 * adds up one code after the other. `null` where the code is there, or none is asked for.
 * Source: https://docs.stripe.com/billing/subscriptions/coupons#stacking-coupons
 */
export function discountsWith({ discounts }: StripeSubscription, promotionCode: string | undefined): readonly GivenDiscount[] | null {
  const present = expandedOf(discounts)
  if (promotionCode === undefined || present.some((discount) => codeOf(discount) === promotionCode)) return null
  const kept = present.filter((discount) => codeOf(discount) === undefined).flatMap(({ id }) => (id === undefined ? [] : [{ discount: id }]))
  return [...kept, { promotion_code: promotionCode }]
}

/** The ids of the discounts that came with a promotion code. */
export function codedDiscounts({ discounts }: StripeSubscription): readonly string[] {
  return expandedOf(discounts).flatMap((discount) => (codeOf(discount) === undefined ? [] : (discount.id ?? [])))
}

/** The code in the parameters of a step that gives one. */
export function codeIn(parameters: unknown): string | undefined {
  return givenShape.safeParse(parameters).data?.discounts.find(({ promotion_code }) => promotion_code !== undefined)?.promotion_code
}

function expandedOf(discounts: StripeSubscription['discounts']): readonly StripeDiscount[] {
  return (discounts ?? []).filter((discount) => typeof discount !== 'string')
}

function codeOf({ promotion_code }: StripeDiscount): string | undefined {
  return typeof promotion_code === 'string' ? promotion_code : promotion_code?.id
}
