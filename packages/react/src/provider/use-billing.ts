import type { BillingClient } from '@farebox/core/client'
import type { Snapshot } from '@farebox/core/protocol'
import { useBillingContext } from './billing-context.ts'
import type { PlanName } from './register.ts'
import { type Reading, useSnapshot } from './use-snapshot.ts'

/** The whole snapshot and the client that renews it. Renders again on every change: prefer the narrower hooks for a meter. */
// oxlint-disable-next-line typescript/no-unnecessary-type-arguments -- it is another one where a catalog is registered
export function useBilling(): Reading<Snapshot> & { readonly client: BillingClient<PlanName> } {
  return { ...useSnapshot((snapshot) => snapshot), client: useBillingContext().client }
}
