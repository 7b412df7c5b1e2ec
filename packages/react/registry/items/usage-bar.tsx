'use client'

import { UsageBar as Bar } from '@farebox/react'
import type { ComponentProps } from 'react'
import { join } from './classes'

const track = 'flex h-2 basis-full overflow-hidden rounded-full bg-muted group-data-[tone=unlimited]/usage:invisible'
const fill =
  'bg-primary transition-[width] motion-reduce:transition-none forced-colors:bg-[Highlight] group-data-[tone=warn]/usage:bg-amber-600 ' +
  'group-data-[tone=critical]/usage:bg-destructive group-data-[tone=over]/usage:bg-destructive'

/** How much of a metered feature is used, as a meter and in words. */
export function UsageBar({ className, ...props }: Omit<ComponentProps<typeof Bar>, 'className'> & { className?: string }) {
  return (
    <Bar.Root {...props} className={join('group/usage flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1.5 text-sm text-foreground', className)}>
      <Bar.Label className="font-medium" />
      <Bar.Value className="tabular-nums group-data-[tone=critical]/usage:text-destructive group-data-[tone=over]/usage:text-destructive" />
      <Bar.Track className={track}>
        <Bar.Fill className={fill} />
        <Bar.Reserved className={join(fill, 'opacity-60')} />
        <Bar.Over className={join(fill, 'border-background opacity-80 group-data-[tone=over]/usage:border-s-2')} />
      </Bar.Track>
      <Bar.Reset className="min-h-5 basis-full text-muted-foreground" />
    </Bar.Root>
  )
}
