import * as z from 'zod/mini'
import type { OpenPayment } from '../../domain/subscription.ts'
import { second } from '../../domain/instant.ts'
import type { StripeClient } from './client.ts'
import { isOverdue, owedSince } from './project-subscription.ts'
import { readPages } from './read-pages.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import { type StripeInvoice, type StripeSubscription, invoiceShape } from './subscription-shape.ts'

/** What is open of a subscription. */
export interface OpenInvoices {
  /** Since when the first of them is owed, in seconds; `null` where nothing is overdue. */
  readonly overdueSince: number | null
  /** How the newest stands, or of those that were sent the first that is overdue; `null` where none is open. */
  readonly payment: OpenPayment | null
}

const none: OpenInvoices = { overdueSince: null, payment: null }

/** How a payment stands: https://docs.stripe.com/api/payment_intents/object */
const intentShape = z.object({
  status: z.string(),
  last_payment_error: z.optional(z.nullable(z.object({ code: z.optional(z.nullable(z.string())) }))),
})

type StripeIntent = z.output<typeof intentShape>

/** https://docs.stripe.com/api/invoice-payment/object */
const invoicePaymentShape = z.object({
  id: z.string(),
  payment: z.object({ payment_intent: z.optional(z.nullable(z.union([z.string(), intentShape]))) }),
})

/** Reads what a subscription waits for. Of one that is paid, or has ended, nothing is asked. */
export async function readOpenInvoices(client: StripeClient, subscription: StripeSubscription): Promise<OpenInvoices> {
  const { status, latest_invoice: latest } = subscription
  if (isOverdue(status)) {
    // All of them: one that is long overdue has newer invoices as well.
    const open = await readPages(invoiceShape, (cursor) =>
      client.invoices.list({ subscription: subscription.id, status: 'open', limit: 100, ...cursor }),
    )
    // Stripe lists the newest first: https://docs.stripe.com/api/invoices/list
    const [newest] = open
    if (newest === undefined) return none
    const overdueSince = Math.min(...open.map(owedSince))
    // Newer ones that were sent may not be due yet.
    const late = newest.due_date == null ? undefined : open.find((invoice) => owedSince(invoice) === overdueSince)
    return { overdueSince, payment: await readPayment(client, late ?? newest, late !== undefined) }
  }
  const isOver = status === 'canceled' || status === 'incomplete_expired'
  if (isOver || typeof latest !== 'object' || latest?.status !== 'open') return none
  return { overdueSince: null, payment: await readPayment(client, latest) }
}

async function readPayment(client: StripeClient, invoice: StripeInvoice, isLate = false): Promise<OpenPayment> {
  const attempts = invoice.attempt_count ?? 0
  return {
    state: await readState(client, invoice, isLate),
    invoice: invoice.id,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    attempts,
    nextAttemptAt: invoice.next_payment_attempt == null ? null : invoice.next_payment_attempt * second,
    amountDue: invoice.amount_remaining ?? 0,
    currency: invoice.currency ?? '',
  }
}

/**
 * An invoice does not say why it is open; its payment intent does. A bank debit that is under way is no failure yet; nobody tries
 * to collect what was sent, and that it was not paid in time is one.
 */
async function readState(client: StripeClient, invoice: StripeInvoice, isLate: boolean): Promise<OpenPayment['state']> {
  const intents = await readIntents(client, invoice)
  if (intents.some(({ status, last_payment_error }) => asks(status) || last_payment_error?.code === 'authentication_required')) {
    return 'action-required'
  }
  const isUnderWay = intents.some(({ status }) => status === 'processing')
  return (isLate || (invoice.attempt_count ?? 0) > 0) && !isUnderWay ? 'failed' : 'open'
}

/** An invoice names its payment before API 2025-03-31.basil alone, and only since then there is a list of them. */
async function readIntents(client: StripeClient, { id: invoice, payment_intent: named }: StripeInvoice): Promise<readonly StripeIntent[]> {
  if (named === null) return []
  if (named !== undefined) {
    const id = typeof named === 'string' ? named : named.id
    return [parseAnswer(intentShape, await callStripe(() => client.paymentIntents.retrieve(id)))]
  }
  const payments = await readPages(invoicePaymentShape, (cursor) =>
    client.invoicePayments.list({ invoice, status: 'open', limit: 100, expand: ['data.payment.payment_intent'], ...cursor }),
  )
  return payments.flatMap(({ payment: { payment_intent } }) => (typeof payment_intent === 'object' ? (payment_intent ?? []) : []))
}

/** https://docs.stripe.com/payments/paymentintents/lifecycle */
function asks(status: string): boolean {
  return status === 'requires_action' || status === 'requires_confirmation'
}
