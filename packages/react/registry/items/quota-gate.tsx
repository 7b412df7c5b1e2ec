'use client'

import { QuotaGate as Gate } from '@farebox/react'
import type { ComponentProps } from 'react'
import { Skeleton } from './skeleton'
import { UpgradePrompt } from './upgrade-prompt'

/** Display only: shows its children while enough of a metered feature is left, and what lifts the limit after that. The server counts. */
export function QuotaGate(props: ComponentProps<typeof Gate>) {
  return <Gate loading={<Skeleton />} fallback={<UpgradePrompt feature={props.feature} />} {...props} />
}
