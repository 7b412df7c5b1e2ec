import type { BillingError } from '@farebox/core/client'
import type { ActionMessages } from './action-messages.ts'

/** Why the server refused. What was wrong with what was asked for it says itself, and better than a page could. */
export function refusalText(error: BillingError, { actionFailed }: Pick<ActionMessages, 'actionFailed'>): string {
  return error.problem?.faults?.[0]?.message ?? actionFailed(error)
}
