'use client'

import { UsageRing as Ring } from '@farebox/react'
import type { ComponentProps } from 'react'
import { join } from './classes'

const track =
  'row-span-3 grid place-items-center font-semibold tabular-nums *:[grid-area:1/1] [&>svg]:size-18 [&>svg]:-rotate-90 [&>svg]:text-primary ' +
  'group-data-[tone=warn]/usage:[&>svg]:text-amber-600 group-data-[tone=critical]/usage:[&>svg]:text-destructive ' +
  'group-data-[tone=over]/usage:[&>svg]:text-destructive forced-colors:[&>svg]:text-[Highlight]'
const arcs =
  '[&_circle]:stroke-current [&_circle]:transition-[stroke-dasharray] motion-reduce:[&_circle]:transition-none ' +
  '**:data-[slot=usage-ring-rail]:stroke-muted **:data-[slot=usage-ring-reserved]:opacity-50 **:data-[slot=usage-ring-over]:opacity-50'

/** How much of a metered feature is used, as a ring with its share inside, and in words beside it. */
export function UsageRing({ className, ...props }: Omit<ComponentProps<typeof Ring>, 'className'> & { className?: string }) {
  return (
    <Ring.Root {...props} className={join('group/usage grid grid-cols-[auto_1fr] content-center gap-x-4 text-sm text-foreground', className)}>
      <Ring.Track className={join(track, arcs)} />
      <Ring.Label className="font-medium" />
      <Ring.Value className="tabular-nums group-data-[tone=critical]/usage:text-destructive group-data-[tone=over]/usage:text-destructive" />
      <Ring.Reset className="min-h-5 text-muted-foreground" />
    </Ring.Root>
  )
}
