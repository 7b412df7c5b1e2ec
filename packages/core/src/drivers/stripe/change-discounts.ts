import * as z from 'zod/mini'
import type { StripeDiscount, StripeSubscription } from './subscription-shape.ts'

/** A discount as Stripe takes it, by its own id or the one of what makes it: `discount`, `promotion_code`, `coupon`. A list replaces all that there were. */
export type GivenDiscount = Readonly<Record<string, string>>

export const givenDiscounts: z.ZodMiniType<readonly GivenDiscount[]> = z.array(z.record(z.string(), z.string()))

const givenShape = z.object({ discounts: givenDiscounts })

/**
 * The discounts of a subscription with a promotion code beside the coupons that it was given, and in place of another code: nobody
 * adds up one code after the other. `null` where the code is there, or none is asked for.
 * Source: https://docs.stripe.com/billing/subscriptions/coupons#stacking-coupons
 */
export function discountsWith({ discounts }: StripeSubscription, promotionCode: string | undefined): readonly GivenDiscount[] | null {
  const present = expandedOf(discounts)
  if (promotionCode === undefined || present.some((discount) => codeOf(discount) === promotionCode)) return null
  return [...givenOf(present.filter((discount) => codeOf(discount) === undefined)), { promotion_code: promotionCode }]
}

/** All that is taken off a subscription at this moment. */
export function presentDiscounts({ discounts }: Pick<StripeSubscription, 'discounts'>): readonly GivenDiscount[] {
  return givenOf(expandedOf(discounts))
}

/** The code in the parameters of a step that gives one. */
export function codeIn(parameters: unknown): string | undefined {
  return givenShape.safeParse(parameters).data?.discounts.find(({ promotion_code }) => promotion_code !== undefined)?.promotion_code
}

function givenOf(discounts: readonly StripeDiscount[]): readonly GivenDiscount[] {
  return discounts.flatMap(({ id }) => (id === undefined ? [] : [{ discount: id }]))
}

function expandedOf(discounts: StripeSubscription['discounts']): readonly StripeDiscount[] {
  return (discounts ?? []).filter((discount) => typeof discount !== 'string')
}

export function codeOf({ promotion_code }: Pick<StripeDiscount, 'promotion_code'>): string | undefined {
  return typeof promotion_code === 'string' ? promotion_code : promotion_code?.id
}
