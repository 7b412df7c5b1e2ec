'use client'

import { PlanGate as Gate } from '@farebox/react'
import type { ComponentProps } from 'react'
import { Skeleton } from './skeleton'

/** Display only: shows its children to customers of a plan. Guard the routes behind it on the server. */
export function PlanGate(props: ComponentProps<typeof Gate>) {
  return <Gate loading={<Skeleton />} {...props} />
}
