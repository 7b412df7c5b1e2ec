import { deriveAccess } from '@farebox/core/client'
import type { TermsView } from '@farebox/core/protocol'
import type * as React from 'react'
import type { FeatureName } from '../provider/register.ts'
import { useSnapshot } from '../provider/use-snapshot.ts'
import { type GateProps, gate } from './gate.ts'

/** What a feature gate knows: what the plan says of the feature, `null` where a grant alone gives it. */
export interface FeatureGateData {
  readonly terms: TermsView | null
}

/** Props of {@link FeatureGate}. */
export type FeatureGateProps = GateProps<FeatureGateData> & {
  /** The feature that opens it. */
  readonly feature: FeatureName
}

/**
 * Display only: shows its children to customers who have a feature, also when nothing of it is left. It protects nothing, for
 * whoever has the page has its code: guard the routes behind it with `requireFeature` on the server.
 */
export function FeatureGate({ feature, ...props }: FeatureGateProps): React.ReactNode {
  const reading = useSnapshot((snapshot): FeatureGateData | null =>
    deriveAccess(snapshot, feature) ? { terms: snapshot.entitlements[feature]?.terms ?? null } : null,
  )
  return gate(reading, props)
}
