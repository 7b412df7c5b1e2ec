import type { Usage } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type Part, createPart, createPartContext } from '../parts/create-part.tsx'
import { type PartProps, part } from '../parts/part.tsx'
import { ReadingText, readingProps } from '../parts/reading-part.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import type { MeteredName } from '../provider/register.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { usageEnglish } from './usage-messages.ts'
import { useUsage } from './use-usage.ts'

/** What the parts of a usage bar know. */
export interface UsageBarState {
  readonly usage: Reading<Usage | null>
  readonly label: string
  /** The usage in words, as people see and hear it. */
  readonly text: string
  /** When usage starts anew, in words. */
  readonly reset: string
}

/** Props of {@link UsageBar} and `UsageBar.Root`. */
export type UsageBarProps = PartProps<UsageBarState> & {
  readonly feature: MeteredName
  /** What people call the feature; the provider's label, or its name in the catalog, unless said otherwise. */
  readonly label?: string
}

/** Props of the parts inside `UsageBar.Root`. */
export type UsageBarPartProps = PartProps<UsageBarState>

const UsageBarContext = /* @__PURE__ */ createPartContext<UsageBarState>()

function Root({ feature, label: given, ...props }: UsageBarProps): React.ReactElement {
  const { format, labelOf, announce } = useBillingContext()
  const messages = useMessages(usageEnglish)
  const label = given ?? labelOf(feature)
  const usage = useUsage(feature)
  const { data } = usage
  const [text, reset] = data?.isIncluded
    ? [messages.usage(data, format), messages.resets(format.date(data.periodEnd))]
    : [messages.notIncluded, '']
  const last = React.useRef(data)
  React.useEffect(() => {
    const before = last.current
    if (before && data && data.total > before.total && data.tone !== before.tone) announce(`${label}: ${text}`)
    last.current = data
  })
  const state = { usage, label, text, reset }
  const own = { ...readingProps(usage), 'data-slot': 'usage-bar', 'data-metric': feature, 'data-tone': data?.tone }
  return <UsageBarContext.Provider value={state}>{part('div', props, own, state)}</UsageBarContext.Provider>
}

const Label: Part<UsageBarState> = /* @__PURE__ */ createPart(UsageBarContext, 'usage-bar-label', 'div', ({ label }) => ({
  children: label,
}))

const Value: Part<UsageBarState> = /* @__PURE__ */ createPart(UsageBarContext, 'usage-bar-value', 'div', ({ usage, text }) => ({
  children: <ReadingText of={usage}>{text}</ReadingText>,
}))

const Track: Part<UsageBarState> = /* @__PURE__ */ createPart(
  UsageBarContext, 'usage-bar-track', 'div', ({ usage: { data }, label, text }) => ({
    children: <Fill />,
    ...(data?.limit && {
      role: 'meter',
      'aria-label': label,
      'aria-valuemax': data.limit,
      'aria-valuenow': Math.min(data.total, data.limit),
      'aria-valuetext': text,
    }),
  }),
)

const Fill: Part<UsageBarState> = /* @__PURE__ */ createPart(UsageBarContext, 'usage-bar-fill', 'div', ({ usage }) => ({
  style: { inlineSize: `${(usage.data?.ratio ?? 0) * 100}%` },
}))

const Reset: Part<UsageBarState> = /* @__PURE__ */ createPart(UsageBarContext, 'usage-bar-reset', 'div', ({ reset }) => ({
  children: reset,
}))

function UsageBarWhole(props: UsageBarProps): React.ReactElement {
  return (
    <Root {...props}>
      <Label />
      <Value />
      <Track />
      <Reset />
    </Root>
  )
}

/** How much of a metered feature is used, as a meter and in words. */
export const UsageBar: typeof UsageBarWhole & {
  readonly Root: typeof Root
  readonly Label: Part<UsageBarState>
  readonly Value: Part<UsageBarState>
  readonly Track: Part<UsageBarState>
  readonly Fill: Part<UsageBarState>
  readonly Reset: Part<UsageBarState>
} = /* @__PURE__ */ Object.assign(UsageBarWhole, { Root, Label, Value, Track, Fill, Reset })
