import type { Resource, Usage } from '@farebox/core/client'
import * as React from 'react'
import { useBillingContext, useRequired } from './billing-context.ts'
import { type PartProps, part } from './part.tsx'
import type { MeteredName } from './register.ts'
import { ResourceText, resourcePart } from './resource-part.tsx'
import { useUsage } from './use-usage.ts'

/** What the parts of a usage bar know. */
export interface UsageBarState {
  readonly usage: Resource<Usage | null>
  readonly label: string
  /** The usage in words, as people see and hear it. */
  readonly text: string
  /** When usage starts anew, in words. */
  readonly reset: string
}

/** Props of {@link UsageBar} and `UsageBar.Root`. */
export type UsageBarProps = PartProps<UsageBarState> & {
  readonly feature: MeteredName
  /** What people call the feature; its name in the catalog unless said otherwise. */
  readonly label?: string
}

/** Props of the parts inside `UsageBar.Root`. */
export type UsageBarPartProps = PartProps<UsageBarState>

const UsageBarContext = React.createContext<UsageBarState | undefined>(undefined)

function Root({ feature, label = feature, ...props }: UsageBarProps): React.ReactElement {
  const { messages, format, announce } = useBillingContext()
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
  const own = { 'data-slot': 'usage-bar', 'data-metric': feature, 'data-tone': data?.tone }
  const root = resourcePart('div', props, own, usage, state)
  return <UsageBarContext.Provider value={state}>{root}</UsageBarContext.Provider>
}

function createPart(slot: string, ownProps: (state: UsageBarState) => object): Part {
  return function UsageBarPart(props) {
    const state = useRequired(UsageBarContext)
    return part('div', props, { 'data-slot': `usage-bar-${slot}`, ...ownProps(state) }, state)
  }
}

type Part = (props: UsageBarPartProps) => React.ReactElement

const Label: Part = /* @__PURE__ */ createPart('label', ({ label }) => ({ children: label }))

const Value: Part = /* @__PURE__ */ createPart('value', ({ usage, text }) => ({
  children: <ResourceText of={usage}>{text}</ResourceText>,
}))

const Track: Part = /* @__PURE__ */ createPart('track', ({ usage: { data }, label, text }) => ({
  children: <Fill />,
  ...(data?.limit && {
    role: 'meter',
    'aria-label': label,
    'aria-valuemax': data.limit,
    'aria-valuenow': Math.min(data.total, data.limit),
    'aria-valuetext': text,
  }),
}))

const Fill: Part = /* @__PURE__ */ createPart('fill', ({ usage }) => ({
  style: { inlineSize: `${(usage.data?.ratio ?? 0) * 100}%` },
}))

const Reset: Part = /* @__PURE__ */ createPart('reset', ({ reset }) => ({ children: reset }))

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
  readonly Label: Part
  readonly Value: Part
  readonly Track: Part
  readonly Fill: Part
  readonly Reset: Part
} = /* @__PURE__ */ Object.assign(UsageBarWhole, { Root, Label, Value, Track, Fill, Reset })
