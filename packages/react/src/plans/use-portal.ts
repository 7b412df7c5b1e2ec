import type { Destination, PortalRequest } from '@farebox/core/client'
import { useBillingContext } from '../provider/billing-context.ts'
import { type Action, useAction } from '../provider/use-action.ts'

/** Opens the portal of the payment service and goes to it. */
export function usePortal(): Action<[request?: PortalRequest], Destination> {
  return useAction(useBillingContext().client.portal)
}
