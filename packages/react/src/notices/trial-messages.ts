import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import type { Format } from '../messages/format.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts about a trial. */
export interface TrialMessages {
  /** How long a trial still runs; `days` counts begun ones. */
  readonly trialLeft: (days: number, format: Format) => string
}

/** The default words. */
export const trialEnglish: CommonMessages & TrialMessages = /* @__PURE__ */ joinMessages<CommonMessages, TrialMessages>(commonEnglish, {
  trialLeft: (days, { number }) => (days > 1 ? `${number(days)} days left in your trial` : 'Last day of your trial'),
})
