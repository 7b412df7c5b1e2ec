import type { Account } from '../../account.ts'
import type { Coupon, DiscountReference, PromotionCode } from '../../billing-objects.ts'
import { invalidRequest, missingResource } from '../../errors.ts'
import { get, getPrice, getPriceIn } from '../../get.ts'
import { displayAmount, priceAmount } from '../amounts/money.ts'
import { amountOffIn } from './discount-amounts.ts'

/** What coupons are to be redeemed for. */
export interface Redemption {
  readonly customer: string | undefined
  readonly currency: string
  /** What would be paid without them. */
  readonly amount: number
}

/** The redemption of coupons for the items of a subscription. */
export function redemptionOf(
  account: Account,
  customer: string | undefined,
  items: readonly { readonly price: string; readonly quantity: number }[],
  currency: string = getPrice(account.store, items[0]?.price ?? '').currency,
): Redemption {
  const amount = items.reduce((sum, item) => sum + priceAmount(getPriceIn(account.store, item.price, currency), item.quantity), 0)
  return { customer, currency, amount }
}

/** How a request names a discount. */
export interface GivenDiscount {
  readonly coupon?: string
  readonly discount?: string
  readonly promotion_code?: string
}

/** Whether a coupon can still be redeemed. */
export function isRedeemable(account: Account, coupon: Coupon): boolean {
  const { max_redemptions, redeem_by, times_redeemed, internal } = coupon
  if (internal.isDeleted || (redeem_by !== null && redeem_by <= account.clock.seconds())) return false
  return max_redemptions === null || times_redeemed < max_redemptions
}

/** A coupon that has not been deleted. */
export function getCoupon(account: Account, id: string, param?: string): Coupon {
  const coupon = get(account.store.coupons, id, param)
  if (coupon.internal.isDeleted) throw missingResource('coupon', id, param)
  return coupon
}

/** Reads which discounts a request asks for, and refuses those that cannot be redeemed. Nothing is redeemed yet. */
export function readDiscounts(
  account: Account,
  given: readonly GivenDiscount[],
  redemption: Redemption,
  path = 'discounts',
): DiscountReference[] {
  return given.map((entry, index) => {
    const here = `${path}[${index}]`
    const named = Object.values(entry).filter((value) => value !== undefined)
    if (named.length !== 1) {
      throw invalidRequest('You must specify exactly one of these parameters: coupon, discount, promotion_code.', { param: here })
    }
    if (entry.discount !== undefined) {
      const { id } = get(account.store.discounts, entry.discount, `${here}[discount]`)
      return { coupon: null, discount: id, promotion_code: null }
    }
    if (entry.coupon !== undefined) {
      requireRedeemable(account, getCoupon(account, entry.coupon, `${here}[coupon]`), redemption, `${here}[coupon]`)
      return { coupon: entry.coupon, discount: null, promotion_code: null }
    }
    const code = get(account.store.promotionCodes, entry.promotion_code ?? '', `${here}[promotion_code]`)
    requireRedeemableCode(account, code, redemption, `${here}[promotion_code]`)
    return { coupon: null, discount: null, promotion_code: code.id }
  })
}

/** The promotion code that a person has entered; one that is unknown or not good for what is to be paid is refused. */
export function findRedeemableCode(account: Account, entered: string, redemption: Redemption, param: string): PromotionCode {
  const code = account.store.promotionCodes
    .newestFirst()
    .find((candidate) => candidate.active && candidate.code.toLowerCase() === entered.toLowerCase())
  if (code === undefined) throw invalidRequest('This code is invalid.', { param })
  requireRedeemableCode(account, code, redemption, param)
  return code
}

/** Refuses a promotion code that is not good for what is to be paid. */
function requireRedeemableCode(account: Account, code: PromotionCode, redemption: Redemption, param: string): void {
  const refuse = (why: string): Error => invalidRequest(`This promotion code cannot be redeemed because ${why}.`, { param })
  const { expires_at, restrictions } = code
  const coupon = get(account.store.coupons, code.promotion.coupon)
  if (expires_at !== null && expires_at <= account.clock.seconds()) throw refuse('it has expired')
  if (!code.active || !isRedeemable(account, coupon)) throw refuse('it is inactive')
  if (code.customer !== null && code.customer !== redemption.customer) throw refuse('it belongs to another customer')
  if (restrictions.first_time_transaction && hasPaidBefore(account, redemption.customer)) {
    throw refuse('the associated customer has prior transactions')
  }
  const minimum = minimumIn(code, redemption.currency)
  if (minimum !== undefined && redemption.amount < minimum) {
    throw refuse(`the amount is below the minimum of ${displayAmount(minimum, redemption.currency)}`)
  }
  requireRedeemable(account, coupon, redemption, param)
}

function requireRedeemable(account: Account, coupon: Coupon, redemption: Redemption, param: string): void {
  if (!isRedeemable(account, coupon)) {
    throw invalidRequest(`Coupon expired: ${coupon.id}`, { code: 'coupon_expired', param })
  }
  if (coupon.percent_off === null && amountOffIn(coupon, redemption.currency) === undefined) {
    throw invalidRequest(`The coupon ${coupon.id} has no amount in ${redemption.currency}.`, { param })
  }
}

function hasPaidBefore(account: Account, customer: string | undefined): boolean {
  if (customer === undefined) return false
  const { invoices, paymentIntents } = account.store
  return (
    invoices.ofCustomer(customer).some((invoice) => invoice.status === 'paid' && invoice.amount_paid > 0) ||
    paymentIntents.ofCustomer(customer).some((intent) => intent.status === 'succeeded')
  )
}

function minimumIn({ restrictions }: PromotionCode, currency: string): number | undefined {
  if (restrictions.minimum_amount !== null && restrictions.minimum_amount_currency === currency) return restrictions.minimum_amount
  return restrictions.minimum_amount === null ? undefined : Infinity
}
