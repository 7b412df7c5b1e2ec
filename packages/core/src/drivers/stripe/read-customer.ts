import * as z from 'zod/mini'
import type { Subscription } from '../../domain/subscription.ts'
import { FareboxError } from '../../errors/error.ts'
import type { PaymentReading } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { customerMetadata, installationMetadata } from './names.ts'
import { type NextPhase, type ReadSubscription, isOverdue, projectSubscription } from './project-subscription.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import {
  type StripePrice, type StripeSubscription, type StripeSubscriptionItem, itemShape, priceShape, subscriptionShape,
} from './subscription-shape.ts'

/** Stripe's largest page: https://docs.stripe.com/api/pagination */
const page = 100

/** A list that does not end is a fault, not more data: 1,000 pages are 100,000 objects of one customer. */
const mostPages = 1000

const customerShape = z.object({
  id: z.string(),
  deleted: z.optional(z.boolean()),
  metadata: z.optional(z.record(z.string(), z.string())),
})

const idShape = z.object({ id: z.string() })
const invoiceShape = z.object({ id: z.string(), created: z.int() })

/** Reads a customer and all subscriptions, ended ones included, page by page. */
export async function readCustomer(
  client: StripeClient,
  installation: string | undefined,
  paymentCustomer: string,
): Promise<PaymentReading> {
  const found = parseAnswer(customerShape, await callStripe(() => client.customers.retrieve(paymentCustomer)))
  if (found.deleted === true) {
    // What a deleted customer had has ended; where Stripe no longer lists it, there is nothing more to know.
    const subscriptions = await readSubscriptions(client, installation, paymentCustomer).catch(noneIfRefused)
    return { customer: null, deleted: true, subscriptions }
  }
  const customer = found.metadata?.[customerMetadata]
  if (customer === undefined || customer === '' || found.metadata?.[installationMetadata] !== installation) {
    return { customer: null, deleted: false, subscriptions: [] }
  }
  return { customer, deleted: false, subscriptions: await readSubscriptions(client, installation, paymentCustomer) }
}

async function readSubscriptions(
  client: StripeClient,
  installation: string | undefined,
  paymentCustomer: string,
): Promise<readonly Subscription[]> {
  const subscriptions = await readPages(subscriptionShape, (cursor) =>
    client.subscriptions.list({
      customer: paymentCustomer,
      status: 'all',
      limit: page,
      expand: ['data.latest_invoice', 'data.schedule'],
      ...cursor,
    }),
  )
  const reads: ReadSubscription[] = []
  for (const subscription of subscriptions) {
    reads.push({
      subscription,
      items: await readItems(client, subscription),
      overdueSince: isOverdue(subscription.status) ? await readOverdue(client, subscription.id) : null,
      nextPhase: await readNextPhase(client, subscription),
    })
  }
  return reads.map((read) => projectSubscription(read, installation))
}

function noneIfRefused(error: unknown): readonly Subscription[] {
  if (error instanceof FareboxError && error.code === 'payments-failed') return []
  throw error
}

/** The embedded list holds only the first items. */
export async function readItems(client: StripeClient, { id, items }: StripeSubscription): Promise<readonly StripeSubscriptionItem[]> {
  if (!items.has_more) return items.data
  return readPages(itemShape, (cursor) => client.subscriptionItems.list({ subscription: id, limit: page, ...cursor }))
}

/** What its schedule makes of it next, with the prices that a phase only names. */
async function readNextPhase(client: StripeClient, { schedule, items }: StripeSubscription): Promise<NextPhase | null> {
  if (schedule === undefined || schedule === null || typeof schedule === 'string' || schedule.status !== 'active') return null
  const end = schedule.current_phase?.end_date
  const next = schedule.phases.find(({ start_date }) => start_date === end)
  if (next === undefined) return null
  const known = new Map(items.data.map(({ price }) => [price.id, price]))
  const priced: { price: StripePrice; quantity?: number | undefined }[] = []
  for (const { price, quantity } of next.items) {
    const id = typeof price === 'string' ? price : price.id
    const found = known.get(id) ?? parseAnswer(priceShape, await callStripe(() => client.prices.retrieve(id)))
    priced.push({ price: found, quantity })
  }
  return { at: next.start_date, items: priced }
}

/** When the oldest open invoice was made, in seconds: a subscription long overdue has newer invoices as well. */
async function readOverdue(client: StripeClient, subscription: string): Promise<number | null> {
  const open = await readPages(invoiceShape, (cursor) =>
    client.invoices.list({ subscription, status: 'open', limit: page, ...cursor }),
  )
  return open.reduce<number | null>((oldest, { created }) => (oldest === null ? created : Math.min(oldest, created)), null)
}

export async function readPages<Schema extends z.ZodMiniType>(
  schema: Schema,
  list: (cursor: { readonly starting_after?: string }) => Promise<unknown>,
): Promise<readonly z.output<Schema>[]> {
  const shape = z.object({ data: z.array(z.unknown()), has_more: z.boolean() })
  const found: z.output<Schema>[] = []
  let cursor: { readonly starting_after?: string } = {}
  for (let count = 0; count < mostPages; count += 1) {
    const from = cursor
    const { data, has_more } = parseAnswer(shape, await callStripe(() => list(from)))
    found.push(...data.map((item) => parseAnswer(schema, item)))
    const last = data.at(-1)
    if (!has_more || last === undefined) return found
    cursor = { starting_after: parseAnswer(idShape, last).id }
  }
  throw new FareboxError('payments-failed', 'Stripe listed more than can be read', { reason: 'endless-list' })
}
