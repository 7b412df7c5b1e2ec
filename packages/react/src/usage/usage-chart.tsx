import { type History, deriveHistory, deriveHistoryCsv } from '@farebox/core/client'
import type { UsageHistoryView } from '@farebox/core/protocol'
import * as React from 'react'
import { commonEnglish } from '../messages/common-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { type Part, createPart, createPartContext, rootPart } from '../parts/create-part.tsx'
import type { PartProps } from '../parts/part.tsx'
import { ReadingBody, type ReadingSlots } from '../parts/reading-body.tsx'
import { readingProps } from '../parts/reading-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import type { MeteredName } from '../provider/register.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { ChartDrawing } from './chart-drawing.tsx'
import type { ChartWords } from './chart-words.ts'
import { ColumnHeads } from './table-parts.tsx'
import { usageTableEnglish } from './usage-table-messages.ts'
import { type UsageSpan, useUsageHistory } from './use-usage-history.ts'

/** What the parts of a chart know. */
export interface UsageChartState extends ReadingSlots {
  readonly history: Reading<UsageHistoryView>
  /** What is drawn; nothing until it is loaded. */
  readonly drawing: History
  readonly words: ChartWords
}

/** Props of {@link UsageChart} and `UsageChart.Root`. */
export type UsageChartProps = PartProps<UsageChartState, 'figure'> & UsageSpan & ReadingSlots & {
  /** Its name in the catalog. */
  readonly feature: MeteredName
  /** What people call the feature; the provider's label, or its name in the catalog, unless said otherwise. */
  readonly label?: string | undefined
}

const day = 86_400_000
const nothing: Pick<UsageHistoryView, 'periods'> = { periods: [] }

const ChartContext = /* @__PURE__ */ createPartContext<UsageChartState>()

function Root({ feature, label, from, to, loading, error, empty, ...props }: UsageChartProps): React.ReactElement {
  const { format, labelOf } = useBillingContext()
  const messages = useMessages(usageTableEnglish)
  const { amount } = useMessages(commonEnglish)
  const history = useUsageHistory(feature, { from, to })
  const drawing = React.useMemo(() => deriveHistory(history.data ?? nothing), [history.data])
  const isHourly = drawing.period < day
  const words: ChartWords = {
    ...messages,
    title: messages.historyTitle(label ?? labelOf(feature)),
    number: (value) => format.number(value),
    amount: (value) => amount(format.number(value), value, history.data?.unit ?? ''),
    date: (start) => format.date(start, { dateStyle: 'medium', ...(isHourly && { timeStyle: 'short' }) }),
    shortDate: (start) => format.date(start, isHourly ? { weekday: 'short', hour: 'numeric' } : { month: 'short', day: 'numeric' }),
  }
  const state = { history, drawing, words, loading, error, empty }
  const own = { ...readingProps(history), 'data-slot': 'usage-chart', 'data-feature': feature }
  return rootPart(ChartContext, 'figure', props, own, state)
}

const Title: Part<UsageChartState, 'figcaption'> = /* @__PURE__ */ createPart(
  ChartContext, 'usage-chart-title', 'figcaption', ({ words }) => ({ 'data-title': '', children: words.title }),
)

const Plot: Part<UsageChartState> = /* @__PURE__ */ createPart(
  ChartContext, 'usage-chart-plot', 'div', ({ history, drawing, words, ...slots }) => ({
    children: (
      <ReadingBody of={history} isEmpty={!drawing.slots} emptyText={words.noHistory} {...slots}>
        <ChartDrawing of={drawing} words={words} />
      </ReadingBody>
    ),
  }),
)

const Legend: Part<UsageChartState> = /* @__PURE__ */ createPart(ChartContext, 'usage-chart-legend', 'div', ({ drawing, words }) => ({
  'data-quiet': '',
  'aria-hidden': true,
  children: [
    <span key="used" data-slot="usage-chart-used">{words.columnUsed}</span>,
    drawing.hasOverage && <span key="overage" data-slot="usage-chart-overage">{words.columnOverage}</span>,
  ],
}))

const Table: Part<UsageChartState> = /* @__PURE__ */ createPart(ChartContext, 'usage-chart-table', 'div', ({ drawing, words }) => ({
  'data-hidden': '',
  // Who has no pointer to hold over a bar reads the figures here: it is in sight while it has the focus.
  ...(drawing.bars.length > 0 && { role: 'group', tabIndex: 0, 'aria-label': words.title }),
  children: drawing.bars.length > 0 && (
    <table data-table="">
      <thead>
        <ColumnHeads of={[words.columnPeriod, words.columnUsed, words.columnOverage]} />
      </thead>
      <tbody>
        {drawing.bars.map(({ periodStart, used, overage }) => (
          <tr key={periodStart}>
            <th scope="row">{words.date(periodStart)}</th>
            <td data-numbers="">{words.amount(used)}</td>
            <td data-numbers="">{words.amount(overage)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  ),
}))

const Export: Part<UsageChartState, 'a'> = /* @__PURE__ */ createPart(ChartContext, 'usage-chart-export', 'a', ({ history, words }) => ({
  'data-button': 'link',
  children: words.download,
  ...(history.data && {
    download: `${history.data.feature}.csv`,
    // Excel reads UTF-8 where a byte order mark says so: https://support.microsoft.com/office/8a935af5-3416-4edd-ba7e-3dfd2bc4a032
    href: `data:text/csv;charset=utf-8,%EF%BB%BF${encodeURIComponent(deriveHistoryCsv(history.data))}`,
  }),
}))

function UsageChartWhole(props: UsageChartProps): React.ReactElement {
  return (
    <Root {...props}>
      <Title />
      <Plot />
      <Table />
      <div data-row="">
        <Legend />
        <Export />
      </div>
    </Root>
  )
}

/**
 * What was used of a metered feature, period by period, with what was billed beyond the allowance on top. The same figures
 * are in a table for those who listen, and in a file of raw values: plain numbers and ISO 8601 instants.
 */
export const UsageChart: typeof UsageChartWhole & {
  readonly Root: typeof Root
  readonly Title: Part<UsageChartState, 'figcaption'>
  readonly Plot: Part<UsageChartState>
  readonly Table: Part<UsageChartState>
  readonly Legend: Part<UsageChartState>
  readonly Export: Part<UsageChartState, 'a'>
} = /* @__PURE__ */ Object.assign(UsageChartWhole, { Root, Title, Plot, Table, Legend, Export })
