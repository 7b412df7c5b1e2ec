import { daysUntil } from '@farebox/core/client'
import type * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import type { PartProps } from '../parts/part.tsx'
import { textPart } from '../parts/reading-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { type Reading, useSnapshot } from '../provider/use-snapshot.ts'
import { trialEnglish } from './trial-messages.ts'

/** Props of {@link TrialCountdown}. */
export type TrialCountdownProps = PartProps<Reading<number | null>, 'span'>

/**
 * How many days a trial still runs, as of the snapshot: it does not tick. Nothing without a trial, and while that is not
 * known.
 */
export function TrialCountdown(props: TrialCountdownProps): React.ReactElement | null {
  const { format } = useBillingContext()
  const messages = useMessages(trialEnglish)
  const reading = useSnapshot(({ trial, asOf }) => trial && daysUntil(trial.endsAt, asOf))
  const { data } = reading
  if (data == null) return null
  return textPart('span', props, { 'data-slot': 'trial-countdown', 'data-tag': '' }, reading, reading, messages.trialLeft(data, format))
}
