import * as z from 'zod/mini'
import type { PaymentMethod } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { readPages } from './read-pages.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

const reference = z.nullish(z.union([z.string(), z.object({ id: z.string() })]))

const customerShape = z.object({ invoice_settings: z.nullish(z.object({ default_payment_method: reference })) })
const subscriptionShape = z.object({ default_payment_method: reference })

/** What each kind tells of itself stands under its own name: https://docs.stripe.com/api/payment_methods/object */
const methodShape = z.looseObject({ id: z.string(), type: z.string() })

const detailsShape = z.object({
  brand: z.nullish(z.string()),
  bank_name: z.nullish(z.string()),
  last4: z.nullish(z.string()),
  exp_month: z.nullish(z.int()),
  exp_year: z.nullish(z.int()),
})

/** All payment methods of a customer, and which of them pays. */
export async function listPaymentMethods(
  client: StripeClient,
  { paymentCustomer, subscription }: { readonly paymentCustomer: string; readonly subscription: string | null },
): Promise<readonly PaymentMethod[]> {
  const methods = await readPages(methodShape, (cursor) => client.customers.listPaymentMethods(paymentCustomer, { limit: 100, ...cursor }))
  if (methods.length === 0) return []
  const payer = await readPayer(client, paymentCustomer, subscription)
  return methods.map((method) => toPaymentMethod(method, payer))
}

/** Checkout gives the subscription its own; without one the customer's pays. */
async function readPayer(client: StripeClient, customer: string, subscription: string | null): Promise<string | null> {
  if (subscription !== null) {
    const found = parseAnswer(subscriptionShape, await callStripe(() => client.subscriptions.retrieve(subscription)))
    if (found.default_payment_method != null) return idOf(found.default_payment_method)
  }
  const found = parseAnswer(customerShape, await callStripe(() => client.customers.retrieve(customer)))
  return idOf(found.invoice_settings?.default_payment_method)
}

function toPaymentMethod(method: z.output<typeof methodShape>, payer: string | null): PaymentMethod {
  const { id, type } = method
  // A kind that is not known yet may say anything of itself: then its name alone is told.
  const { brand, bank_name, last4, exp_month, exp_year } = detailsShape.safeParse(method[type]).data ?? {}
  return {
    id,
    kind: type,
    brand: brand ?? bank_name ?? null,
    last4: last4 ?? null,
    expires: exp_month == null || exp_year == null ? null : { month: exp_month, year: exp_year },
    isDefault: id === payer,
  }
}

function idOf(given: z.output<typeof reference>): string | null {
  return typeof given === 'object' ? (given?.id ?? null) : (given ?? null)
}
