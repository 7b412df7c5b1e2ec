import { second } from '../../domain/instant.ts'
import type { ChangeIntent, ChangePreview, InvoicePreview } from '../../ports/payments.ts'
import type { GivenDiscount } from './change-discounts.ts'
import { diffItems, exchangePlan, presentOf } from './change-items.ts'
import { isInvoiced, reckoningOf } from './change-plan.ts'
import { getNextPrice, readForChange } from './change-reading.ts'
import type { StripeClient } from './client.ts'
import { discountsUntil, lastingDiscounts } from './lasting-discounts.ts'
import { newDiscounts } from './promotion-codes.ts'
import { phasesInstead } from './phases-instead.ts'
import { readPreview } from './read-preview.ts'
import { isPlanned } from './schedule-phases.ts'
import { periodStartOf } from './waived-period.ts'

const monthsOf = { month: 1, year: 12 } as const

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
  const { subscription: present, items, periodEnd, schedule } = reading
  const { plan, interval, quantity, when, prorationDate, trialEnd, promotionCode } = intent
  const price = await getNextPrice(client, reading, plan, interval, installation)
  const exchange = exchangePlan(items, price.id, quantity, installation)
  const changed = { items: diffItems(items.map(presentOf), exchange.items) }
  const settled = reckoningOf(intent)
  const discounts = await newDiscounts(client, present, promotionCode)
  const ask = async (of: object, taken: readonly GivenDiscount[] | null): Promise<InvoicePreview> =>
    (await readPreview(client, { ...of, ...(taken !== null && { discounts: taken.length === 0 ? '' : taken }) })).invoice
  const changedBy = (details: object): object => ({ subscription, subscription_details: { ...changed, ...details } })
  const changesInterval = price.recurring?.interval !== exchange.item.price.recurring?.interval
  const isNow = when === 'now'
  const now = isNow && isInvoiced(present, intent, changesInterval) ? await ask(changedBy(settled), discounts) : null
  const beginsAnew = now !== null && (changesInterval || trialEnd === 'now')
  const used = now === null || now.discount === 0 ? discounts : await lastingDiscounts(client, present, discounts, beginsAnew ? monthsOf[interval] : 0)
  const left = isNow ? used : discountsUntil(present, discounts, periodEnd)
  // What is settled now comes not again.
  const reckoning = now === null ? settled : { proration_behavior: 'none', ...(trialEnd === 'now' && { trial_end: trialEnd }) }
  const instead = beginsAnew ? null : phasesInstead(reading, exchange.items, intent, left, reckoning)
  const isThere = !isNow && isPlanned(schedule, exchange.items, left ?? [])
  return {
    at: isNow ? (prorationDate ?? periodStartOf(present, items) * second) : periodEnd * second,
    now,
    next: isThere ? await ask({ subscription }, null) : await ask(instead ?? changedBy(reckoning), left),
  }
}
