import type { CheckoutRequest, Destination } from '@farebox/core/client'
import { useBillingContext } from '../provider/billing-context.ts'
import type { PlanName } from '../provider/register.ts'
import { type Action, useAction } from '../provider/use-action.ts'

/** What to buy, of the registered catalog. Return URLs must be of an origin that the server allows. */
export type Purchase = CheckoutRequest & { readonly plan: PlanName }

/** Starts a checkout and goes to its page. A customer who subscribes already is refused: there a plan is changed. */
export function useCheckout(): Action<[purchase: Purchase], Destination> {
  return useAction(useBillingContext().client.checkout)
}
