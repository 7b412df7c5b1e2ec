import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type Part, createPart, createPartContext } from '../parts/create-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import type { MeteredName } from '../provider/register.ts'
import type { ListRootProps, ListState } from './list-parts.tsx'
import { MeterContext, type MeterRoot, createMeterRoot } from './meter-parts.tsx'
import { type TableParts, createTable, tableRoot } from './table-parts.tsx'
import { usageEnglish } from './usage-messages.ts'
import { usageTableEnglish } from './usage-table-messages.ts'
import type { MeterState } from './use-meter.ts'
import { type MeterChoice, useMeteredFeatures } from './use-metered-features.ts'

/** Props of {@link UsageTable} and `UsageTable.Root`. */
export type UsageTableProps = ListRootProps<MeteredName> & MeterChoice

const TableContext = /* @__PURE__ */ createPartContext<ListState<MeteredName>>()

function Root({ features, order, ...props }: UsageTableProps): React.ReactElement {
  const items = useMeteredFeatures({ features, order })
  const { usageTitle: title, noUsage: emptyText, columnFeature, columnUsed, columnLeft } = useMessages(usageTableEnglish)
  return tableRoot(TableContext, props, 'usage-table', { items, title, emptyText, columns: [columnFeature, columnUsed, columnLeft] })
}

const Feature: Part<MeterState, 'th'> = /* @__PURE__ */ createPart(MeterContext, 'usage-table-feature', 'th', ({ label }) => ({
  scope: 'row',
  children: label,
}))

const Used: Part<MeterState, 'td'> = /* @__PURE__ */ createPart(MeterContext, 'usage-table-used', 'td', (state) => ({
  'data-numbers': '',
  children: <UsedOf {...state} />,
}))

const Left: Part<MeterState, 'td'> = /* @__PURE__ */ createPart(MeterContext, 'usage-table-left', 'td', (state) => ({
  'data-numbers': '',
  children: <LeftOf {...state} />,
}))

/** A number with its unit, or with the limit that has one. */
function UsedOf({ usage: { data } }: MeterState): React.ReactNode {
  const { number } = useBillingContext().format
  const { amount, ofLimit } = { ...useMessages(usageEnglish), ...useMessages(usageTableEnglish) }
  const { total = 0, limit, unit = '' } = data ?? {}
  return limit
    ? <>{number(total)}<div data-quiet="">{ofLimit(amount(number(limit), limit, unit))}</div></>
    : amount(number(total), total, unit)
}

/** The column says that it is left; the row, whose name is heard with each of its cells, is the feature alone. */
function LeftOf({ usage: { data }, left, reset }: MeterState): React.ReactNode {
  const { number } = useBillingContext().format
  return <>{data?.remaining ? number(data.remaining) : left}<div data-quiet="">{reset}</div></>
}

const Row: MeterRoot<'tr'> = /* @__PURE__ */ createMeterRoot('usage-table-row', 'tr', () => <><Feature /><Used /><Left /></>)

const parts: TableParts<MeteredName> = /* @__PURE__ */ createTable(
  TableContext, 'usage-table', (feature) => feature, (feature) => <Row feature={feature} />,
)

function UsageTableWhole(props: UsageTableProps): React.ReactElement {
  return <Root {...props}><parts.Table /></Root>
}

/**
 * All metered features in a table. A number that changes renders its own row and no other. `Rows` makes a `Row` of each
 * feature, or what its function says.
 */
export const UsageTable: typeof UsageTableWhole & TableParts<MeteredName> & {
  readonly Root: typeof Root
  readonly Row: MeterRoot<'tr'>
  readonly Feature: Part<MeterState, 'th'>
  readonly Used: Part<MeterState, 'td'>
  readonly Left: Part<MeterState, 'td'>
} = /* @__PURE__ */ Object.assign(UsageTableWhole, parts, { Root, Row, Feature, Used, Left })
