'use client'

import { BillingPeriod as Period } from '@farebox/react'
import type { ComponentProps } from 'react'
import { join } from './classes'

/** The billing period of the subscription, and whether it renews or ends. */
export function BillingPeriod({ className, ...props }: Omit<ComponentProps<typeof Period>, 'className'> & { className?: string }) {
  return <Period {...props} className={join('text-sm text-muted-foreground tabular-nums', className)} />
}
