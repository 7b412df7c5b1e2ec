import { day, hour } from '../../domain/instant.ts'
import type { Context } from '../context.ts'
import { convergencesOf } from '../converging/coalesce-convergence.ts'
import { type CustomerDetails, withDetails } from '../customers/customer-details.ts'
import { ensureCustomer } from '../customers/ensure-customer.ts'
import { retryConflicts } from '../customers/retry-conflicts.ts'
import { paymentsOf } from '../payments/payments-of.ts'

/** Stripe forgets an idempotency key after a day, and what it answered under it. */
const keyLife = day

/** How far its clock may be from ours. */
const skew = hour

/**
 * Stripe's id of a customer, made on first need. There is never more than one: our row is there first, Stripe's idempotency
 * key is the customer's id, and the first link that is stored stays until Stripe's customer is deleted. Never found or
 * linked by e-mail.
 *
 * @throws FareboxError `payments-failed`, `unavailable`, `not-found` without payments.
 */
export async function ensurePaymentCustomer(context: Context, customer: string, details: CustomerDetails = {}): Promise<string> {
  const { row, now } = await ensureCustomer(context, customer, withDetails(details))
  if (row.value.paymentCustomer !== null) return row.value.paymentCustomer
  const { email, name, createdAt } = row.value
  const since = Math.max(createdAt, now - keyLife) - skew
  return convergencesOf(context).share(`payment-customer:${customer}`, async () => {
    const { paymentCustomer } = await paymentsOf(context).createCustomer({ customer, email, name, since })
    return linkPaymentCustomer(context, customer, paymentCustomer)
  })
}

/** Stores which of Stripe's customers this is, unless that is known already; answers what is stored. */
export async function linkPaymentCustomer(context: Context, customer: string, paymentCustomer: string): Promise<string> {
  return retryConflicts(async () => {
    const { row } = await ensureCustomer(context, customer)
    if (row.value.paymentCustomer !== null) return row.value.paymentCustomer
    const outcome = await context.records.commit(customer, [
      { collection: 'customers', id: customer, expect: row.revision, value: { ...row.value, paymentCustomer } },
    ])
    return outcome.kind === 'committed' ? paymentCustomer : undefined
  })
}
