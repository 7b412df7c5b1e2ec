import { checkReturnUrl } from '../checkout/check-purchase.ts'
import { ensurePaymentCustomer } from '../checkout/ensure-payment-customer.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { paymentsOf } from '../payments/payments-of.ts'

/** Whose portal, and where it leads back to. */
export interface PortalRequest {
  readonly customer: string
  /** Absolute, http or https. */
  readonly returnUrl: string
}

/**
 * A page on which the customer switches, cancels and pays. It is made for one visit; do not keep the address.
 *
 * @throws FareboxError `invalid-request`, `payments-failed`, `unavailable`, `not-found` without payments.
 */
export async function openPortal(context: Context, request: PortalRequest): Promise<{ readonly url: string }> {
  const payments = paymentsOf(context)
  const customer = checkId(request.customer, 'customer')
  checkReturnUrl(request.returnUrl, 'returnUrl')
  const paymentCustomer = await ensurePaymentCustomer(context, customer)
  return payments.createPortal({ paymentCustomer, returnUrl: request.returnUrl })
}
