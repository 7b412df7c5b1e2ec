import type { Resource } from '@farebox/core/client'
import type { EntitlementView } from '@farebox/core/protocol'
import type { FeatureName } from './register.ts'
import { useResource } from './use-resource.ts'

/**
 * The customer's right to one feature; `data` is `null` when the plan does not have it. For display only: the server
 * decides on every request, whatever a page shows.
 */
export function useEntitlement(feature: FeatureName): Resource<EntitlementView | null> {
  return useResource(({ entitlements }) => entitlements[feature] ?? null)
}
