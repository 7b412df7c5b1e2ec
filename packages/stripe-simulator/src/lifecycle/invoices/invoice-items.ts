import type { Account } from '../../account.ts'
import type { InvoiceItem } from '../../invoicing-objects.ts'
import type { Invoice, InvoiceLine } from '../../objects.ts'
import { invoiceTotals } from './invoice-totals.ts'

/** Which invoice takes items: that of a subscription, or (null) one of the customer's own. */
interface Taker {
  readonly customer: string
  readonly currency: string
  readonly id: string | null
}

/** The pending items that the next invoice takes, oldest first: those of its subscription, and those of none, unless it is of some alone. */
export function pendingItems(account: Account, { customer, currency, id }: Taker, of: readonly (string | null)[] = [null, id]): InvoiceItem[] {
  if (account.store.invoiceItems.size === 0) return []
  return account.store.invoiceItems
    .ofCustomer(customer)
    .filter((item) => item.invoice === null && item.currency === currency && of.includes(subscriptionOf(item)))
    .toReversed()
}

/** The line that an item becomes. */
export function lineOf(account: Account, item: InvoiceItem): InvoiceLine {
  return {
    id: account.identifiers.next('il'),
    object: 'line_item',
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: item.discountable,
    discounts: [],
    invoice: item.invoice,
    livemode: false,
    metadata: item.metadata,
    parent: {
      invoice_item_details: { invoice_item: item.id, proration: false, proration_details: null, subscription: subscriptionOf(item) },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    period: item.period,
    pretax_credit_amounts: [],
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: String(item.quantity),
    subscription: subscriptionOf(item),
    subtotal: item.amount,
    taxes: [],
  }
}

/** Notes on the items which invoice took them. */
export function takeItems(account: Account, invoice: Invoice): void {
  if (account.store.invoiceItems.size === 0) return
  for (const line of invoice.lines) {
    const item = itemOf(account, line)
    if (item?.invoice === null) account.store.invoiceItems.save({ ...item, invoice: invoice.id })
  }
}

/** A draft with another set of lines: its discounts, taxes and totals follow. */
export function replaceLines(account: Account, before: Invoice, lines: readonly InvoiceLine[]): Invoice {
  const totals = invoiceTotals(account, lines, before)
  const balance = account.store.customers.find(before.customer)?.balance ?? 0
  const due = Math.max(0, totals.total + balance)
  const held = totals.lines.map((line) => ({ ...line, invoice: before.id }))
  const after = account.store.invoices.save({ ...before, ...totals, lines: held, amount_due: due, amount_remaining: due })
  account.emit('invoice.updated', after, before)
  return after
}

/** The item that a line was made of; undefined: it bills a subscription's own item, or a checkout. */
export function itemOf(account: Account, line: InvoiceLine): InvoiceItem | undefined {
  const { invoice_item_details: details } = Object(line['parent'])
  return account.store.invoiceItems.find(String(details?.invoice_item))
}

function subscriptionOf(item: InvoiceItem): string | null {
  return item.parent?.subscription_details?.subscription ?? null
}
