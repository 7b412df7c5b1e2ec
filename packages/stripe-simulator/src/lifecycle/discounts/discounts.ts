import type { Account } from '../../account.ts'
import type { Coupon, Discount, DiscountReference } from '../../billing-objects.ts'
import { get } from '../../get.ts'
import type { Invoice, InvoiceLine, Subscription } from '../../objects.ts'
import { sum, sumOf } from '../amounts/money.ts'
import { changeObject } from '../change-object.ts'
import { isRedeemable } from './coupon-validity.ts'
import { discountAmounts } from './discount-amounts.ts'
import { newDiscount } from './discount-object.ts'

/** Whose invoices are discounted: a subscription's, or (null) one of the customer's own. */
export interface Redeemer {
  readonly customer: string
  readonly id: string | null
}

/** Makes discounts of what names them, and answers their ids. */
export type Redeem = (account: Account, owner: Redeemer, references: readonly DiscountReference[]) => string[]

/** Redeems coupons for a subscription: from now on its invoices are discounted. Answers the ids of the discounts. */
export function redeemFor(
  account: Account,
  owner: Redeemer,
  references: readonly DiscountReference[],
  session: string | null = null,
): string[] {
  return references.map((reference) => reference.discount ?? redeem(account, owner, reference, session).id)
}

/** The discounts that a subscription has from now on: those that are not named any more end. */
export function replaceDiscounts(account: Account, before: Subscription, references: readonly DiscountReference[]): string[] {
  const discounts = redeemFor(account, before, references)
  endOthers(account, before, discounts)
  return discounts
}

/** Ends the discounts of a subscription that it has no more. */
export function endOthers(account: Account, before: Subscription, discounts: readonly string[]): void {
  for (const discount of runningDiscounts(account, before.discounts, account.clock.seconds())) {
    if (!discounts.includes(discount.id)) endDiscount(account, discount)
  }
}

/** The discounts of a subscription that still count at an instant (seconds). */
export function runningDiscounts(account: Account, ids: readonly string[], instant: number): Discount[] {
  return ids
    .map((id) => get(account.store.discounts, id))
    .filter(({ end, internal }) => !internal.isOver && (end === null || instant < end))
}

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

/** Ends the discounts that an invoice has used up, and those that have run out. */
export function endUsedDiscounts(account: Account, subscription: Pick<Subscription, 'discounts'>, invoice: Invoice): void {
  const used = invoice['total_discount_amounts']
  const usedIds = Array.isArray(used) ? used.map((entry: { readonly discount: string }) => entry.discount) : []
  for (const id of subscription.discounts) {
    const discount = get(account.store.discounts, id)
    if (discount.internal.isOver) continue
    const isOnce = get(account.store.coupons, discount.source.coupon).duration === 'once'
    const hasRunOut = discount.end !== null && discount.end <= account.clock.seconds()
    if (hasRunOut || (isOnce && usedIds.includes(id))) endDiscount(account, discount)
  }
}

/** Takes a discount away. */
function endDiscount(account: Account, discount: Discount): void {
  const over = account.store.discounts.save({ ...discount, internal: { isOver: true } })
  account.emit('customer.discount.deleted', over)
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

function redeem(account: Account, owner: Redeemer, reference: DiscountReference, session: string | null): Discount {
  const { store } = account
  const code = reference.promotion_code === null ? undefined : get(store.promotionCodes, reference.promotion_code)
  const coupon = get(store.coupons, code?.promotion.coupon ?? reference.coupon ?? '')
  countRedemption(account, coupon)
  if (code !== undefined) {
    const times_redeemed = code.times_redeemed + 1
    const active = code.active && (code.max_redemptions === null || times_redeemed < code.max_redemptions)
    changeObject(account, 'promotionCodes', code, { active, times_redeemed }, 'promotion_code.updated')
  }
  const discount = store.discounts.save(newDiscount(account, owner, reference, session))
  account.emit('customer.discount.created', discount)
  return discount
}

function countRedemption(account: Account, coupon: Coupon): void {
  const counted = { ...coupon, times_redeemed: coupon.times_redeemed + 1 }
  const after = account.store.coupons.save({ ...counted, valid: isRedeemable(account, counted) })
  account.emit('coupon.updated', after, coupon)
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
