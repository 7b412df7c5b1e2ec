import type { Usage } from '@farebox/core/client'
import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import type { Format } from '../messages/format.ts'

/** Texts about usage. */
export interface UsageMessages {
  readonly notIncluded: string
  /** Usage in words: beside a meter, and in the place of one. */
  readonly usage: (usage: Usage, format: Format) => string
  readonly resets: (date: string) => string
}

const { amount } = commonEnglish

/** The default words. */
export const usageEnglish: CommonMessages & UsageMessages = {
  ...commonEnglish,
  notIncluded: 'not in your plan',
  usage: ({ total, limit, remaining, unit, tone }, { number }) => {
    if (limit === null) return `${amount(number(total), total, unit)}, no limit`
    const text = `${number(total)} of ${amount(number(limit), limit, unit)}`
    if (tone === 'ok') return text
    return `${text}, ${tone === 'over' ? 'over the limit' : remaining ? `${number(remaining)} left` : 'limit reached'}`
  },
  resets: (date) => `Resets ${date}`,
}
