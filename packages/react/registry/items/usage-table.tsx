'use client'

import { UsageTable as Table } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

const row = 'data-[tone=critical]:*:last:text-destructive data-[tone=over]:*:last:text-destructive'

/** Every metered feature in a table. */
export function UsageTable({ className, ...props }: Omit<ComponentProps<typeof Table>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Table.Root {...props} className="overflow-x-auto rounded-xl border bg-card p-4 text-card-foreground">
        <Table.Table>
          <Table.Title />
          <Table.Head />
          <Table.Rows>{(feature) => <Table.Row feature={feature} className={row} />}</Table.Rows>
        </Table.Table>
      </Table.Root>
    </div>
  )
}
