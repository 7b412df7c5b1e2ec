import { second } from '../../domain/instant.ts'
import type { ChangeIntent, ChangePreview, InvoicePreview } from '../../ports/payments.ts'
import { diffItems, exchangePlan, presentOf } from './change-items.ts'
import { isInvoiced, reckoningOf } from './change-plan.ts'
import { getNextPrice, readForChange } from './change-reading.ts'
import type { StripeClient } from './client.ts'
import { newDiscounts } from './promotion-codes.ts'
import { readPreview } from './read-preview.ts'
import { periodStartOf } from './waived-period.ts'

/**
 * What a change would cost, asked of Stripe with the very items and the very proration date that the change will be made
 * with: https://docs.stripe.com/api/invoices/create_preview
 */
export async function previewChange(
  client: StripeClient,
  installation: string | undefined,
  { subscription, intent }: { readonly subscription: string; readonly intent: ChangeIntent },
): Promise<ChangePreview> {
  const reading = await readForChange(client, subscription)
  const { subscription: present, items, periodEnd } = reading
  const { plan, interval, quantity, when, prorationDate, trialEnd, promotionCode } = intent
  const price = await getNextPrice(client, reading, plan, interval, installation)
  const exchange = exchangePlan(items, price.id, quantity, installation)
  const isNow = when === 'now'
  const changed = { items: diffItems(items.map(presentOf), exchange.items) }
  const unsettled = { proration_behavior: 'none' }
  const settled = reckoningOf(intent)
  const discounts = await newDiscounts(client, present, promotionCode)
  const coded = discounts === null ? {} : { discounts }
  const ask = async (details: object): Promise<InvoicePreview> =>
    (await readPreview(client, { subscription, subscription_details: { ...changed, ...details }, ...coded })).invoice
  const changesInterval = price.recurring?.interval !== exchange.item.price.recurring?.interval
  const isCollected = isNow && isInvoiced(present, intent, changesInterval)
  return {
    at: isNow ? (prorationDate ?? periodStartOf(present, items) * second) : periodEnd * second,
    now: isCollected ? await ask(settled) : null,
    // What is settled now comes not again.
    next: await ask(isCollected ? { ...unsettled, ...(trialEnd === 'now' && { trial_end: trialEnd }) } : settled),
  }
}
