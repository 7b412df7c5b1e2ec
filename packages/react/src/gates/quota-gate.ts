import type { Usage } from '@farebox/core/client'
import type * as React from 'react'
import type { MeteredName } from '../provider/register.ts'
import { useUsage } from '../usage/use-usage.ts'
import { type GateProps, gate } from './gate.ts'

/** Props of {@link QuotaGate}. */
export type QuotaGateProps = GateProps<Usage> & {
  /** The metered feature of which something has to be left. */
  readonly feature: MeteredName
  /** How much has to be left, in the feature's smallest unit; 1 unless said otherwise. */
  readonly amount?: number
}

/**
 * Display only: shows its children while enough of a metered feature is left, as far as the page knows. It protects nothing:
 * the server counts, and may refuse what this shows.
 */
export function QuotaGate({ feature, amount = 1, ...props }: QuotaGateProps): React.ReactNode {
  const reading = useUsage(feature)
  const { data } = reading
  const isEnough = data && (data.remaining === null || data.remaining >= amount)
  return gate(reading.status === 'success' && !isEnough ? { ...reading, data: null } : reading, props)
}
