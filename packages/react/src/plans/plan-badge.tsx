import { isSubscribed } from '@farebox/core/client'
import type * as React from 'react'
import { commonEnglish } from '../messages/common-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import type { PartProps } from '../parts/part.tsx'
import { textPart } from '../parts/reading-part.tsx'
import type { Reading } from '../provider/use-snapshot.ts'
import { type CurrentPlan, usePlan } from './use-plan.ts'

/** Props of {@link PlanBadge}. */
export type PlanBadgeProps = PartProps<Reading<CurrentPlan>, 'span'>

/** The customer's plan, and its status where that needs saying. */
export function PlanBadge(props: PlanBadgeProps): React.ReactElement {
  const messages = useMessages(commonEnglish)
  const reading = usePlan()
  const { data } = reading
  const isPlain = !data || data.status === 'active' || !isSubscribed(data.status)
  const text = isPlain ? data?.planName : data.planName + messages.comma + messages.status(data.status)
  const own = { 'data-slot': 'plan-badge', 'data-tag': '', 'data-plan': data?.plan }
  return textPart('span', props, own, reading, reading, text)
}
