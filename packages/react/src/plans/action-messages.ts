import type { BillingError } from '@farebox/core/client'
import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts of what a customer does about a plan. */
export interface ActionMessages {
  readonly choosePlan: (planName: string) => string
  readonly manageBilling: string
  /** In the place of a button, for who may not manage the billing. */
  readonly askManager: string
  /** Why something that was asked for did not happen. */
  readonly actionFailed: (error: BillingError) => string
}

/** The default words. */
export const actionEnglish: CommonMessages & ActionMessages = /* @__PURE__ */ joinMessages<CommonMessages, ActionMessages>(commonEnglish, {
  choosePlan: (planName) => `Choose ${planName}`,
  manageBilling: 'Manage billing',
  askManager: 'Ask who manages billing',
  actionFailed: ({ status, problem }) => {
    if (/payments-failed/.test(problem?.type ?? '')) return 'The payment service did not accept this.'
    if (status === 401) return 'Sign in first.'
    if (status === 403) return 'You may not manage billing.'
    return status === 429 ? 'Too many attempts. Try again in a minute.' : 'That did not work. Try again.'
  },
})
