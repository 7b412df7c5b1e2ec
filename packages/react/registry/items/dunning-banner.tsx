'use client'

import { DunningBanner as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** A payment that was not made, and the page on which it is. Nothing where all is paid: it belongs to the top of every page. */
export function DunningBanner({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, 'empty:hidden', className)}>
      <Part {...props} className="flex flex-wrap items-center justify-between gap-3 rounded-xl border border-destructive bg-card p-4" />
    </div>
  )
}
