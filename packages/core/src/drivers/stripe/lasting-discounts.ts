import * as z from 'zod/mini'
import { type GivenDiscount, presentDiscounts } from './change-discounts.ts'
import type { StripeClient } from './client.ts'
import { couponOf } from './read-discounts.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import { type StripeDiscount, type StripeSubscription, couponReference } from './subscription-shape.ts'

/** Since API 2025-09-30.clover a promotion code names its coupon as what it promotes; before, it held it. */
const codeShape = z.object({ coupon: couponReference, promotion: z.nullish(z.object({ coupon: couponReference })) })

/**
 * What is taken off the next invoice too, once something was taken off one that bills `months` from now on, 0 where it bills the rest
 * of a period: not what is good for one alone, nor what runs out until then. `given`: in place of what the subscription has;
 * `null`, also as an answer: that.
 */
export async function lastingDiscounts(
  client: StripeClient,
  subscription: StripeSubscription,
  given: readonly GivenDiscount[] | null,
  months: number,
): Promise<readonly GivenDiscount[] | null> {
  const all = given ?? presentDiscounts(subscription)
  const lasting: GivenDiscount[] = []
  for (const reference of all) {
    const discount = await discountOf(client, subscription, reference)
    const { duration, duration_in_months } = discount === undefined ? {} : await couponOf(client, discount)
    if (duration !== 'once' && (duration_in_months ?? Infinity) > months) lasting.push(reference)
  }
  return lasting.length < all.length ? lasting : given
}

async function discountOf(client: StripeClient, { discounts }: StripeSubscription, { discount: id, promotion_code: code }: GivenDiscount): Promise<StripeDiscount | undefined> {
  if (code === undefined) return (discounts ?? []).filter((present) => typeof present !== 'string').find((present) => present.id === id)
  const { coupon, promotion } = parseAnswer(codeShape, await callStripe(() => client.promotionCodes.retrieve(code)))
  return { coupon, source: promotion }
}

/** What is still taken off at an instant (seconds); `given` and the answer as above. */
export function discountsUntil({ discounts }: StripeSubscription, given: readonly GivenDiscount[] | null, instant: number): readonly GivenDiscount[] | null {
  const over = new Set((discounts ?? []).flatMap((present) => (typeof present !== 'string' && present.end != null && present.end <= instant ? [present.id] : [])))
  const all = given ?? presentDiscounts({ discounts })
  const left = all.filter(({ discount }) => !over.has(discount))
  return left.length < all.length ? left : given
}
