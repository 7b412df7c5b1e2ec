import * as z from 'zod/mini'
import { second } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { ChangeIntent, ChangePreview, InvoicePreview, PreviewLine } from '../../ports/payments.ts'
import { discountsWith } from './change-discounts.ts'
import { diffItems, exchangePlan, presentOf } from './change-items.ts'
import { prorationBehavior } from './change-plan.ts'
import { getPlanPrice, readForChange } from './change-reading.ts'
import type { StripeClient } from './client.ts'
import { refuseCode } from './promotion-codes.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

const lineShape = z.object({
  id: z.string(),
  description: z.nullable(z.string()),
  amount: z.int(),
  quantity: z.optional(z.nullable(z.number())),
  period: z.object({ start: z.int(), end: z.int() }),
  parent: z.optional(
    z.nullable(
      z.object({
        subscription_item_details: z.optional(z.nullable(z.object({ proration: z.boolean() }))),
        invoice_item_details: z.optional(z.nullable(z.object({ proration: z.boolean() }))),
      }),
    ),
  ),
})

const linesShape = z.object({ data: z.array(lineShape), has_more: z.boolean() })

const previewShape = z.object({
  id: z.string(),
  currency: z.string(),
  subtotal: z.int(),
  total: z.int(),
  amount_due: z.int(),
  total_discount_amounts: z.optional(z.nullable(z.array(z.object({ amount: z.int() })))),
  total_taxes: z.optional(z.nullable(z.array(z.object({ amount: z.int(), tax_behavior: z.optional(z.string()) })))),
  lines: linesShape,
})

/** An invoice that does not end is a fault, not more lines. */
const mostPages = 20

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
  const ask = (details: object): Promise<InvoicePreview> =>
    readPreview(client, { subscription, subscription_details: { ...changed, ...details }, ...coded })
  const startsOver = price.recurring?.interval !== exchange.item.price.recurring?.interval && present.status !== 'trialing'
  const isCollected = isNow && (proration === 'invoice' || startsOver)
  return {
    at: isNow ? (prorationDate ?? Math.min(...items.map((item) => item.current_period_start ?? 0)) * second) : periodEnd * second,
    now: isCollected ? await ask(settled) : null,
    // What is settled now comes not again.
    next: await ask(isCollected ? { proration_behavior: 'none' } : settled),
  }
}

async function readPreview(client: StripeClient, parameters: object): Promise<InvoicePreview> {
  const preview = parseAnswer(previewShape, await callStripe(() => client.invoices.createPreview(parameters).catch(refuseCode)))
  return {
    currency: preview.currency,
    lines: (await readLines(client, preview)).map(toLine),
    subtotal: preview.subtotal,
    discount: (preview.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0),
    tax: (preview.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0),
    total: preview.total,
    due: preview.amount_due,
  }
}

/** The preview holds only the first lines. */
async function readLines(client: StripeClient, { id, lines }: z.output<typeof previewShape>): Promise<readonly z.output<typeof lineShape>[]> {
  const found = [...lines.data]
  let page = lines
  for (let count = 0; page.has_more; count += 1) {
    if (count === mostPages) throw new FareboxError('payments-failed', 'Stripe listed more than can be read', { reason: 'endless-list' })
    const query = { limit: 100, starting_after: found.at(-1)?.id }
    page = parseAnswer(linesShape, await callStripe(() => client.invoices.listLineItems(id, query)))
    found.push(...page.data)
  }
  return found
}

function toLine({ description, amount, quantity, period, parent }: z.output<typeof lineShape>): PreviewLine {
  const details = parent?.subscription_item_details ?? parent?.invoice_item_details
  return {
    description,
    amount,
    quantity: quantity ?? null,
    proration: details?.proration ?? false,
    periodStart: period.start * second,
    periodEnd: period.end * second,
  }
}
