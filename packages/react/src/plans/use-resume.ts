import { type Outcome, isSubscribed } from '@farebox/core/client'
import { useMessages } from '../messages/use-messages.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import { resumeEnglish } from './resume-messages.ts'

/**
 * Takes back what was scheduled, or a pause, and tells people who listen: what said so before is gone. What has to be paid or
 * confirmed first, and has no page of its own, is so in the portal.
 */
export function useResume(): () => Promise<Outcome<object>> {
  const { client, announce } = useBillingContext()
  const { resumed } = useMessages(resumeEnglish)
  return async () => {
    const outcome = await client.resume()
    const { data } = outcome
    if (data?.kind === 'action-required') return data.url ? outcome : client.portal()
    // Where it has ended meanwhile there was nothing to take back.
    if (data && isSubscribed(client.getSnapshot().data?.status ?? 'none')) announce(resumed)
    return outcome
  }
}
