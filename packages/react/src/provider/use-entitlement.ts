import type { EntitlementView } from '@farebox/core/protocol'
import type { FeatureName } from './register.ts'
import { type Reading, useSnapshot } from './use-snapshot.ts'

/**
 * The customer's right to one feature; `data` is `null` when the plan does not have it. For display only: the server
 * decides on every request, whatever a page shows.
 */
export function useEntitlement(feature: FeatureName): Reading<EntitlementView | null> {
  return useSnapshot(({ entitlements }) => entitlements[feature] ?? null)
}
