import { second } from '../../domain/instant.ts'
import type { Discount } from '../../domain/subscription.ts'
import { FareboxError } from '../../errors/error.ts'
import type { StripeClient } from './client.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import { type StripeCoupon, type StripeDiscount, type StripeSubscription, couponShape } from './subscription-shape.ts'

/** What is known of a coupon that was deleted: discounts made of it go on. */
const unknownCoupon: StripeCoupon = { id: '' }

/** The discounts of a subscription, with what their coupons say: https://docs.stripe.com/api/discounts/object */
export async function readDiscounts(client: StripeClient, { discounts, ended_at }: StripeSubscription): Promise<readonly Discount[]> {
  const found: Discount[] = []
  if (ended_at !== null) return found
  for (const discount of discounts ?? []) {
    if (typeof discount !== 'string') found.push(toDiscount(discount, await couponOf(client, discount)))
  }
  return found
}

/** Since API 2025-09-30.clover a discount names its coupon as its source; before, it held it. */
async function couponOf(client: StripeClient, { coupon, source }: StripeDiscount): Promise<StripeCoupon> {
  const named = coupon ?? source?.coupon ?? unknownCoupon
  if (typeof named !== 'string') return named
  try {
    return parseAnswer(couponShape, await callStripe(() => client.coupons.retrieve(named)))
  } catch (error) {
    if (error instanceof FareboxError && error.reason === 'resource_missing') return unknownCoupon
    throw error
  }
}

function toDiscount({ end }: StripeDiscount, coupon: StripeCoupon): Discount {
  return {
    name: coupon.name ?? null,
    percentOff: coupon.percent_off ?? null,
    amountOff: coupon.amount_off ?? null,
    currency: coupon.currency ?? null,
    once: coupon.duration === 'once',
    until: end === undefined || end === null ? null : end * second,
  }
}
