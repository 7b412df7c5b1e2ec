import type { Usage } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import type { MeteredName } from '../provider/register.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { usageEnglish } from './usage-messages.ts'
import { useUsage } from './use-usage.ts'

/** What everything that shows usage of one feature knows. */
export interface MeterState {
  readonly usage: Reading<Usage | null>
  readonly label: string
  /** The usage in words, as people see and hear it. */
  readonly text: string
  /** What is left, in as few words as can be. */
  readonly left: string
  /** When usage starts anew, in words. */
  readonly reset: string
}

/** Usage of a feature in words. Tells people who listen when a threshold is crossed, and only then. */
export function useMeter(feature: MeteredName, given?: string): MeterState {
  const { format, labelOf, announce } = useBillingContext()
  const messages = useMessages(usageEnglish)
  const label = given ?? labelOf(feature)
  const usage = useUsage(feature)
  const { data } = usage
  const { notIncluded } = messages
  const [text, left, reset] = data?.isIncluded
    ? [messages.usage(data, format), messages.left(data, format), messages.resets(format.date(data.periodEnd))]
    : [notIncluded, notIncluded, '']
  const last = React.useRef(data)
  React.useEffect(() => {
    const before = last.current
    if (before && data && data.total > before.total && data.tone !== before.tone) announce(`${label}: ${text}`)
    last.current = data
  })
  return { usage, label, text, left, reset }
}
