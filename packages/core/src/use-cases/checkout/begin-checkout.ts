import type { Context } from '../context.ts'
import { type CheckoutStart, startCheckout } from './start-checkout.ts'
import { type PackCheckoutStart, startPackCheckout } from './start-pack-checkout.ts'

/** A page on which a plan or a pack is paid, whichever is asked for. */
export function beginCheckout(context: Context, request: CheckoutStart | PackCheckoutStart): Promise<{ readonly url: string }> {
  return 'pack' in request ? startPackCheckout(context, request) : startCheckout(context, request)
}
