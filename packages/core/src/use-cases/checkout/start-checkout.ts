import type { Context } from '../context.ts'
import { type PackCheckoutRequest, startPackCheckout } from './start-pack-checkout.ts'
import { type PlanCheckoutRequest, startPlanCheckout } from './start-plan-checkout.ts'

/** A page on which a plan or a pack is paid, whichever is asked for. */
export function startCheckout(context: Context, request: PlanCheckoutRequest | PackCheckoutRequest): Promise<{ readonly url: string }> {
  return 'pack' in request ? startPackCheckout(context, request) : startPlanCheckout(context, request)
}
