'use client'

import { InvoiceList as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** Invoices, newest first, with Stripe's page and the document of each. */
export function InvoiceList({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Part {...props} className="grid gap-3 rounded-xl border bg-card p-4 text-card-foreground" />
    </div>
  )
}
