import * as z from 'zod/mini'
import { second } from '../../domain/instant.ts'
import { invalidRequest, isFareboxError } from '../../errors/error.ts'
import type { Invoice, InvoicePage } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

const seconds = z.int()

/** https://docs.stripe.com/api/invoices/object */
const invoiceShape = z.object({
  id: z.string(),
  number: z.nullish(z.string()),
  status: z.nullable(z.string()),
  created: seconds,
  period_start: seconds,
  period_end: seconds,
  due_date: z.nullish(seconds),
  currency: z.string(),
  total: z.int(),
  amount_remaining: z.int(),
  hosted_invoice_url: z.nullish(z.string()),
  invoice_pdf: z.nullish(z.string()),
})

const pageShape = z.object({ data: z.array(invoiceShape), has_more: z.boolean() })

/** A page that holds drafts is filled up this often; what is missing then is on the next one. */
const mostReads = 4

/** Invoices behind `after`, newest first. Drafts, and statuses that are not known, are left out. */
export async function listInvoices(
  client: StripeClient,
  { paymentCustomer: customer, after, limit }: { readonly paymentCustomer: string; readonly after: string | null; readonly limit: number },
): Promise<InvoicePage> {
  const invoices: Invoice[] = []
  let next = after
  for (let count = 0; count < mostReads && invoices.length < limit; count += 1) {
    const query = { customer, limit: limit - invoices.length, ...(next !== null && { starting_after: next }) }
    const answer = await callStripe(() => client.invoices.list(query)).catch((error: unknown) => {
      throw after === null ? error : pageFault(error)
    })
    const { data, has_more } = parseAnswer(pageShape, answer)
    invoices.push(...data.flatMap(toInvoice))
    next = has_more ? (data.at(-1)?.id ?? null) : null
    if (next === null) break
  }
  return { invoices, next }
}

function toInvoice({ id, number, status: given, created, period_start, period_end, due_date, currency, total, ...rest }: z.output<typeof invoiceShape>): Invoice[] {
  const status = (['open', 'paid', 'void', 'uncollectible'] as const).find((known) => known === given)
  if (status === undefined) return []
  const isOwed = status === 'open' || status === 'uncollectible'
  return [{
    id,
    number: number ?? null,
    status,
    createdAt: created * second,
    periodStart: period_start * second,
    periodEnd: period_end * second,
    dueAt: due_date == null ? null : due_date * second,
    currency,
    total,
    due: isOwed ? rest.amount_remaining : 0,
    url: rest.hosted_invoice_url ?? null,
    pdf: rest.invoice_pdf ?? null,
  }]
}

function pageFault(error: unknown): unknown {
  if (!isFareboxError(error) || error.reason !== 'resource_missing') return error
  return invalidRequest('There is no such page', 'after', 'Give the `next` of the page before')
}
