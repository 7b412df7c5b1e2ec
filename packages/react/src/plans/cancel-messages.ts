import { joinMessages } from '../messages/join-messages.ts'
import { type ActionMessages, actionEnglish } from './action-messages.ts'
import { type TermsMessages, termsEnglish } from './terms-messages.ts'

/** Texts about ending a subscription. Dates are written already. */
export interface CancelMessages {
  readonly notSubscribed: string
  readonly cancelPlan: string
  readonly cancelTitle: (planName: string) => string
  /** What follows: which plan, and from when. */
  readonly cancelThen: (planName: string, nextName: string, date: string) => string
  readonly cancelLosses: string
  /** What people hear between what there is and what there would be. */
  readonly lossBecomes: string
  /** `written` is used now, more than there would be. */
  readonly lossOver: (written: string) => string
  readonly confirmCancel: string
  readonly keepPlan: (planName: string) => string
  readonly endsOn: (planName: string, date: string) => string
}

/** The default words. */
export const cancelEnglish: ActionMessages & TermsMessages & CancelMessages = /* @__PURE__ */ joinMessages<
  ActionMessages & TermsMessages, CancelMessages
>(
  /* @__PURE__ */ joinMessages(termsEnglish, actionEnglish),
  {
    notSubscribed: 'There is no subscription to cancel.',
    cancelPlan: 'Cancel subscription',
    cancelTitle: (planName) => `Cancel ${planName}?`,
    cancelThen: (planName, nextName, date) => `You keep ${planName} until ${date}. From then on you have ${nextName}.`,
    cancelLosses: 'What becomes less',
    lossBecomes: 'becomes',
    lossOver: (written) => `You use ${written} now: what goes beyond is refused.`,
    confirmCancel: 'Cancel at the end of the period',
    keepPlan: (planName) => `Keep ${planName}`,
    endsOn: (planName, date) => `${planName} ends ${date}.`,
  },
)
