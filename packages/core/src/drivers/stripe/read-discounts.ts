import { second } from '../../domain/instant.ts'
import type { Discount } from '../../domain/subscription.ts'
import { FareboxError } from '../../errors/error.ts'
import type { StripeClient } from './client.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import { type StripeCoupon, type StripeDiscount, type StripeSubscription, couponShape } from './subscription-shape.ts'

/** What is known of a coupon that was deleted: discounts made of it go on. */
const unknownCoupon: StripeCoupon = { id: '' }

/** The discounts of a subscription, with what their coupons say: https://docs.stripe.com/api/discounts/object */
export async function readDiscounts(client: StripeClient, { discounts, currency, ended_at }: StripeSubscription): Promise<readonly Discount[]> {
  const found: Discount[] = []
  if (ended_at !== null) return found
  for (const discount of discounts ?? []) {
    if (typeof discount !== 'string') found.push(toDiscount(discount, await couponOf(client, discount), currency))
  }
  return found
}

/** Since API 2025-09-30.clover a discount names its coupon as its source; before, it held it. */
export async function couponOf(client: StripeClient, { coupon, source }: StripeDiscount): Promise<StripeCoupon> {
  const named = coupon ?? source?.coupon ?? unknownCoupon
  const id = typeof named === 'string' ? named : named.id
  if (typeof named !== 'string' && (id === '' || named.amount_off == null)) return named
  try {
    // What is taken off in further currencies is told only where it is asked for.
    return parseAnswer(couponShape, await callStripe(() => client.coupons.retrieve(id, { expand: ['currency_options'] })))
  } catch (error) {
    if (error instanceof FareboxError && error.reason === 'resource_missing') return typeof named === 'string' ? unknownCoupon : named
    throw error
  }
}

function toDiscount({ end }: StripeDiscount, coupon: StripeCoupon, currency: string): Discount {
  const billed = coupon.currency_options?.[currency]?.amount_off
  return {
    name: coupon.name ?? null,
    percentOff: coupon.percent_off ?? null,
    amountOff: billed ?? coupon.amount_off ?? null,
    currency: billed === undefined ? (coupon.currency ?? null) : currency,
    once: coupon.duration === 'once',
    until: end === undefined || end === null ? null : end * second,
  }
}
