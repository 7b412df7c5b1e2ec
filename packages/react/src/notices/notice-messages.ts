import type { NoticeShown } from '@farebox/core/client'
import type { CommonMessages } from '../messages/common-messages.ts'
import type { Format } from '../messages/format.ts'
import { joinMessages } from '../messages/join-messages.ts'
import { type RefusalMessages, refusalEnglish } from '../plans/refusal-messages.ts'

/** The words of a notice. */
export interface NoticeText {
  readonly title: string
  readonly text: string
  /** What its button says; it has none where nothing can be done. */
  readonly action: string
}

/** Texts about what the customer should know. */
export interface NoticeMessages {
  readonly notice: (shown: NoticeShown, format: Format) => NoticeText
  /** Stands before the title for those who do not see the colour. */
  readonly noticeTone: (tone: NoticeShown['tone']) => string
}

/** The default words. */
export const noticeEnglish: CommonMessages & RefusalMessages & NoticeMessages = /* @__PURE__ */ joinMessages<
  CommonMessages & RefusalMessages, NoticeMessages
>(
  refusalEnglish,
  {
    noticeTone: (tone) => ({ critical: 'Urgent', warn: 'Please note', info: 'Note' })[tone],
    notice: ({ notice, due, graceEndsAt, planName, action: what }, { date, money }) => {
      const { kind, at } = notice
      const on = at && ` on ${date(at)}`
      const payment = due ? `Your payment of ${money(due)}` : 'Your payment'
      const until = graceEndsAt ? ` Access ends on ${date(graceEndsAt)}.` : ''
      const pay = what === 'pay' ? 'Pay now' : 'Update payment'
      switch (kind) {
        case 'access-ended':
          return { title: 'Access ended', text: `${payment} did not arrive.`, action: pay }
        case 'payments-mismatch':
          return { title: 'Something is wrong with your subscription', text: 'Please get in touch.', action: '' }
        case 'trial-ended-without-card':
          return { title: 'Your trial has ended', text: 'No payment method was given.', action: 'Add payment method' }
        case 'payment-action-required':
          return { title: 'Confirm your payment', text: `${payment} waits for you.${until}`, action: 'Confirm payment' }
        case 'payment-past-due':
        case 'payment-failed':
          return { title: 'Payment overdue', text: `${payment} did not arrive.${until}`, action: pay }
        case 'paused':
          return { title: 'Subscription paused', text: `${on ? `It resumes${on}. ` : ''}Resuming now may be charged.`, action: 'Resume now' }
        case 'cancellation-scheduled':
          return { title: `Your subscription ends${on ?? ''}`, text: '', action: 'Keep subscription' }
        case 'change-scheduled':
          return {
            title: `Your plan changes${planName ? ` to ${planName}` : ''}${on ?? ''}`,
            text: notice.interval ? `Billed ${notice.interval}ly.` : '',
            action: 'Keep current plan',
          }
        case 'trial-ending':
          return { title: `Your trial ends${on ?? ''}`, text: '', action: 'Manage billing' }
        case 'card-expiring':
          return { title: `Your card ending in ${notice.last4} expires${on ?? ''}`, text: '', action: 'Update card' }
        default:
          return kind satisfies never
      }
    },
  },
)
