import type { Account } from '../../account.ts'
import type { DiscountReference } from '../../billing-objects.ts'
import { invalidRequest } from '../../errors.ts'
import type { CheckoutSession } from '../../objects.ts'
import { findRedeemableCode, redemptionOf } from '../discounts/coupon-validity.ts'
import { sessionAmounts, sessionTotals } from './session-amounts.ts'

/** The discounts that a session was given, as they are redeemed when it is paid. */
export function discountsOf(session: CheckoutSession): DiscountReference[] {
  return session.discounts.map((reference) => ({ ...reference, discount: null }))
}

/** The session after the person has entered a promotion code; a code that is not good for it is refused. */
export function enterPromotionCode(account: Account, session: CheckoutSession, entered: string): CheckoutSession {
  if (session.allow_promotion_codes !== true) throw invalidRequest('This Checkout Session takes no promotion codes.', { param: 'promotionCode' })
  const currency = session.currency ?? 'usd'
  const redemption = redemptionOf(account, session.customer ?? undefined, session.internal.lineItems, currency)
  const code = findRedeemableCode(account, entered, redemption, 'promotionCode')
  return withDiscounts(account, session, [{ coupon: null, promotion_code: code.id }])
}

/** The session without the promotion code that was entered. */
export function dropPromotionCode(account: Account, session: CheckoutSession): CheckoutSession {
  return session.allow_promotion_codes === true ? withDiscounts(account, session, []) : session
}

function withDiscounts(account: Account, session: CheckoutSession, discounts: CheckoutSession['discounts']): CheckoutSession {
  const changed = { ...session, discounts }
  const totals = sessionTotals(sessionAmounts(account.store, changed), session.mode, session.internal.trial !== null)
  return account.store.checkoutSessions.save({ ...changed, ...totals })
}
