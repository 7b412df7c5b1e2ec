import type { CommonMessages } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'
import { type RefusalMessages, refusalEnglish } from './refusal-messages.ts'

/** Texts about ending a subscription. Dates are written already. */
export interface CancelMessages {
  readonly notSubscribed: string
  readonly cancelPlan: string
  readonly cancelTitle: (planName: string) => string
  /** What follows: which plan, and from when. */
  readonly cancelThen: (planName: string, nextName: string, date: string) => string
  readonly confirmCancel: string
  readonly keepPlan: (planName: string) => string
  readonly endsOn: (planName: string, date: string) => string
}

/** The default words. */
export const cancelEnglish: CommonMessages & RefusalMessages & CancelMessages = /* @__PURE__ */ joinMessages<CommonMessages & RefusalMessages, CancelMessages>(refusalEnglish, {
  notSubscribed: 'There is no subscription to cancel.',
  cancelPlan: 'Cancel subscription',
  cancelTitle: (planName) => `Cancel ${planName}?`,
  cancelThen: (planName, nextName, date) => `You keep ${planName} until ${date}. From then on you have ${nextName}.`,
  confirmCancel: 'Cancel at the end of the period',
  keepPlan: (planName) => `Keep ${planName}`,
  endsOn: (planName, date) => `${planName} ends ${date}.`,
})
