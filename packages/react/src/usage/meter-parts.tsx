import * as React from 'react'
import { type Part, type PartContext, createPart, createPartContext, rootPart } from '../parts/create-part.tsx'
import type { PartOptions, PartProps, PartTag } from '../parts/part.tsx'
import { ReadingText, readingProps } from '../parts/reading-part.tsx'
import type { MeteredName } from '../provider/register.ts'
import { type MeterState, useMeter } from './use-meter.ts'

/** Of which feature a meter is. */
export interface MeterSubject {
  /** Its name in the catalog. */
  readonly feature: MeteredName
  /** What people call the feature; the provider's label, or its name in the catalog, unless said otherwise. */
  readonly label?: string
}

/** Props of a meter and of its `Root`. */
export type MeterProps<Tag extends PartTag = 'div'> = PartProps<MeterState, Tag> & MeterSubject

/** Props of the parts inside the `Root` of a meter. */
export type MeterPartProps = PartProps<MeterState>

export const MeterContext: PartContext<MeterState> = /* @__PURE__ */ createPartContext<MeterState>()

/** The attributes of the root of everything that shows usage of one feature. */
export function meterRootProps({ usage }: MeterState, slot: string, feature: MeteredName): object {
  return { ...readingProps(usage), 'data-slot': slot, 'data-feature': feature, 'data-tone': usage.data?.tone }
}

/** The `Root` of a meter. */
export type MeterRoot<Tag extends PartTag = 'div'> = (props: MeterProps<Tag>) => React.ReactElement

/** @see MeterRoot */
export function createMeterRoot<Tag extends PartTag>(slot: string, tag: Tag, makeChildren?: () => React.ReactNode): MeterRoot<Tag> {
  return function Root({ feature, label, ...props }: MeterSubject & PartOptions<MeterState>) {
    const state = useMeter(feature, label)
    return rootPart(MeterContext, tag, props, { ...meterRootProps(state, slot, feature), children: makeChildren?.() }, state)
  }
}

/** A part that is the meter itself; without a limit it is none, and the words beside it say everything. */
export function createMeterTrack(slot: string, children: (state: MeterState) => React.ReactNode): Part<MeterState> {
  return createPart(MeterContext, slot, 'div', (state) => {
    const { usage: { data }, label, text } = state
    return {
      children: children(state),
      ...(data?.limit && {
        role: 'meter',
        'aria-label': label,
        'aria-valuemax': data.limit,
        'aria-valuenow': Math.min(data.total, data.limit),
        'aria-valuetext': text,
      }),
    }
  })
}

export const MeterLabel: Part<MeterState> = /* @__PURE__ */ createPart(MeterContext, 'usage-label', 'div', ({ label }) => ({
  children: label,
}))

export const MeterValue: Part<MeterState> = /* @__PURE__ */ createPart(MeterContext, 'usage-value', 'div', ({ usage, text }) => ({
  children: <ReadingText of={usage}>{text}</ReadingText>,
}))

export const MeterReset: Part<MeterState> = /* @__PURE__ */ createPart(MeterContext, 'usage-reset', 'div', ({ reset }) => ({
  children: reset,
}))
