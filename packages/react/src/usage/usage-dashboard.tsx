import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type BlockProps, readingBlock } from '../parts/reading-block.tsx'
import type { MeteredName } from '../provider/register.ts'
import { UsageBar } from './usage-bar.tsx'
import { usageTableEnglish } from './usage-table-messages.ts'
import { type MeterChoice, useMeteredFeatures } from './use-metered-features.ts'

/** Props of {@link UsageDashboard}. */
export type UsageDashboardProps = BlockProps<readonly MeteredName[]> & MeterChoice & {
  /** Makes the meter of a feature; a {@link UsageBar} unless said otherwise. */
  readonly children?: ((feature: MeteredName) => React.ReactNode) | undefined
}

/** All meters in a grid, as wide as there is room. A number that changes renders its own meter and no other. */
export function UsageDashboard({ features, order, children: meter, ...props }: UsageDashboardProps): React.ReactElement {
  const reading = useMeteredFeatures({ features, order })
  const { noUsage } = useMessages(usageTableEnglish)
  const meters = reading.data?.map((feature) => (
    <li key={feature} data-surface="">{meter ? meter(feature) : <UsageBar feature={feature} />}</li>
  ))
  return readingBlock(props, { 'data-slot': 'usage-dashboard' }, reading, {
    isEmpty: !meters?.length,
    emptyText: noUsage,
    children: <ul>{meters}</ul>,
  })
}
