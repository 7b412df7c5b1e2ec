'use client'

import { UpgradePrompt as Prompt } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

const button = 'inline-flex min-h-9 items-center rounded-md px-3.5 font-medium focus-visible:outline-2 focus-visible:outline-ring'

/** What lifts the limit, and the button that starts it. */
export function UpgradePrompt({ className, ...props }: Omit<ComponentProps<typeof Prompt>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, 'empty:hidden')}>
      <Prompt.Root {...props} className={join('grid gap-2 rounded-xl border bg-card p-4 text-card-foreground', className)}>
        <Prompt.Title className="font-semibold" />
        <Prompt.Text className="text-muted-foreground" />
        <div className="flex flex-wrap gap-2">
          <Prompt.Action className={join(button, 'bg-primary text-primary-foreground aria-disabled:opacity-60')} />
          {props.form !== undefined && props.form !== 'inline' && <Prompt.Dismiss className={join(button, 'border')} />}
        </div>
        <Prompt.Note className="text-muted-foreground empty:hidden" />
      </Prompt.Root>
    </div>
  )
}
