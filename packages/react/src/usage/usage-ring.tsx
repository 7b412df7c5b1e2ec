import type { Usage } from '@farebox/core/client'
import * as React from 'react'
import type { Part } from '../parts/create-part.tsx'
import { useNumber } from '../messages/use-number.ts'
import { MeterLabel, type MeterProps, MeterReset, type MeterRoot, MeterValue, createMeterRoot, createMeterTrack } from './meter-parts.tsx'
import type { MeterState } from './use-meter.ts'

const Root: MeterRoot = /* @__PURE__ */ createMeterRoot('usage-ring', 'div')

const Track: Part<MeterState> = /* @__PURE__ */ createMeterTrack('usage-ring-track', ({ usage }) => <Ring usage={usage.data} />)

function Ring({ usage }: { readonly usage: Usage | null | undefined }): React.ReactElement {
  const number = useNumber()
  const { limit, total = 0, usedRatio = 0, reservedRatio = 0, overRatio = 0 } = usage ?? {}
  // Rounded down, so that nobody reads 100 % before it is.
  const share = limit ? number(Math.floor((total * 100) / limit) / 100, { style: 'percent' }) : limit === null && '∞'
  const arcs = [['rail', 1, 0], ['fill', usedRatio, 0], ['reserved', reservedRatio, usedRatio], ['over', overRatio, 1 - overRatio]] as const
  return (
    <>
      <svg viewBox="0 0 40 40" fill="none" strokeWidth="4" aria-hidden>
        {arcs.map(([slot, length, from]) => (
          <circle
            key={slot}
            data-slot={`usage-ring-${slot}`}
            cx="20"
            cy="20"
            r="17"
            pathLength="1"
            strokeDasharray={length < 1 ? `${length} 2` : undefined}
            strokeDashoffset={-from}
          />
        ))}
      </svg>
      <span aria-hidden={!limit}>{share}</span>
    </>
  )
}

function UsageRingWhole(props: MeterProps): React.ReactElement {
  return (
    <Root {...props}>
      <Track />
      <MeterLabel />
      <MeterValue />
      <MeterReset />
    </Root>
  )
}

/** How much of a metered feature is used, as a ring with its share inside, and in words beside it. */
export const UsageRing: typeof UsageRingWhole & {
  readonly Root: MeterRoot
  readonly Label: Part<MeterState>
  readonly Value: Part<MeterState>
  readonly Track: Part<MeterState>
  readonly Reset: Part<MeterState>
} = /* @__PURE__ */ Object.assign(UsageRingWhole, { Root, Label: MeterLabel, Value: MeterValue, Track, Reset: MeterReset })
