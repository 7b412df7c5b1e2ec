import { joinMessages } from '../messages/join-messages.ts'
import { type TermsMessages, termsEnglish } from './terms-messages.ts'

/** Texts about what another plan gives less of. */
export interface LossMessages {
  readonly lossesTitle: string
  /** What people hear between what there is and what there would be. */
  readonly lossBecomes: string
  /** `written` is used now, more than there would be. */
  readonly lossOver: (written: string) => string
}

/** The default words. */
export const lossEnglish: TermsMessages & LossMessages = /* @__PURE__ */ joinMessages<TermsMessages, LossMessages>(termsEnglish, {
  lossesTitle: 'What becomes less',
  lossBecomes: 'becomes',
  lossOver: (written) => `You use ${written} now: what goes beyond is refused.`,
})
