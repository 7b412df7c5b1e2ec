import type { Account } from '../../account.ts'
import type { Discount, DiscountReference } from '../../billing-objects.ts'
import { addMonths } from '../../clock.ts'
import { get } from '../../get.ts'
import { publishedNulls } from '../../published-data.ts'

/** A new discount that starts now; nothing is stored or counted. */
export function newDiscount(
  account: Account,
  owner: { readonly customer: string; readonly id: string | null },
  reference: DiscountReference,
  session: string | null,
): Discount {
  const { clock, store } = account
  const code = reference.promotion_code === null ? undefined : get(store.promotionCodes, reference.promotion_code)
  const coupon = get(store.coupons, code?.promotion.coupon ?? reference.coupon ?? '')
  const start = clock.seconds()
  return {
    id: account.identifiers.next('di'),
    object: 'discount',
    ...publishedNulls('discount'),
    created: start,
    checkout_session: session,
    customer: owner.customer,
    end: coupon.duration_in_months === null ? null : addMonths(start * 1000, coupon.duration_in_months) / 1000,
    promotion_code: code?.id ?? null,
    source: { coupon: coupon.id, type: 'coupon' },
    start,
    subscription: owner.id,
    internal: { isOver: false },
  }
}
