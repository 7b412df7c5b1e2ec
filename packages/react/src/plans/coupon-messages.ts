import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts of a field for a promotion code. */
export interface CouponMessages {
  readonly couponLabel: string
  readonly applyCoupon: string
  readonly removeCoupon: (code: string) => string
  readonly couponRefused: string
}

/** The default words. */
export const couponEnglish: CommonMessages & CouponMessages = /* @__PURE__ */ joinMessages<CommonMessages, CouponMessages>(commonEnglish, {
  couponLabel: 'Promotion code',
  applyCoupon: 'Apply',
  removeCoupon: (code) => `Remove ${code}`,
  couponRefused: 'This code cannot be used here.',
})
