import * as z from 'zod/mini'
import type { NamingCustomer, Payments } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { customerMetadata, installationMetadata } from '../../catalog/stripe-names.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

/** Stripe's largest page: https://docs.stripe.com/api/pagination */
const largestPage = 100

const listShape = z.object({
  data: z.array(z.object({ id: z.string(), metadata: z.optional(z.nullable(z.record(z.string(), z.string()))) })),
  has_more: z.boolean(),
})

/** A page of the account's customers, newest first: those of this installation that name a customer of the app. */
export async function listCustomers(
  client: StripeClient,
  installation: string | undefined,
  { after, limit }: Parameters<Payments['listCustomers']>[0],
): ReturnType<Payments['listCustomers']> {
  const from = after === null ? {} : { starting_after: after }
  const answer = await callStripe(() => client.customers.list({ limit: Math.min(limit, largestPage), ...from }))
  const { data, has_more } = parseAnswer(listShape, answer)
  const customers = data.flatMap(({ id, metadata }): readonly NamingCustomer[] => {
    const customer = metadata?.[customerMetadata] ?? ''
    return customer === '' || metadata?.[installationMetadata] !== installation ? [] : [{ customer, paymentCustomer: id }]
  })
  return { customers, next: has_more ? (data.at(-1)?.id ?? null) : null }
}
