'use client'

import { FeatureGate as Gate } from '@farebox/react'
import type { ComponentProps } from 'react'
import { Skeleton } from './skeleton'
import { UpgradePrompt } from './upgrade-prompt'

/** Display only: shows its children to customers who have a feature, and what would give it to all others. Guard the routes behind it on the server. */
export function FeatureGate(props: ComponentProps<typeof Gate>) {
  return <Gate loading={<Skeleton />} fallback={<UpgradePrompt feature={props.feature} />} {...props} />
}
