import type { BillingError } from '@farebox/core/client'
import type { CommonMessages } from '../messages/common-messages.ts'
import { problemText } from '../messages/problem-text.ts'
import type { ActionMessages } from './action-messages.ts'

/** Why something that was asked for did not happen. */
export function refusalText(error: BillingError, words: Pick<CommonMessages & ActionMessages, 'problems' | 'actionFailed'>): string {
  return problemText(error, words, words.actionFailed)
}
