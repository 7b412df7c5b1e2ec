import type { BillingClient } from '@farebox/core/client'
import type { Snapshot } from '@farebox/core/protocol'
import { useBillingContext } from './billing-context.ts'
import { type Reading, useSnapshot } from './use-snapshot.ts'

/** The whole snapshot and the client that renews it. Renders again on every change: prefer the narrower hooks for a meter. */
export function useBilling(): Reading<Snapshot> & { readonly client: BillingClient } {
  return { ...useSnapshot((snapshot) => snapshot), client: useBillingContext().client }
}
