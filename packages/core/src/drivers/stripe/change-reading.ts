import { FareboxError } from '../../errors/error.ts'
import type { PriceInterval } from '../../domain/catalog.ts'
import type { PaymentFailure } from '../../ports/payments.ts'
import * as z from 'zod/mini'
import type { StripeClient } from './client.ts'
import { lookupKeyOf } from '../../catalog/stripe-names.ts'
import { withPeriodInvoice } from './period-invoice.ts'
import { intervalOf, planOf } from './project-subscription.ts'
import { readItems } from './read-customer.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import {
  type StripePrice, type StripeSchedule, type StripeSubscription, type StripeSubscriptionItem, priceShape, subscriptionShape,
} from './subscription-shape.ts'

/** A subscription as it is at this moment, with all of its items and its schedule. */
export interface ChangeReading {
  readonly subscription: StripeSubscription
  readonly items: readonly StripeSubscriptionItem[]
  /** The schedule that governs it; `null` where none does. */
  readonly schedule: StripeSchedule | null
  /** Of its items, in seconds. */
  readonly periodEnd: number
}

export async function readForChange(client: StripeClient, id: string): Promise<ChangeReading> {
  const answer = await callStripe(() => client.subscriptions.retrieve(id, { expand: ['schedule', 'latest_invoice', 'discounts'] }))
  return toReading(client, answer)
}

export async function toReading(client: StripeClient, answer: unknown): Promise<ChangeReading> {
  const subscription = await withPeriodInvoice(client, parseAnswer(subscriptionShape, answer))
  const items = await readItems(client, subscription)
  const { schedule } = subscription
  const ends = items.map((item) => item.current_period_end ?? subscription.current_period_end ?? 0)
  return {
    subscription,
    items,
    schedule: typeof schedule === 'object' && schedule !== null ? schedule : null,
    periodEnd: Math.max(0, ...ends),
  }
}

/** Where the customer pays what a change waits for. */
export function invoicePageOf({ latest_invoice }: StripeSubscription): string | null {
  if (typeof latest_invoice !== 'object' || latest_invoice === null) return null
  return latest_invoice.status === 'paid' ? null : (latest_invoice.hosted_invoice_url ?? null)
}

/** Whether it ends by itself, however that was said. */
export function isEnding({ cancel_at, cancel_at_period_end }: StripeSubscription): boolean {
  return cancel_at !== null || cancel_at_period_end
}

/** Whether it ends by itself with its period, or sooner: an end may have been set for years from now. */
export function endsWithPeriod({ subscription: { cancel_at, cancel_at_period_end }, periodEnd }: ChangeReading): boolean {
  return cancel_at_period_end || (cancel_at !== null && cancel_at <= periodEnd)
}

/**
 * What a subscription is to be billed by for a plan and an interval: the price that it has, where that is one of them, also where
 * new customers pay another one by now; else the present one. Throws as {@link getPlanPrice} does.
 */
export async function getNextPrice(
  client: StripeClient,
  { subscription, items }: Pick<ChangeReading, 'subscription' | 'items'>,
  plan: string,
  interval: PriceInterval,
  installation: string | undefined,
): Promise<StripePrice> {
  const kept = items.find(({ price }) => planOf(price, installation) === plan && intervalOf(price) === interval)
  return kept?.price ?? getPlanPrice(client, plan, interval, installation, subscription.currency)
}

/**
 * The present price of a plan, in a currency of the catalog.
 * @throws FareboxError `payments-failed` with `price-missing`, also where it has no amount in that currency.
 */
export async function getPlanPrice(
  client: StripeClient,
  plan: string,
  interval: PriceInterval,
  installation: string | undefined,
  currency: string | null,
): Promise<StripePrice> {
  return getPrice(client, lookupKeyOf(plan, interval, installation), `plans.${plan}.prices.${interval}`, currency)
}

/** The present price under a lookup key; `path` is where the catalog has it. Throws as {@link getPlanPrice} does. */
export async function getPrice(client: StripeClient, lookupKey: string, path: string, currency: string | null): Promise<StripePrice> {
  const listed = await callStripe(() => client.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 }))
  const [price] = parseAnswer(z.object({ data: z.array(priceShape) }), listed).data
  const isSold = price !== undefined && (currency === null || (await isSoldIn(client, price, currency)))
  if (isSold) return price
  const wanting = price === undefined ? '' : ` and costs anything in ${currency}`
  throw new FareboxError('payments-failed', 'Stripe has no such price: run `npx farebox push`', {
    reason: 'price-missing',
    faults: [{ path, message: `No active price has the lookup key ${lookupKey}${wanting}` }],
    cause: { log: { lookupKey, remedy: 'npx farebox push', ...(currency !== null && { currency }) } } satisfies PaymentFailure,
  })
}

/** Whether a price has this currency: further ones are told only where they are asked for. */
export async function isSoldIn(client: StripeClient, { id, currency: usual }: StripePrice, currency: string): Promise<boolean> {
  if (usual === currency) return true
  const answer = await callStripe(() => client.prices.retrieve(id, { expand: ['currency_options'] }))
  return Object.hasOwn(parseAnswer(priceShape, answer).currency_options ?? {}, currency)
}
