import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts about credits. */
export interface CreditMessages {
  readonly creditsTitle: string
  /** The title of a list in which the first is drawn first. */
  readonly ledgerTitle: string
  readonly noCredits: string
  /** `60 expire Dec 31, 2026`: what ends first, below all that is left and its unit. `written` is the number. */
  readonly creditsExpire: (written: string, remaining: number, date: string) => string
  /** Where nothing ends. */
  readonly neverExpires: string
  /** `60 of 100 calls`: what is left of a grant, of which `amount` has the unit. */
  readonly leftOf: (remaining: string, amount: string) => string
  readonly columnCredits: string
  readonly columnRemaining: string
  readonly columnExpires: string
}

/** The default words. */
export const creditEnglish: CommonMessages & CreditMessages = /* @__PURE__ */ joinMessages<CommonMessages, CreditMessages>(commonEnglish, {
  creditsTitle: 'Credits',
  ledgerTitle: 'Credits, in the order they are used',
  noCredits: 'No credits.',
  creditsExpire: (written, remaining, date) => `${written} ${remaining === 1 ? 'expires' : 'expire'} ${date}`,
  neverExpires: 'No expiry',
  leftOf: (remaining, amount) => `${remaining} of ${amount}`,
  columnCredits: 'Credits for',
  columnRemaining: 'Left',
  columnExpires: 'Expires',
})
