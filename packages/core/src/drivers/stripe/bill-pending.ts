import * as z from 'zod/mini'
import { isFareboxError } from '../../errors/error.ts'
import type { PaymentStep } from '../../ports/payments.ts'
import type { StripeClient, StripeRequestOptions } from './client.ts'
import { idOf, taxesOf } from './schedule-phases.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import type { StripeSubscription } from './subscription-shape.ts'

/** An invoice of all that is pending, collected and taxed as the subscription's own: https://docs.stripe.com/api/invoices/create */
export function pendingBillOf(subscription: StripeSubscription): PaymentStep['parameters'] {
  const { id, customer, collection_method, days_until_due } = subscription
  return {
    subscription: id,
    ...(customer !== undefined && { customer: idOf(customer) }),
    auto_advance: true,
    ...(collection_method === 'send_invoice' && { collection_method, days_until_due: days_until_due ?? 0 }),
    ...taxesOf(subscription).taxes,
  }
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
