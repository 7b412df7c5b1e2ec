import type { BillingError } from '@farebox/core/client'
import type { CommonMessages } from '../messages/common-messages.ts'
import { problemText } from '../messages/problem-text.ts'
import type { RefusalMessages } from './refusal-messages.ts'

/** Why something that was asked for did not happen. */
export function refusalText(error: BillingError, words: Pick<CommonMessages & RefusalMessages, 'problems' | 'actionFailed'>): string {
  return problemText(error, words, words.actionFailed)
}
