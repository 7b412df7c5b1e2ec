import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts of what was asked for and did not happen. */
export interface RefusalMessages {
  /** In the place of a button, for who may not manage the billing. */
  readonly askManager: string
  /** Something that was asked for did not happen, and nobody knows why. */
  readonly actionFailed: string
}

/** The default words. */
export const refusalEnglish: CommonMessages & RefusalMessages = /* @__PURE__ */ joinMessages<CommonMessages, Pick<CommonMessages, 'problems'> & RefusalMessages>(commonEnglish, {
  askManager: 'Ask who manages billing',
  problems: {
    ...commonEnglish.problems,
    forbidden: 'You may not manage billing.',
    'rate-limited': 'Too many attempts. Try again in a minute.',
    'payments-failed': 'The payment service did not accept this.',
    'already-subscribed': 'The subscription cannot be changed like this now.',
  },
  actionFailed: 'That did not work. Try again.',
})
