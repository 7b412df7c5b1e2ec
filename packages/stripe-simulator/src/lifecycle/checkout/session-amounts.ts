import type { DiscountReference } from '../../billing-objects.ts'
import { get, getPriceIn } from '../../get.ts'
import type { CheckoutSession } from '../../objects.ts'
import type { Store } from '../../store.ts'
import { priceAmount, sum, sumOf } from '../amounts/money.ts'
import { taxesOf } from '../amounts/taxes.ts'
import { discountAmounts } from '../discounts/discount-amounts.ts'

/** What the lines of a session come to, in the order of the lines. */
export interface SessionAmounts {
  readonly lines: readonly LineAmounts[]
  /** Of all lines. */
  readonly whole: LineAmounts
}

/** `tax` is also what of a price is tax; `total` has what taxes add. */
interface LineAmounts {
  readonly subtotal: number
  readonly discount: number
  readonly tax: number
  readonly total: number
}

/** What the amounts of a session depend on. */
export interface Sold extends Pick<CheckoutSession, 'currency'> {
  readonly discounts: readonly Pick<DiscountReference, 'coupon' | 'promotion_code'>[]
  readonly internal: {
    readonly lineItems: readonly Pick<CheckoutSession['internal']['lineItems'][number], 'price' | 'quantity'>[]
    readonly taxRates: readonly string[]
  }
}

/** What lines cost, what discounts take off each of them, and how each is taxed then. */
export function sessionAmounts(store: Store, { discounts, internal, ...session }: Sold): SessionAmounts {
  const { lineItems: lines, taxRates } = internal
  const currency = session.currency ?? 'usd'
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
  const rates = taxRates.map((id) => get(store.taxRates, id))
  const taxed = full.map((subtotal, index): LineAmounts => {
    const reduced = left[index] ?? 0
    const taxes = taxesOf(rates, reduced)
    const added = taxes.filter(({ tax_behavior }) => tax_behavior === 'exclusive')
    return { subtotal, discount: subtotal - reduced, tax: sumOf(taxes), total: reduced + sumOf(added) }
  })
  const of = (name: keyof LineAmounts): number => sum(taxed.map((line) => line[name]))
  return { lines: taxed, whole: { subtotal: of('subtotal'), discount: of('discount'), tax: of('tax'), total: of('total') } }
}

/** The totals that a session shows: nothing is due of a trial, and `null` where nothing is sold. */
export function sessionTotals({ whole }: SessionAmounts, mode: CheckoutSession['mode'], isTrial: boolean): Pick<CheckoutSession, 'amount_total'> & Readonly<Record<string, unknown>> {
  if (mode === 'setup') return { amount_subtotal: null, amount_total: null, total_details: null }
  const { subtotal, discount, tax, total } = isTrial ? { subtotal: 0, discount: 0, tax: 0, total: 0 } : whole
  return { amount_subtotal: subtotal, amount_total: total, total_details: { amount_discount: discount, amount_shipping: 0, amount_tax: tax } }
}
