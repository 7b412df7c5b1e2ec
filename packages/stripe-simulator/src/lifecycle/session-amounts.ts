import type { DiscountReference } from '../billing-objects.ts'
import { get, getPriceIn } from '../get.ts'
import type { CheckoutSession } from '../objects.ts'
import type { Store } from '../store.ts'
import { discountAmounts } from './discount-amounts.ts'
import { priceAmount, sum } from './money.ts'

type Line = Pick<CheckoutSession['internal']['lineItems'][number], 'price' | 'quantity'>

/** What the lines of a session come to, in the order of the lines. */
export interface SessionAmounts {
  readonly lines: readonly { readonly subtotal: number; readonly discount: number }[]
  readonly subtotal: number
  readonly discount: number
}

/** What lines cost in a currency and what discounts take off each of them. */
export function sessionAmounts(
  store: Store,
  lines: readonly Line[],
  currency: string,
  discounts: readonly Pick<DiscountReference, 'coupon' | 'promotion_code'>[],
): SessionAmounts {
  const prices = lines.map((line) => getPriceIn(store, line.price, currency))
  const full = lines.map((line, index) => {
    const price = prices[index]
    return price === undefined || price.recurring?.usage_type === 'metered' ? 0 : priceAmount(price, line.quantity)
  })
  let left = full
  for (const reference of discounts) {
    const code = reference.promotion_code === null ? undefined : get(store.promotionCodes, reference.promotion_code)
    const coupon = get(store.coupons, code?.promotion.coupon ?? reference.coupon ?? '')
    const rest = left.map((amount, index) => ({ amount, product: prices[index]?.product, isDiscountable: true }))
    const off = discountAmounts(coupon, rest, currency)
    left = left.map((amount, index) => amount - (off[index] ?? 0))
  }
  return {
    lines: full.map((subtotal, index) => ({ subtotal, discount: subtotal - (left[index] ?? 0) })),
    subtotal: sum(full),
    discount: sum(full) - sum(left),
  }
}
