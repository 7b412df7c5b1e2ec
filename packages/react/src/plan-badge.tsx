import { type Resource, isSubscribed } from '@farebox/core/client'
import type { PlanStatus } from '@farebox/core/protocol'
import type * as React from 'react'
import { useBillingContext } from './billing-context.ts'
import type { PartProps } from './part.tsx'
import { resourcePart } from './resource-part.tsx'
import { useResource } from './use-resource.ts'

/** What a plan badge shows. */
export interface PlanBadgeData {
  readonly plan: string
  readonly planName: string
  readonly status: PlanStatus
}

export type PlanBadgeProps = PartProps<Resource<PlanBadgeData>, 'span'>

/** The customer's plan, and its status where that needs saying. */
export function PlanBadge(props: PlanBadgeProps): React.ReactElement {
  const { messages } = useBillingContext()
  const resource = useResource(({ plan, planName, status }): PlanBadgeData => ({ plan, planName, status }))
  const { data } = resource
  const isPlain = !data || data.status === 'active' || !isSubscribed(data.status)
  const text = isPlain ? data?.planName : `${data.planName}, ${messages.status(data.status)}`
  const own = { 'data-slot': 'plan-badge', 'data-plan': data?.plan }
  return resourcePart('span', props, own, resource, resource, text)
}
