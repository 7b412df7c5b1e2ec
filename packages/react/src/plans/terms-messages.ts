import type { TermsView } from '@farebox/core/protocol'
import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import type { Format } from '../messages/format.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts about what a plan gives. */
export interface TermsMessages {
  /** What a plan gives of a feature, in as few words as can be; `undefined` where it does not have it. */
  readonly terms: (terms: TermsView | undefined, format: Format) => string
}

const none = 'Not included'
const amount: CommonMessages['amount'] = (...given) => commonEnglish.amount(...given)

/** The default words. */
export const termsEnglish: CommonMessages & TermsMessages = /* @__PURE__ */ joinMessages<CommonMessages, TermsMessages>(commonEnglish, {
  terms: (terms, { number, money }) => {
    switch (terms?.kind) {
      case 'toggle':
        return terms.on ? 'Included' : none
      case 'setting':
        return [terms.value].flat().map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ')
      case 'seats':
        if (terms.limit === null) return terms.paid ? 'As many as you buy' : 'Unlimited'
        return terms.limit ? `Up to ${number(terms.limit)}` : none
      case 'metered': {
        const { limit, unit, interval, overage } = terms
        if (limit === null) return 'Unlimited'
        const each = overage && money({ ...overage, amount: Number(overage.amount) }, { maximumFractionDigits: 12 })
        if (!limit) return each ? `${each} per ${unit}` : none
        return `${amount(number(limit), limit, unit)} a ${interval}${each ? `, then ${each} each` : ''}`
      }
      case undefined:
        return none
      default:
        return terms satisfies never
    }
  },
})
