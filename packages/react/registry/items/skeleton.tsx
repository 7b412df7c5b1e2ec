'use client'

import { Skeleton as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** Keeps the room of what is loading, and says that it is. */
export function Skeleton({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Part {...props} />
    </div>
  )
}
