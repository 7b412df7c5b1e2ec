import { isFareboxError } from '../../errors/error.ts'
import type { Payments } from '../../ports/payments.ts'
import { linkPaymentCustomer } from '../checkout/ensure-payment-customer.ts'
import type { Context } from '../context.ts'
import { isId } from '../customers/check-id.ts'
import { findCustomerByPayment } from '../customers/find-customer.ts'
import { paymentsOf } from '../payments/payments-of.ts'

/** Whose event it is: the customer that is linked, or the one that Stripe's customer names; `null` for a stranger's. */
export async function findOwner(context: Context, paymentCustomer: string): Promise<string | null> {
  const known = await findCustomerByPayment(context, paymentCustomer)
  if (known !== undefined) return known
  const named = await namedCustomer(paymentsOf(context), paymentCustomer)
  if (named === null || !isId(named)) return null
  const linked = await linkPaymentCustomer(context, named, paymentCustomer)
  if (linked === paymentCustomer) return named
  context.logger.warn('Two customers in Stripe name the same one; the first counts', {
    linked,
    ignored: paymentCustomer,
  })
  return null
}

async function namedCustomer(payments: Payments, paymentCustomer: string): Promise<string | null> {
  try {
    return (await payments.readCustomer(paymentCustomer)).customer
  } catch (error) {
    if (isFareboxError(error) && error.reason === 'resource_missing') return null
    throw error
  }
}
