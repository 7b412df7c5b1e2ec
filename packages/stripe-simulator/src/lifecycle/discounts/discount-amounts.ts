import type { Coupon } from '../../billing-objects.ts'
import { percentOf, sum } from '../amounts/money.ts'

/** Something that may be discounted: its amount and the product it is a price of. */
export interface Discountable {
  readonly amount: number
  readonly product: string | undefined
  readonly isDiscountable: boolean
}

/**
 * What a coupon takes off each of the lines, in whole smallest units. A percentage is taken of each line; an amount is
 * spread over the lines in proportion, exactly, and takes off no more than there is
 * (https://docs.stripe.com/billing/subscriptions/coupons).
 */
export function discountAmounts(coupon: Coupon, lines: readonly Discountable[], currency: string): number[] {
  const { products } = coupon.internal
  const isEligible = (line: Discountable): boolean =>
    line.isDiscountable && line.amount > 0 && (products === undefined || products.includes(line.product ?? ''))
  const eligible = lines.map((line) => (isEligible(line) ? line.amount : 0))
  if (coupon.percent_off !== null) {
    const percent = coupon.percent_off
    return eligible.map((amount) => percentOf(amount, percent))
  }
  const off = amountOffIn(coupon, currency) ?? 0
  return spread(Math.min(off, sum(eligible)), eligible)
}

/** What a coupon of an amount takes off in a currency; undefined when it has none in it. */
export function amountOffIn(coupon: Coupon, currency: string): number | undefined {
  if (coupon.currency === currency && coupon.amount_off !== null) return coupon.amount_off
  return coupon.internal.amounts[currency]
}

/** Splits a whole amount in proportion to weights: largest remainders first, of equal ones the earlier. */
function spread(whole: number, weights: readonly number[]): number[] {
  const total = sum(weights)
  if (total === 0) return weights.map(() => 0)
  const exact = weights.map((weight) => BigInt(whole) * BigInt(weight))
  const parts = exact.map((product) => Number(product / BigInt(total)))
  const remainders = exact.map((product, index) => ({ index, remainder: product % BigInt(total) }))
  const left = whole - sum(parts)
  const next = remainders.toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
  for (const { index } of next.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1
  return parts
}
