import { isSubscribed } from '@farebox/core/client'
import type { PlanStatus } from '@farebox/core/protocol'
import type * as React from 'react'
import { commonEnglish } from '../messages/common-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import type { PartProps } from '../parts/part.tsx'
import { textPart } from '../parts/reading-part.tsx'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'

/** What a plan badge shows. */
export interface PlanBadgeData {
  readonly plan: string
  readonly planName: string
  readonly status: PlanStatus
}

export type PlanBadgeProps = PartProps<Reading<PlanBadgeData>, 'span'>

/** The customer's plan, and its status where that needs saying. */
export function PlanBadge(props: PlanBadgeProps): React.ReactElement {
  const messages = useMessages(commonEnglish)
  const reading = useSnapshot(({ plan, planName, status }): PlanBadgeData => ({ plan, planName, status }))
  const { data } = reading
  const isPlain = !data || data.status === 'active' || !isSubscribed(data.status)
  const text = isPlain ? data?.planName : `${data.planName}, ${messages.status(data.status)}`
  const own = { 'data-slot': 'plan-badge', 'data-tag': '', 'data-plan': data?.plan }
  return textPart('span', props, own, reading, reading, text)
}
