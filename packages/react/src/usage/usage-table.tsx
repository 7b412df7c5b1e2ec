import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import type { BlockProps } from '../parts/reading-block.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import type { MeteredName } from '../provider/register.ts'
import { DataRow, tableBlock } from './data-table.tsx'
import { usageTableEnglish } from './usage-table-messages.ts'
import { useMeter } from './use-meter.ts'
import { type MeterChoice, useMeteredFeatures } from './use-metered-features.ts'

/** Props of {@link UsageTable}. */
export type UsageTableProps = BlockProps<readonly MeteredName[]> & MeterChoice

/** All metered features in a table. A number that changes renders its own row and no other. */
export function UsageTable({ features, order, ...props }: UsageTableProps): React.ReactElement {
  const reading = useMeteredFeatures({ features, order })
  const { usageTitle, noUsage, columnFeature, columnUsed, columnLeft } = useMessages(usageTableEnglish)
  return tableBlock(props, 'usage-table', reading, noUsage, {
    title: usageTitle,
    columns: [columnFeature, columnUsed, columnLeft],
    rows: reading.data?.map((feature) => <UsageRow key={feature} feature={feature} />),
  })
}

function UsageRow({ feature }: { readonly feature: MeteredName }): React.ReactElement {
  const { usage: { data }, label, left, reset } = useMeter(feature)
  const { number } = useBillingContext().format
  const { ofLimit } = useMessages(usageTableEnglish)
  const { total = 0, limit, remaining, tone } = data ?? {}
  const used = [number(total), limit ? <div key="limit" data-quiet="">{ofLimit(number(limit))}</div> : null]
  const rest = <span key="left" data-slot="usage-left">{remaining ? number(remaining) : left}</span>
  const head = [label, <div key="reset" data-quiet="">{reset}</div>]
  return <DataRow data-metric={feature} data-tone={tone} head={head} cells={[used, rest]} />
}
