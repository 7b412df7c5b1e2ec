'use client'

import { CreditLedger as Ledger } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** Every credit that counts now, in the order in which they are drawn. */
export function CreditLedger({ className, ...props }: Omit<ComponentProps<typeof Ledger>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Ledger.Root {...props} className="overflow-x-auto rounded-xl border bg-card p-4 text-card-foreground">
        <Ledger.Table>
          <Ledger.Title />
          <Ledger.Head />
          <Ledger.Rows>{(grant) => <Ledger.Row grant={grant} />}</Ledger.Rows>
        </Ledger.Table>
      </Ledger.Root>
    </div>
  )
}
