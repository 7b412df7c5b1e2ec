'use client'

import { QuotaIndicator as Indicator } from '@farebox/react'
import type { ComponentProps } from 'react'
import { join } from './classes'

const tones = 'data-[tone=warn]:text-amber-700 dark:data-[tone=warn]:text-amber-400 data-[tone=critical]:text-destructive data-[tone=over]:text-destructive'

/** How much of a metered feature is left, in two words within a line. */
export function QuotaIndicator({ className, ...props }: Omit<ComponentProps<typeof Indicator>, 'className'> & { className?: string }) {
  return (
    <Indicator
      {...props}
      className={join('inline-block w-fit rounded-full border px-2.5 text-xs font-medium tabular-nums **:data-hidden:sr-only', tones, className)}
    />
  )
}
