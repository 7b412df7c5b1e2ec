import * as z from 'zod/mini'
import { isFareboxError } from '../../errors/error.ts'
import type { PaymentStep } from '../../ports/payments.ts'
import type { StripeClient, StripeRequestOptions } from './client.ts'
import { findPending } from './find-upcoming.ts'
import { idOf, taxesOf } from './schedule-phases.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import type { StripeSubscription } from './subscription-shape.ts'

/**
 * The invoices of all that is pending, collected and taxed as the subscription's own: one of what is the subscription's, and one of
 * what is the customer's, for Stripe puts the two on one invoice in a renewal alone: https://docs.stripe.com/api/invoices/create
 */
export async function pendingBills(client: StripeClient, subscription: StripeSubscription): Promise<readonly PaymentStep['parameters'][]> {
  const { id, customer, collection_method, days_until_due, default_payment_method: method } = subscription
  const { own, customers } = await findPending(client, id)
  const shared = {
    ...(customer !== undefined && { customer: idOf(customer) }),
    auto_advance: true,
    ...(collection_method === 'send_invoice' && { collection_method, days_until_due: days_until_due ?? 0 }),
    ...taxesOf(subscription).taxes,
  }
  return [
    ...(own ? [{ subscription: id, ...shared }] : []),
    // It would be charged to what the customer has by default, and checkout keeps the card with the subscription.
    ...(customers ? [{ pending_invoice_items_behavior: 'include', ...shared, ...(typeof method === 'string' && { default_payment_method: method }) }] : []),
  ]
}

/** Whether nothing is left to bill of what such an invoice is of. */
export async function isBilled(client: StripeClient, subscription: string, parameters: PaymentStep['parameters']): Promise<boolean> {
  const { own, customers } = await findPending(client, subscription)
  return !('subscription' in parameters ? own : customers)
}

/** Makes the invoice final, so that Stripe collects it: a draft is let go where the subscription ends. */
export async function billPending(client: StripeClient, parameters: PaymentStep['parameters'], { idempotencyKey }: StripeRequestOptions): Promise<void> {
  try {
    const made = await callStripe(() => client.invoices.create(parameters, { idempotencyKey }))
    const { id } = parseAnswer(z.object({ id: z.string() }), made)
    await client.invoices.finalizeInvoice(id, { auto_advance: true }, { idempotencyKey: `${idempotencyKey}:final` })
  } catch (error) {
    if (!isFareboxError(error) || error.reason !== nothingPending) throw error
  }
}

/** https://docs.stripe.com/error-codes#invoice-no-subscription-line-items */
const nothingPending = 'invoice_no_subscription_line_items'
