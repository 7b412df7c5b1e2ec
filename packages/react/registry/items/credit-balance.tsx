'use client'

import { CreditBalance as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** What is left of credits, and what ends first. */
export function CreditBalance({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Part {...props} className="grid gap-3 rounded-xl border bg-card p-4 text-card-foreground" />
    </div>
  )
}
