import { invalidRequest } from '../../errors/error.ts'
import { invoiceView } from '../../protocol/invoice-view.ts'
import type { InvoicesView } from '../../protocol/invoices.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { paymentsOf } from '../payments/payments-of.ts'

/** Whose invoices, and where the page begins. */
export interface InvoicesRequest {
  readonly customer: string
  /** The `next` of the page before; left out for the newest. */
  readonly after?: string | undefined
}

/** Invoices of a page. */
const limit = 12

/**
 * A page of the customer's invoices as Stripe has them, newest first, drafts left out. Who never met Stripe has none, and Stripe
 * is not asked. A page may be shorter than the others and not the last: `next` alone says whether there is more.
 *
 * @throws FareboxError `invalid-request` at `after`, `payments-failed`, `unavailable`, `not-found` without payments.
 */
export async function getInvoices(context: Context, request: InvoicesRequest): Promise<InvoicesView> {
  const payments = paymentsOf(context)
  const customer = checkId(request.customer, 'customer')
  const after = checkAfter(request.after)
  const paymentCustomer = (await loadCustomer(context, customer)).row?.value.paymentCustomer ?? null
  if (paymentCustomer === null) return { invoices: [], next: null }
  const { invoices, next } = await payments.listInvoices({ paymentCustomer, after, limit })
  return { invoices: invoices.map(invoiceView), next }
}

function checkAfter(after: unknown): string | null {
  if (after === undefined) return null
  if (typeof after === 'string' && /^\w{1,255}$/.test(after)) return after
  throw invalidRequest('There is no such page', 'after', 'Give the `next` of the page before')
}
