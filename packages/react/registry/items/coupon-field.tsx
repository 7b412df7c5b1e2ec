'use client'

import { CouponField as Part } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** A promotion code, as people know it. Whether it counts is for the server to say. */
export function CouponField({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Part {...props} className="flex flex-wrap items-center gap-2 **:data-[slot=action-note]:basis-full" />
    </div>
  )
}
