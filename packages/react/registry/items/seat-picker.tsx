'use client'

import { SeatPicker as Picker } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** How many seats to pay for: a number with buttons for one fewer and one more. */
export function SeatPicker({ className, ...props }: Omit<ComponentProps<typeof Picker>, 'className'> & { className?: string }) {
  return (
    <div className={billing}>
      <Picker
        {...props}
        className={join('flex items-center gap-3 [&_input]:w-20 [&_input]:text-center **:data-[slot=seat-controls]:inline-flex **:data-[slot=seat-controls]:gap-1', className)}
      />
    </div>
  )
}
