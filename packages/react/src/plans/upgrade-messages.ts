import type { Upgrade } from '@farebox/core/client'
import type { CommonMessages } from '../messages/common-messages.ts'
import type { Format } from '../messages/format.ts'
import { joinMessages } from '../messages/join-messages.ts'
import { type RefusalMessages, refusalEnglish } from './refusal-messages.ts'

/** The words of an upgrade prompt. */
export interface UpgradeText {
  readonly title: string
  readonly text: string
  /** What its button says. */
  readonly action: string
}

/** Texts about what lifts a limit. */
export interface UpgradeMessages {
  readonly dismiss: string
  readonly upgrade: (upgrade: Upgrade, feature: string, format: Format) => UpgradeText
}

/** The default words. */
export const upgradeEnglish: CommonMessages & RefusalMessages & UpgradeMessages = /* @__PURE__ */ joinMessages<CommonMessages & RefusalMessages, UpgradeMessages>(refusalEnglish, {
  dismiss: 'Not now',
  upgrade: ({ reason, action, planName, limit, unit }, feature, { number }) =>
    reason === 'payment-past-due'
      ? { title: 'Payment overdue', text: '', action: 'Update payment' }
      : {
          title: `${feature}: ${reason === 'plan-required' ? 'not in your plan' : 'limit reached'}`,
          text:
            action === 'ask'
              ? `${refusalEnglish.askManager}.`
              : `${planName} includes ${limit === null ? 'it' : refusalEnglish.amount(number(limit), limit, unit ?? '')}.`,
          action: `Upgrade to ${planName}`,
        },
})
