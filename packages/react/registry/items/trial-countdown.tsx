'use client'

import { TrialCountdown as Countdown } from '@farebox/react'
import type { ComponentProps } from 'react'
import { join } from './classes'

/** How many days a trial still runs. Nothing without a trial. */
export function TrialCountdown({ className, ...props }: Omit<ComponentProps<typeof Countdown>, 'className'> & { className?: string }) {
  return <Countdown {...props} className={join('inline-block w-fit rounded-full border bg-card px-2.5 text-xs font-medium text-card-foreground', className)} />
}
