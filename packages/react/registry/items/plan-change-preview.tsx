'use client'

import { PlanChangePreview as Preview } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** What a change of the plan would cost, line by line, and the buttons that make it or leave everything as it is. */
export function PlanChangePreview({ className, ...props }: Omit<ComponentProps<typeof Preview>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, '[&_dl]:grid [&_dl]:gap-2', className)}>
      <Preview {...props} className="grid gap-4 rounded-xl border bg-card p-6 text-card-foreground" />
    </div>
  )
}
