'use client'

import { CancelFlow as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** Ends the subscription with its period, after a warning of what becomes less. */
export function CancelFlow({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Part {...props} className="grid justify-items-start gap-3" />
    </div>
  )
}
