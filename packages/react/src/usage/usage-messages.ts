import type { Usage } from '@farebox/core/client'
import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import type { Format } from '../messages/format.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts about usage. */
export interface UsageMessages {
  readonly notIncluded: string
  /** Usage in words: beside a meter, and in the place of one. */
  readonly usage: (usage: Usage, format: Format) => string
  /** What is left, in as few words as can be. */
  readonly left: (usage: Usage, format: Format) => string
  readonly resets: (date: string) => string
}

const amount: CommonMessages['amount'] = (...given) => commonEnglish.amount(...given)

/** The default words. */
export const usageEnglish: CommonMessages & UsageMessages = /* @__PURE__ */ joinMessages<CommonMessages, UsageMessages>(commonEnglish, {
  notIncluded: 'not in your plan',
  usage: (usage, format) => {
    const { total, limit, reserved, unit, tone } = usage
    const { number } = format
    const held = reserved ? ` (${number(reserved)} reserved)` : ''
    const text = limit === null ? amount(number(total), total, unit) : `${number(total)} of ${amount(number(limit), limit, unit)}`
    return text + held + (tone === 'ok' ? '' : `, ${usageEnglish.left(usage, format)}`)
  },
  left: ({ limit, remaining, tone }, { number }) => {
    if (limit === null) return 'no limit'
    return tone === 'over' ? 'over the limit' : remaining ? `${number(remaining)} left` : 'limit reached'
  },
  resets: (date) => `Resets ${date}`,
})
