import { type Resource, isSubscribed } from '@farebox/core/client'
import type * as React from 'react'
import { useBillingContext } from './billing-context.ts'
import type { PeriodText } from './messages.ts'
import type { PartProps } from './part.tsx'
import { resourcePart } from './resource-part.tsx'
import { useResource } from './use-resource.ts'

export type BillingPeriodProps = PartProps<Resource<PeriodText | null>>

/** The billing period of the subscription, and whether it renews or ends. */
export function BillingPeriod(props: BillingPeriodProps): React.ReactElement {
  const { messages, format } = useBillingContext()
  const resource = useResource(({ status, subscription }): PeriodText | null => {
    if (!subscription || !isSubscribed(status)) return null
    const { cancelAt } = subscription
    return {
      start: format.date(subscription.currentPeriodStart),
      end: format.date(cancelAt ?? subscription.currentPeriodEnd),
      next: cancelAt ? 'ends' : 'renews',
    }
  })
  const { data } = resource
  const text = data ? messages.period(data) : messages.noSubscription
  return resourcePart('div', props, { 'data-slot': 'billing-period' }, resource, resource, text)
}
