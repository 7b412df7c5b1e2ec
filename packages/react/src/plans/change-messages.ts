import type { PlanChangePreviewed } from '@farebox/core/client'
import type { ChangeView } from '@farebox/core/protocol'
import type { CommonMessages } from '../messages/common-messages.ts'
import type { Format } from '../messages/format.ts'
import { joinMessages } from '../messages/join-messages.ts'
import { type RefusalMessages, refusalEnglish } from './refusal-messages.ts'

/** Texts of a change of the plan. */
export interface ChangeMessages {
  readonly changeTitle: (planName: string) => string
  /** When it takes effect. */
  readonly changeWhen: (preview: PlanChangePreviewed, format: Format) => string
  readonly discount: string
  readonly tax: string
  readonly dueNow: string
  /** In its place, where it is below 0. */
  readonly credited: string
  readonly nextInvoice: string
  /** What the button says; `due` is written already, and absent where nothing is paid at once. */
  readonly confirmChange: (due: string | undefined) => string
  readonly back: string
  readonly changeDone: (change: ChangeView, planName: string, format: Format) => string
  /** In place of the change, where its preview was too old: there is a new one. */
  readonly previewRenewed: string
  readonly payOrConfirm: string
}

/** The default words. */
export const changeEnglish: CommonMessages & RefusalMessages & ChangeMessages = /* @__PURE__ */ joinMessages<CommonMessages & RefusalMessages, ChangeMessages>(refusalEnglish, {
  changeTitle: (planName) => `Change to ${planName}`,
  changeWhen: (preview, { date }) => {
    switch (preview.kind) {
      case 'unchanged':
        return 'This is what you have already.'
      case 'end':
        return `Your subscription ends ${date(preview.at)}. Nothing is charged.`
      case 'change':
        return preview.when === 'now' ? 'Takes effect at once.' : `Takes effect ${date(preview.at)}. Nothing is due before.`
      default:
        return preview satisfies never
    }
  },
  discount: 'Discount',
  tax: 'Tax',
  dueNow: 'Due now',
  credited: 'Credited to you',
  nextInvoice: 'Next invoice',
  confirmChange: (due) => (due ? `Confirm and pay ${due}` : 'Confirm'),
  back: 'Back',
  changeDone: (change, planName, { date }) => {
    switch (change.kind) {
      case 'changed':
        return `You are on ${planName} now.`
      case 'scheduled':
        return `You move to ${planName} on ${date(change.at)}.`
      case 'action-required':
        return 'Nothing has changed yet: pay or confirm first.'
      case 'unchanged':
        return 'There was nothing to change.'
      default:
        return change satisfies never
    }
  },
  previewRenewed: 'Look at the new amounts, then confirm.',
  payOrConfirm: 'Pay or confirm',
})
