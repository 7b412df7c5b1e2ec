import type { Account } from '../../account.ts'
import type { Coupon, Discount, DiscountReference } from '../../billing-objects.ts'
import { get } from '../../get.ts'
import type { Invoice, Subscription } from '../../objects.ts'
import { changeObject } from '../change-object.ts'
import { isRedeemable } from './coupon-validity.ts'
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
