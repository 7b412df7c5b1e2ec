'use client'

import { SeatList as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** How many seats of each feature are held. */
export function SeatList({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Part {...props} className="grid gap-3 rounded-xl border bg-card p-4 text-card-foreground [&_dl]:grid [&_dl]:gap-2 [&_[data-tone=over]]:text-destructive" />
    </div>
  )
}
