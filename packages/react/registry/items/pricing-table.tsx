'use client'

import { PricingTable as Pricing } from '@farebox/react'
import type { ComponentProps } from 'react'
import { billing, join } from './classes'

const cards =
  '**:data-[slot=plan-cards]:mt-6 **:data-[slot=plan-cards]:grid **:data-[slot=plan-cards]:gap-4 ' +
  '**:data-[slot=plan-cards]:grid-cols-[repeat(auto-fit,minmax(min(100%,15rem),1fr))] ' +
  '**:data-[slot=plan-card]:content-start **:data-[slot=plan-card]:p-6 **:data-recommended:border-primary'
const plan =
  '**:data-[slot=plan-name]:text-base **:data-[slot=plan-amount]:text-3xl **:data-[slot=plan-amount]:font-semibold **:data-[slot=plan-amount]:tabular-nums ' +
  '**:data-[slot=plan-note]:min-h-5 **:data-[slot=plan-action]:w-full **:data-[slot=plan-action]:justify-center ' +
  '**:data-[slot=plan-features]:grid **:data-[slot=plan-features]:gap-2 **:data-[slot=plan-features]:border-t **:data-[slot=plan-features]:pt-4'
const choices =
  '**:data-[slot=interval-switch]:inline-flex **:data-[slot=interval-switch]:gap-1 **:data-[slot=seat-controls]:inline-flex **:data-[slot=seat-controls]:gap-1'

/** The plans that are for sale, what each costs and gives, and the way to it. */
export function PricingTable({ className, ...props }: Omit<ComponentProps<typeof Pricing>, 'className'> & { className?: string }) {
  return (
    <div className={join(billing, cards, plan, choices, className)}>
      <Pricing {...props} />
    </div>
  )
}
