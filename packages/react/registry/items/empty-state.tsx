'use client'

import { EmptyState as State } from '@farebox/react'
import type { ComponentProps } from 'react'
import { join } from './classes'

/** Says that there is nothing yet, in words of your own as children. */
export function EmptyState({ className, ...props }: Omit<ComponentProps<typeof State>, 'className'> & { className?: string }) {
  return <State {...props} className={join('rounded-xl border border-dashed p-4 text-sm text-muted-foreground', className)} />
}
