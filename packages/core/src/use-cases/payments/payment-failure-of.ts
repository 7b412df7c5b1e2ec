import { isFareboxError } from '../../errors/error.ts'
import type { PaymentFailure } from '../../ports/payments.ts'

/** What the payment service said of a failure besides its code; nothing of what is no failure of its. */
export function paymentFailureOf(error: unknown): Partial<PaymentFailure> {
  return Object(isFareboxError(error) ? error.cause : undefined)
}
