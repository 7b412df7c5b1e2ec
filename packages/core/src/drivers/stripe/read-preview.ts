import * as z from 'zod/mini'
import { second } from '../../domain/instant.ts'
import type { PreviewLine, UpcomingInvoice } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { refuseCode } from './promotion-codes.ts'
import { endlessList } from './read-pages.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

const lineShape = z.object({
  id: z.string(),
  description: z.nullable(z.string()),
  amount: z.int(),
  quantity: z.optional(z.nullable(z.number())),
  period: z.object({ start: z.int(), end: z.int() }),
  // Before API 2025-03-31.basil.
  proration: z.optional(z.boolean()),
  type: z.optional(z.string()),
  subscription: z.optional(z.nullable(z.string())),
  parent: z.optional(
    z.nullable(
      z.object({
        subscription_item_details: z.optional(z.nullable(z.object({ proration: z.boolean() }))),
        invoice_item_details: z.optional(z.nullable(z.object({ proration: z.boolean() }))),
      }),
    ),
  ),
})

type PreviewedLine = z.output<typeof lineShape>

const linesShape = z.object({ data: z.array(lineShape), has_more: z.boolean() })

const taxesShape = z.optional(z.nullable(z.array(z.object({ amount: z.int() }))))

const previewShape = z.object({
  // Before API 2025-03-31.basil an invoice that is still to come need not have one.
  id: z.optional(z.string()),
  period_end: z.int(),
  currency: z.string(),
  subtotal: z.int(),
  total: z.int(),
  amount_due: z.int(),
  total_discount_amounts: z.optional(z.nullable(z.array(z.object({ amount: z.int() })))),
  total_taxes: taxesShape,
  // What they were before API 2025-03-31.basil.
  total_tax_amounts: taxesShape,
  lines: linesShape,
})

/** An invoice that does not end is a fault, not more lines. */
const mostPages = 20

/** An invoice as Stripe would make it, with all of its lines: https://docs.stripe.com/api/invoices/create_preview */
export async function readPreview(client: StripeClient, parameters: object): Promise<UpcomingInvoice> {
  const preview = await askPreview(client, parameters)
  const taxes = preview.total_taxes ?? preview.total_tax_amounts ?? []
  const invoice = {
    currency: preview.currency,
    lines: (await readLines(client, preview)).map(toLine),
    subtotal: preview.subtotal,
    discount: (preview.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0),
    tax: taxes.reduce((sum, { amount }) => sum + amount, 0),
    total: preview.total,
    due: preview.amount_due,
  }
  // An invoice of a subscription is made when the period ends that it looks back on.
  return { at: preview.period_end * second, invoice }
}

/** Whether anything waits for the next invoice of a subscription, also where all of it together comes to nothing: taxes and discounts need not. */
export interface Pending {
  /** The subscription's own: what was put off of moves, and what the app's people put on it. */
  readonly own: boolean
  /** What the app's people put on the customer's next invoice, whichever that is. */
  readonly customers: boolean
}

export async function readPending(client: StripeClient, subscription: string): Promise<Pending> {
  const lines = await readLines(client, await askPreview(client, { subscription }))
  const pending = lines.filter((line) => line.amount !== 0 && (toLine(line).proration || line.parent?.invoice_item_details != null || line.type === 'invoiceitem'))
  const isOwn = (line: PreviewedLine): boolean => line.subscription === subscription
  return { own: pending.some(isOwn), customers: !pending.every(isOwn) }
}

async function askPreview(client: StripeClient, parameters: object): Promise<z.output<typeof previewShape>> {
  return parseAnswer(previewShape, await callStripe(() => client.invoices.createPreview(parameters).catch(refuseCode)))
}

/** The preview holds only the first lines. */
async function readLines(client: StripeClient, { id, lines }: z.output<typeof previewShape>): Promise<readonly PreviewedLine[]> {
  const found = [...lines.data]
  let page = lines
  for (let count = 0; page.has_more && id !== undefined; count += 1) {
    if (count === mostPages) throw endlessList()
    const query = { limit: 100, starting_after: found.at(-1)?.id }
    page = parseAnswer(linesShape, await callStripe(() => client.invoices.listLineItems(id, query)))
    found.push(...page.data)
  }
  return found
}

function toLine({ description, amount, quantity, period, parent, proration }: PreviewedLine): PreviewLine {
  const details = parent?.subscription_item_details ?? parent?.invoice_item_details
  return {
    description,
    amount,
    quantity: quantity ?? null,
    proration: details?.proration ?? proration ?? false,
    periodStart: period.start * second,
    periodEnd: period.end * second,
  }
}
