import * as React from 'react'
import { type Part, createPart } from '../parts/create-part.tsx'
import {
  MeterContext, MeterLabel, type MeterProps, MeterReset, type MeterRoot, MeterValue, createMeterRoot, createMeterTrack,
} from './meter-parts.tsx'
import type { MeterState } from './use-meter.ts'

const Root: MeterRoot = /* @__PURE__ */ createMeterRoot('usage-bar', 'div')

function createSegment(slot: string, share: 'usedRatio' | 'reservedRatio' | 'overRatio'): Part<MeterState> {
  return createPart(MeterContext, slot, 'div', ({ usage }) => ({ style: { inlineSize: `${(usage.data?.[share] ?? 0) * 100}%` } }))
}

const Fill: Part<MeterState> = /* @__PURE__ */ createSegment('usage-bar-fill', 'usedRatio')
const Reserved: Part<MeterState> = /* @__PURE__ */ createSegment('usage-bar-reserved', 'reservedRatio')
const Over: Part<MeterState> = /* @__PURE__ */ createSegment('usage-bar-over', 'overRatio')

const Track: Part<MeterState> = /* @__PURE__ */ createMeterTrack('usage-bar-track', () => (
  <>
    <Fill />
    <Reserved />
    <Over />
  </>
))

function UsageBarWhole(props: MeterProps): React.ReactElement {
  return (
    <Root {...props}>
      <MeterLabel />
      <MeterValue />
      <Track />
      <MeterReset />
    </Root>
  )
}

/**
 * How much of a metered feature is used, as a meter and in words. `Fill` is what is used, `Reserved` what is held for calls
 * that are under way; once the limit is passed it stands where `Over` begins.
 */
export const UsageBar: typeof UsageBarWhole & {
  readonly Root: MeterRoot
  readonly Label: Part<MeterState>
  readonly Value: Part<MeterState>
  readonly Track: Part<MeterState>
  readonly Fill: Part<MeterState>
  readonly Reserved: Part<MeterState>
  readonly Over: Part<MeterState>
  readonly Reset: Part<MeterState>
} = /* @__PURE__ */ Object.assign(UsageBarWhole, {
  Root, Label: MeterLabel, Value: MeterValue, Track, Fill, Reserved, Over, Reset: MeterReset,
})
