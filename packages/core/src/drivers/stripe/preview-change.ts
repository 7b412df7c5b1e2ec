import { second } from '../../domain/instant.ts'
import type { ChangeIntent, ChangePreview, InvoicePreview } from '../../ports/payments.ts'
import { discountsWith } from './change-discounts.ts'
import { diffItems, exchangePlan, presentOf } from './change-items.ts'
import { prorationBehavior } from './change-plan.ts'
import { getPlanPrice, readForChange } from './change-reading.ts'
import type { StripeClient } from './client.ts'
import { readPreview } from './read-preview.ts'

/**
 * What a change would cost, asked of Stripe with the very items and the very proration date that the change will be made
 * with: https://docs.stripe.com/api/invoices/create_preview
 */
export async function previewChange(
  client: StripeClient,
  installation: string | undefined,
  { subscription, intent }: { readonly subscription: string; readonly intent: ChangeIntent },
): Promise<ChangePreview> {
  const { subscription: present, items, periodEnd } = await readForChange(client, subscription)
  const { plan, interval, quantity, when, proration, prorationDate, promotionCode } = intent
  const price = await getPlanPrice(client, plan, interval, installation, present.currency)
  const exchange = exchangePlan(items, price.id, quantity, installation)
  const isNow = when === 'now'
  const changed = { items: diffItems(items.map(presentOf), exchange.items) }
  const settled = {
    proration_behavior: isNow ? prorationBehavior(proration) : 'none',
    ...(isNow && proration !== 'none' && prorationDate !== null && { proration_date: prorationDate / second }),
  }
  const discounts = discountsWith(present, promotionCode)
  const coded = discounts === null ? {} : { discounts }
  const ask = async (details: object): Promise<InvoicePreview> =>
    (await readPreview(client, { subscription, subscription_details: { ...changed, ...details }, ...coded })).invoice
  const startsOver = price.recurring?.interval !== exchange.item.price.recurring?.interval && present.status !== 'trialing'
  const isCollected = isNow && (proration === 'invoice' || startsOver)
  return {
    at: isNow ? (prorationDate ?? Math.min(...items.map((item) => item.current_period_start ?? 0)) * second) : periodEnd * second,
    now: isCollected ? await ask(settled) : null,
    // What is settled now comes not again.
    next: await ask(isCollected ? { proration_behavior: 'none' } : settled),
  }
}
