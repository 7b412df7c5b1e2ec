'use client'

import { CheckoutButton as Button } from '@farebox/react'
import type { ComponentProps } from 'react'
import { join } from './classes'

const button =
  'inline-flex min-h-9 cursor-pointer items-center rounded-md px-3.5 font-medium focus-visible:outline-2 focus-visible:outline-ring ' +
  'aria-disabled:opacity-60 bg-primary text-primary-foreground'

/** Starts the checkout of a plan. What failed stands behind it. */
export function CheckoutButton({ className, ...props }: Omit<ComponentProps<typeof Button>, 'className'> & { className?: string }) {
  return (
    <div className="text-sm *:data-[slot=action-note]:ms-3 *:data-[slot=action-note]:text-destructive">
      <Button {...props} className={join(button, className)} />
    </div>
  )
}
