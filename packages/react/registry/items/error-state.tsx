'use client'

import { ErrorState as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** Says that something could not be loaded, and offers to try again. */
export function ErrorState({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Part {...props} className="text-muted-foreground" />
    </div>
  )
}
