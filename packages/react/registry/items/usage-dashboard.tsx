'use client'

import { UsageDashboard as Dashboard } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'
import { UsageBar } from './usage-bar'

/** All meters in a grid, as wide as there is room. */
export function UsageDashboard({ className, ...props }: Omit<ComponentProps<typeof Dashboard.Root>, 'className' | 'children'> & { className?: string }) {
  return (
    <Dashboard.Root {...props} className={join(billing, className)}>
      <Dashboard.List className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-4">
        {(feature) => (
          <Dashboard.Item feature={feature}>
            <UsageBar feature={feature} className="grid! grid-rows-[auto_1fr] place-content-stretch!" />
          </Dashboard.Item>
        )}
      </Dashboard.List>
    </Dashboard.Root>
  )
}
