'use client'

import { UpcomingBill as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** What the next invoice comes to, when it is made, and its lines. */
export function UpcomingBill({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Part {...props} className="grid gap-3 rounded-xl border bg-card p-4 text-card-foreground [&_dl]:grid [&_dl]:gap-1 **:data-[slot=upcoming-amount]:text-2xl **:data-[slot=upcoming-amount]:font-semibold" />
    </div>
  )
}
