import type { BillingClient, BillingState } from '@farebox/core/client'
import { useBillingContext } from './billing-context.ts'
import { useResource } from './use-resource.ts'

/** The whole snapshot and the client that renews it. Renders again on every change: prefer the narrower hooks for a meter. */
export function useBilling(): BillingState & { readonly client: BillingClient } {
  return { ...useResource((snapshot) => snapshot), client: useBillingContext().client }
}
