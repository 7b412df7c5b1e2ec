import type { Account } from '../../account.ts'
import type { Discount } from '../../billing-objects.ts'
import { get } from '../../get.ts'
import type { Invoice, InvoiceLine, Subscription } from '../../objects.ts'
import { sum, sumOf } from '../amounts/money.ts'
import { discountAmounts } from './discount-amounts.ts'
import { runningDiscounts } from './redeem-coupons.ts'

/** The lines and totals of an invoice, less what the discounts take off. Each discount is taken of what is left. */
export function discountInvoice(
  account: Account,
  lines: readonly InvoiceLine[],
  discounts: readonly Discount[],
  currency: string,
): Pick<Invoice, 'lines' | 'total'> & Readonly<Record<string, unknown>> {
  const taken = lines.map((): { amount: number; discount: string }[] => [])
  const left = lines.map(({ amount }) => amount)
  for (const discount of discounts) {
    const coupon = get(account.store.coupons, discount.source.coupon)
    const rest = lines.map((line, index) => ({
      amount: left[index] ?? 0,
      product: productOf(line),
      isDiscountable: line['discountable'] === true,
    }))
    for (const [index, amount] of discountAmounts(coupon, rest, currency).entries()) {
      if (amount === 0) continue
      taken[index]?.push({ amount, discount: discount.id })
      left[index] = (left[index] ?? 0) - amount
    }
  }
  const totals = discounts
    .map(({ id }) => ({ amount: sumOf(taken.flat().filter(({ discount }) => discount === id)), discount: id }))
    .filter(({ amount }) => amount > 0)
  const total = sum(left)
  return {
    lines: lines.map((line, index) => ({
      ...line,
      discount_amounts: taken[index] ?? [],
      pretax_credit_amounts: (taken[index] ?? []).map(asCredit),
    })),
    discounts: discounts.map(({ id }) => id),
    total,
    total_discount_amounts: totals,
    total_excluding_tax: total,
    total_pretax_credit_amounts: totals.map(asCredit),
  }
}

/** An amount that is prorated, less the percentages that run for it. */
export function lessPercentages(account: Account, subscription: Subscription, price: { readonly product: string }, amount: number): number {
  return runningDiscounts(account, subscription.discounts, account.clock.seconds())
    .map(({ source }) => get(account.store.coupons, source.coupon))
    .filter((coupon) => coupon.percent_off !== null)
    .reduce((rest, coupon) => {
      const [off = 0] = discountAmounts(coupon, [{ amount: rest, product: price.product, isDiscountable: true }], subscription.currency)
      return rest - off
    }, amount)
}

function productOf(line: InvoiceLine): string | undefined {
  const pricing: unknown = line['pricing']
  const details = typeof pricing === 'object' && pricing !== null && 'price_details' in pricing ? pricing.price_details : undefined
  if (typeof details !== 'object' || details === null || !('product' in details)) return undefined
  return typeof details.product === 'string' ? details.product : undefined
}

function asCredit({ amount, discount }: { readonly amount: number; readonly discount: string }): object {
  return { amount, discount, type: 'discount' }
}
