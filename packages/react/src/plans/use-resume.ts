import type { BillingClient } from '@farebox/core/client'
import { useMessages } from '../messages/use-messages.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import { resumeEnglish } from './resume-messages.ts'

/** Takes back what was scheduled, or a pause, and tells people who listen: what said so before is gone. */
export function useResume(): BillingClient['resume'] {
  const { client, announce } = useBillingContext()
  const { resumed } = useMessages(resumeEnglish)
  return async () => {
    const outcome = await client.resume()
    if (outcome.data && outcome.data.kind !== 'action-required') announce(resumed)
    return outcome
  }
}
