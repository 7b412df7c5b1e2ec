import { isLive } from '../../domain/is-live.ts'
import type { PaymentMethodsView } from '../../protocol/payment-methods.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { paymentsOf } from '../payments/payments-of.ts'

/**
 * How the customer can pay, as Stripe has it; the default is what the next invoice is paid with. Who never met Stripe has none,
 * and Stripe is not asked.
 *
 * @throws FareboxError `payments-failed`, `unavailable`, `not-found` without payments.
 */
export async function getPaymentMethods(context: Context, request: { readonly customer: string }): Promise<PaymentMethodsView> {
  const payments = paymentsOf(context)
  const { row, records } = await loadCustomer(context, checkId(request.customer, 'customer'))
  const paymentCustomer = row?.value.paymentCustomer ?? null
  if (paymentCustomer === null) return { paymentMethods: [] }
  const subscription = records.subscriptions.find(isLive)?.id ?? null
  return { paymentMethods: await payments.listPaymentMethods({ paymentCustomer, subscription }) }
}
