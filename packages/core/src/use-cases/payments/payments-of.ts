import { FareboxError } from '../../errors/error.ts'
import type { Payments } from '../../ports/payments.ts'
import type { Context } from '../context.ts'

/** The payment service. @throws FareboxError `not-found` where the app has none. */
export function paymentsOf(context: Context): Payments {
  if (context.payments !== null) return context.payments
  throw new FareboxError('not-found', 'This app has no payments configured: give `payments` to createFarebox')
}
