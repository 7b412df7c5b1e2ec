'use client'

import { AdminCustomerPanel as Part } from '@farebox/react/admin'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

/** For colleagues: finds a customer, says what each balance is made of, grants more, and shows who did what. */
export function AdminCustomerPanel({ className, ...props }: Omit<ComponentProps<typeof Part>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, className)}>
      <Part {...props} className="grid gap-6 [&_form]:flex [&_form]:flex-wrap [&_form]:items-end [&_form]:gap-3 [&_label]:grid [&_label]:gap-1 [&_dl]:grid [&_dl]:gap-2 [&_section]:grid [&_section]:gap-3" />
    </div>
  )
}
