'use client'

import { CreditBalance as Balance } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** What is left of credits, and what ends first. */
export function CreditBalance({ className, ...props }: Omit<ComponentProps<typeof Balance>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Balance.Root {...props} className="grid gap-3 rounded-xl border bg-card p-4 text-card-foreground">
        <Balance.Title />
        <Balance.List className="grid gap-3">
          {(credits) => (
            <Balance.Item credits={credits}>
              <Balance.Label />
              <Balance.Amount className="text-2xl font-semibold tabular-nums" />
              <Balance.Expiry />
            </Balance.Item>
          )}
        </Balance.List>
      </Balance.Root>
    </div>
  )
}
