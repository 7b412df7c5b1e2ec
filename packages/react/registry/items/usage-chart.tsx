'use client'

import { UsageChart as Chart } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

const drawing =
  '**:data-[slot=usage-chart-drawing]:grid **:data-[slot=usage-chart-drawing]:grid-cols-[auto_1fr] **:data-[slot=usage-chart-drawing]:gap-2 ' +
  '**:data-[slot=usage-chart-drawing]:grid-rows-[11rem_1.5rem] **:data-[slot=usage-chart-drawing]:text-xs ' +
  '**:data-[slot=usage-chart-drawing]:text-muted-foreground [&_svg]:overflow-visible [&_svg]:stroke-border [&_svg]:rtl:-scale-x-100'
const axes =
  '**:data-[slot=usage-chart-scale]:flex **:data-[slot=usage-chart-scale]:flex-col-reverse **:data-[slot=usage-chart-scale]:justify-between ' +
  '**:data-[slot=usage-chart-scale]:text-end [&_[data-slot=usage-chart-scale]>*]:h-0 [&_[data-slot=usage-chart-scale]>*]:leading-0 ' +
  '**:data-[slot=usage-chart-axis]:relative **:data-[slot=usage-chart-axis]:col-start-2 [&_[data-slot=usage-chart-axis]>*]:absolute ' +
  '[&_[data-slot=usage-chart-axis]>*]:flex [&_[data-slot=usage-chart-axis]>*]:w-0 [&_[data-slot=usage-chart-axis]>*]:justify-center ' +
  '[&_[data-slot=usage-chart-axis]>*]:whitespace-nowrap'
const bars =
  '[&_rect]:[rx:2px] [&_rect[data-slot=usage-chart-used]]:fill-primary [&_rect[data-slot=usage-chart-used]]:stroke-none ' +
  '[&_rect[data-slot=usage-chart-overage]]:fill-destructive/35 [&_rect[data-slot=usage-chart-overage]]:stroke-destructive'
const legend =
  'flex gap-4 *:before:me-2 *:before:inline-block *:before:size-2.5 *:before:rounded-xs *:before:bg-primary ' +
  '*:data-[slot=usage-chart-overage]:before:bg-destructive/35 *:data-[slot=usage-chart-overage]:before:outline *:data-[slot=usage-chart-overage]:before:outline-destructive'

/** What was used of a metered feature, period by period: drawn, in a table for people who listen, and as raw values to take along. */
export function UsageChart({ className, ...props }: Omit<ComponentProps<typeof Chart>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Chart.Root {...props} className="relative grid gap-3">
        <Chart.Title />
        <Chart.Plot className={join('grid min-h-52', drawing, axes, bars)} />
        <Chart.Table className="focus-visible:not-sr-only! focus-visible:absolute! focus-visible:inset-0 focus-visible:overflow-auto! focus-visible:bg-card" />
        <div data-row="">
          <Chart.Legend className={legend} />
          <Chart.Export />
        </div>
      </Chart.Root>
    </div>
  )
}
