'use client'

import { PlanBadge as Badge } from '@farebox/react'
import type { ComponentProps } from 'react'
import { join } from './classes'

/** The customer's plan, and its status where that needs saying. */
export function PlanBadge({ className, ...props }: Omit<ComponentProps<typeof Badge>, 'className'> & { className?: string }) {
  return <Badge {...props} className={join('inline-block w-fit rounded-full border bg-card px-2.5 text-xs font-medium text-card-foreground', className)} />
}
