import type * as React from 'react'
import { type PartProps, part } from '../parts/part.tsx'
import { ReadingText } from '../parts/reading-part.tsx'
import type { MeteredName } from '../provider/register.ts'
import { meterRootProps } from './meter-parts.tsx'
import { type MeterState, useMeter } from './use-meter.ts'

/** Props of {@link QuotaIndicator}. */
export type QuotaIndicatorProps = PartProps<MeterState, 'span'> & {
  /** Its name in the catalog. */
  readonly feature: MeteredName
  /** What people call the feature; it is heard, not seen. The provider's label, or its name in the catalog, unless said otherwise. */
  readonly label?: string
}

/** How much of a metered feature is left, in two words within a line. */
export function QuotaIndicator({ feature, label, ...props }: QuotaIndicatorProps): React.ReactElement {
  const state = useMeter(feature, label)
  const children = [
    <span key="label" data-hidden>{`${state.label}: `}</span>,
    <ReadingText key="left" of={state.usage}>{state.left}</ReadingText>,
  ]
  return part('span', props, { ...meterRootProps(state, 'quota-indicator', feature), 'data-tag': '', children }, state)
}
