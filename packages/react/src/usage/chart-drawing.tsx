import type { History } from '@farebox/core/client'
import * as React from 'react'
import type { ChartWords } from './chart-words.ts'

/** Few periods are drawn as if there were so many, for bars as broad as long look wrong. */
const fewest = 6
const mostLabels = 4

/** Scale, bars and axis, for the eye alone: the table beside it tells the same. All lengths are shares of the room there is. */
export function ChartDrawing({ of, words }: { readonly of: History; readonly words: ChartWords }): React.ReactElement {
  const { bars, slots, ticks } = of
  const places = Math.max(slots, fewest)
  const every = Math.ceil(slots / mostLabels)
  const labelled = bars.filter(({ slot }) => slot % every === (every - 1) >> 1)
  return (
    <div data-slot="usage-chart-drawing" aria-hidden>
      <div data-slot="usage-chart-scale">
        {ticks.map((tick) => <span key={tick}>{words.number(tick)}</span>)}
      </div>
      <svg width="100%" height="100%">
        {ticks.map((tick, index) => {
          const y = percent(1 - index / (ticks.length - 1))
          return <line key={tick} x2="100%" y1={y} y2={y} />
        })}
        {bars.map(({ periodStart, slot, used, overage, usedRatio, overageRatio }) => {
          const place = { x: percent((slot + 0.15) / places), width: percent(0.7 / places) }
          return (
            <g key={periodStart}>
              <title>{`${words.date(periodStart)}: ${words.amount(used + overage)}`}</title>
              <rect data-slot="usage-chart-used" {...place} y={percent(1 - usedRatio)} height={percent(usedRatio)} />
              <rect data-slot="usage-chart-overage" {...place} y={percent(1 - usedRatio - overageRatio)} height={percent(overageRatio)} />
            </g>
          )
        })}
      </svg>
      <div data-slot="usage-chart-axis">
        {labelled.map(({ periodStart, slot }) => (
          <span key={periodStart} style={{ insetInlineStart: percent((slot + 0.5) / places) }}>{words.shortDate(periodStart)}</span>
        ))}
      </div>
    </div>
  )
}

function percent(share: number): string {
  return `${share * 100}%`
}
