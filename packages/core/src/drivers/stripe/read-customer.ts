import * as z from 'zod/mini'
import type { Subscription } from '../../domain/subscription.ts'
import { FareboxError } from '../../errors/error.ts'
import { keepLatest } from '../../ports/keep-latest.ts'
import type { PaymentReading } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { customerMetadata, installationMetadata } from '../../catalog/stripe-names.ts'
import { withPeriodInvoice } from './period-invoice.ts'
import { type NextPhase, type ReadSubscription, projectSubscription } from './project-subscription.ts'
import { readDiscounts } from './read-discounts.ts'
import { readPages } from './read-pages.ts'
import { readOpenInvoices } from './read-payments.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import {
  type StripePrice, type StripeSubscription, type StripeSubscriptionItem, itemShape, paymentMethodShape, priceShape,
  subscriptionShape,
} from './subscription-shape.ts'

/** What pays where a subscription does not name anything of its own. */
const expand = ['invoice_settings.default_payment_method']

/** Stripe's largest page: https://docs.stripe.com/api/pagination */
const page = 100

const customerShape = z.object({
  id: z.string(),
  deleted: z.optional(z.boolean()),
  metadata: z.optional(z.record(z.string(), z.string())),
  invoice_settings: z.optional(
    z.nullable(z.object({ default_payment_method: z.optional(z.nullable(z.union([z.string(), paymentMethodShape]))) })),
  ),
})

const keepCustomer = keepLatest<z.output<typeof customerShape>>()
const keepReads = keepLatest<readonly ReadSubscription[]>()

/** Reads a customer and all subscriptions, ended ones included, page by page. */
export async function readCustomer(
  client: StripeClient,
  installation: string | undefined,
  paymentCustomer: string,
): Promise<PaymentReading> {
  const found = keepCustomer(parseAnswer(customerShape, await callStripe(() => client.customers.retrieve(paymentCustomer, { expand }))))
  const read = (): Promise<readonly Subscription[]> =>
    readSubscriptions(client, installation, paymentCustomer, found.invoice_settings?.default_payment_method)
  if (found.deleted === true) {
    // What a deleted customer had has ended; where Stripe no longer lists it, there is nothing more to know.
    return { customer: null, deleted: true, subscriptions: await read().catch(noneIfRefused) }
  }
  const customer = found.metadata?.[customerMetadata]
  if (customer === undefined || customer === '' || found.metadata?.[installationMetadata] !== installation) {
    return { customer: null, deleted: false, subscriptions: [] }
  }
  return { customer, deleted: false, subscriptions: await read() }
}

async function readSubscriptions(
  client: StripeClient,
  installation: string | undefined,
  paymentCustomer: string,
  customerMethod: StripeSubscription['default_payment_method'],
): Promise<readonly Subscription[]> {
  const subscriptions = await readPages(subscriptionShape, (cursor) =>
    client.subscriptions.list({
      customer: paymentCustomer,
      status: 'all',
      limit: page,
      expand: ['data.latest_invoice', 'data.schedule', 'data.default_payment_method', 'data.discounts'],
      ...cursor,
    }),
  )
  const reads: ReadSubscription[] = []
  for (const listed of subscriptions) {
    const subscription = await withPeriodInvoice(client, listed)
    reads.push({
      subscription,
      items: await readItems(client, subscription),
      ...(await readOpenInvoices(client, subscription)),
      customerMethod,
      nextPhase: await readNextPhase(client, subscription),
      discounts: await readDiscounts(client, subscription),
    })
  }
  return keepReads(reads).map((read) => projectSubscription(read, installation))
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
