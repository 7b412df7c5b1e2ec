import type { CommonMessages } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'
import { type RefusalMessages, refusalEnglish } from './refusal-messages.ts'

/** Texts of what a customer does about a plan. */
export interface ActionMessages extends RefusalMessages {
  readonly choosePlan: (planName: string) => string
  readonly manageBilling: string
}

/** The default words. */
export const actionEnglish: CommonMessages & ActionMessages = /* @__PURE__ */ joinMessages<CommonMessages & RefusalMessages, Omit<ActionMessages, keyof RefusalMessages>>(refusalEnglish, {
  choosePlan: (planName) => `Choose ${planName}`,
  manageBilling: 'Manage billing',
})
