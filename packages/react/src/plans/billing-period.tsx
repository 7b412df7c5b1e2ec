import { isSubscribed } from '@farebox/core/client'
import type * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import type { PartProps } from '../parts/part.tsx'
import { textPart } from '../parts/reading-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'
import { type PeriodText, periodEnglish } from './period-messages.ts'

/** Props of {@link BillingPeriod}. */
export type BillingPeriodProps = PartProps<Reading<PeriodText | null>>

/** The billing period of the subscription, and whether it renews or ends. */
export function BillingPeriod(props: BillingPeriodProps): React.ReactElement {
  const { format } = useBillingContext()
  const messages = useMessages(periodEnglish)
  const reading = useSnapshot(({ status, subscription }): PeriodText | null => {
    if (!subscription || !isSubscribed(status)) return null
    const { cancelAt } = subscription
    return {
      start: format.date(subscription.currentPeriodStart),
      end: format.date(cancelAt ?? subscription.currentPeriodEnd),
      next: cancelAt ? 'ends' : 'renews',
    }
  })
  const { data } = reading
  const text = data ? messages.period(data) : messages.noSubscription
  return textPart('div', props, { 'data-slot': 'billing-period' }, reading, reading, text)
}
