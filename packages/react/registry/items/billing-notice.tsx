'use client'

import { BillingNotice as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** What the customer should know, and what to do about it. Nothing where there is nothing to know. */
export function BillingNotice({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, 'empty:hidden', className)}>
      <Part {...props} className="flex flex-wrap items-center justify-between gap-3 rounded-xl border bg-card p-4 data-[tone=critical]:border-destructive" />
    </div>
  )
}
