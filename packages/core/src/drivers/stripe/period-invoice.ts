import { restMetadata } from '../../catalog/stripe-names.ts'
import type { StripeClient } from './client.ts'
import { readPages } from './read-pages.ts'
import { type StripeSubscription, invoiceShape } from './subscription-shape.ts'

/** Why there is an invoice that says nothing of a period: https://docs.stripe.com/api/invoices/object#invoice_object-billing_reason */
const asides: ReadonlySet<string> = new Set(['manual', 'automatic_pending_invoice_item_invoice', 'subscription_threshold'])

/**
 * A subscription with the latest invoice of its periods and changes in place of one beside them, wherever something is concluded from
 * it: whether a period was paid for, and what a pending update waits for. Stripe does not say whether an invoice that is made for a
 * subscription by hand becomes its latest one.
 */
export async function withPeriodInvoice(client: StripeClient, subscription: StripeSubscription): Promise<StripeSubscription> {
  const { id, latest_invoice: latest, metadata, pending_update } = subscription
  const isTelling = (metadata?.[restMetadata] ?? '') !== '' || (pending_update ?? null) !== null
  if (!isTelling || typeof latest !== 'object' || !asides.has(latest?.billing_reason ?? '')) return subscription
  const invoices = await readPages(invoiceShape, (cursor) => client.invoices.list({ subscription: id, limit: 100, ...cursor }))
  return { ...subscription, latest_invoice: invoices.find(({ billing_reason }) => !asides.has(billing_reason ?? '')) ?? latest }
}
