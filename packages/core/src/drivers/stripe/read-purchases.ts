import * as z from 'zod/mini'
import { type Instant, second } from '../../domain/instant.ts'
import type { Dispute, DisputeState, Payment, Purchase, PurchaseLine, Refund, RefundStatus } from '../../domain/purchase.ts'
import type { PurchaseReading } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { installationMetadata, packMetadata } from '../../catalog/stripe-names.ts'
import { readPages } from './read-pages.ts'
import { priceShape } from './subscription-shape.ts'

/** Stripe's largest page: https://docs.stripe.com/api/pagination */
const limit = 100

const referenceShape = z.nullish(z.union([z.string(), z.object({ id: z.string() })]))
const seconds = z.int()

const lineShape = z.object({ id: z.string(), quantity: z.nullish(z.int()), price: z.nullish(priceShape) })

/** https://docs.stripe.com/api/checkout/sessions/object */
const sessionShape = z.object({
  id: z.string(),
  created: seconds,
  mode: z.string(),
  payment_status: z.string(),
  payment_intent: referenceShape,
  invoice: z.nullish(
    z.union([z.string(), z.object({ status_transitions: z.nullish(z.object({ paid_at: z.nullish(seconds) })) })]),
  ),
  line_items: z.optional(z.object({ data: z.array(lineShape), has_more: z.boolean() })),
})

/** https://docs.stripe.com/api/charges/object */
const chargeShape = z.object({
  id: z.string(),
  created: seconds,
  status: z.string(),
  amount: z.int(),
  amount_refunded: z.int(),
  disputed: z.boolean(),
  payment_intent: referenceShape,
})

const reversalShape = { id: z.string(), amount: z.int(), currency: z.string(), created: seconds }
/** https://docs.stripe.com/api/refunds/object */
const refundShape = z.object({ ...reversalShape, status: z.nullable(z.string()), reason: z.nullish(z.string()) })
/** https://docs.stripe.com/api/disputes/object */
const disputeShape = z.object({ ...reversalShape, status: z.string(), reason: z.string() })

type StripeSession = z.output<typeof sessionShape>
type StripeCharge = z.output<typeof chargeShape>

/**
 * Reads what a customer bought once since then, and all charges, all pages of both: Stripe names no time after which a charge
 * is not refunded any more (https://docs.stripe.com/refunds).
 */
export async function readPurchases(
  client: StripeClient,
  installation: string | undefined,
  { paymentCustomer: customer, since }: { readonly paymentCustomer: string; readonly since: Instant | null },
): Promise<PurchaseReading> {
  const sessions = await readPages(sessionShape, (cursor) =>
    client.checkout.sessions.list({
      customer,
      status: 'complete',
      limit,
      expand: ['data.line_items', 'data.invoice'],
      ...(since !== null && { created: { gte: Math.floor(since / second) } }),
      ...cursor,
    }),
  )
  const all = await readPages(chargeShape, (cursor) => client.charges.list({ customer, limit, ...cursor }))
  const charges = all.filter(({ status }) => status === 'succeeded')
  const purchases: Purchase[] = []
  for (const session of sessions.filter(isPaid)) {
    const lines = await readLines(client, installation, session)
    if (lines.length > 0) purchases.push(toPurchase(session, lines, charges))
  }
  const payments: Payment[] = []
  for (const charge of charges) payments.push(await readPayment(client, charge))
  return { purchases, payments }
}

/** One that waits for a bank debit is complete and not paid; one that a coupon pays in full needs no payment. */
function isPaid({ mode, payment_status }: StripeSession): boolean {
  return mode === 'payment' && (payment_status === 'paid' || payment_status === 'no_payment_required')
}

async function readLines(client: StripeClient, installation: string | undefined, { id, line_items }: StripeSession): Promise<readonly PurchaseLine[]> {
  // The embedded list holds only the first lines.
  const isWhole = line_items !== undefined && !line_items.has_more
  const lines = isWhole ? line_items.data : await readPages(lineShape, (cursor) => client.checkout.sessions.listLineItems(id, { limit, ...cursor }))
  return lines.flatMap(({ id: line, quantity, price }): PurchaseLine[] => {
    const pack = price?.metadata?.[packMetadata]
    const isOurs = price?.metadata?.[installationMetadata] === installation
    return pack === undefined || !isOurs ? [] : [{ id: line, pack, quantity: quantity ?? 1 }]
  })
}

function toPurchase(session: StripeSession, lines: readonly PurchaseLine[], charges: readonly StripeCharge[]): Purchase {
  const payment = idOf(session.payment_intent)
  const charge = payment === null ? undefined : charges.find(({ payment_intent }) => idOf(payment_intent) === payment)
  const invoiced = typeof session.invoice === 'object' ? session.invoice?.status_transitions?.paid_at : null
  return { session: session.id, payment, paidAt: (invoiced ?? charge?.created ?? session.created) * second, lines }
}

async function readPayment(client: StripeClient, { id: charge, amount, amount_refunded, disputed, payment_intent }: StripeCharge): Promise<Payment> {
  const refunds = amount_refunded === 0 ? [] : await readPages(refundShape, (cursor) => client.refunds.list({ charge, limit, ...cursor }))
  const disputes = disputed ? await readPages(disputeShape, (cursor) => client.disputes.list({ charge, limit, ...cursor })) : []
  return {
    charge,
    payment: idOf(payment_intent),
    amount,
    refunded: amount_refunded,
    refunds: refunds.map(({ status, reason, created, ...rest }): Refund => ({
      ...pick(rest), charge, status: statusOf(status), reason: reason ?? null, createdAt: created * second,
    })),
    disputes: disputes.map(({ status, reason, created, ...rest }): Dispute => ({
      ...pick(rest), charge, reason, state: stateOf(status), createdAt: created * second,
    })),
  }
}

function pick({ id, amount, currency }: { readonly id: string; readonly amount: number; readonly currency: string }): Pick<Refund, 'id' | 'amount' | 'currency'> {
  return { id, amount, currency }
}

function statusOf(status: string | null): RefundStatus {
  const known = ['pending', 'requires_action', 'succeeded', 'failed', 'canceled'] as const
  return known.find((name) => name === status) ?? 'unknown'
}

/** https://docs.stripe.com/api/disputes/object#dispute_object-status; what is not known yet is not decided. */
function stateOf(status: string): DisputeState {
  if (status === 'won' || status === 'lost') return status
  return status === 'warning_closed' || status === 'prevented' ? 'closed' : 'open'
}

function idOf(reference: z.output<typeof referenceShape>): string | null {
  return typeof reference === 'object' ? (reference?.id ?? null) : (reference ?? null)
}
