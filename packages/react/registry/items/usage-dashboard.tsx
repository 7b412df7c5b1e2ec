'use client'

import { UsageDashboard as Dashboard } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'
import { UsageBar } from './usage-bar'

/** All meters in a grid, as wide as there is room. */
export function UsageDashboard({ className, ...props }: Omit<ComponentProps<typeof Dashboard>, 'className' | 'children'> & { className?: string }) {
  return (
    <Dashboard {...props} className={join(billing, '[&>ul]:grid [&>ul]:grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] [&>ul]:gap-4', className)}>
      {(feature) => <UsageBar feature={feature} />}
    </Dashboard>
  )
}
