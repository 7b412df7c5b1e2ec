import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** A billing period, and what happens at its end. */
export interface PeriodText {
  readonly start: string
  readonly end: string
  readonly next: 'renews' | 'ends'
}

/** Texts about the billing period. */
export interface PeriodMessages {
  readonly noSubscription: string
  readonly period: (period: PeriodText) => string
}

/** The default words. */
export const periodEnglish: CommonMessages & PeriodMessages = /* @__PURE__ */ joinMessages<CommonMessages, PeriodMessages>(commonEnglish, {
  noSubscription: 'no subscription',
  period: ({ start, end, next }) => `${start} – ${end}, then ${next}`,
})
