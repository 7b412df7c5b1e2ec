import type { Account } from '../account.ts'
import { exclusiveParameters, invalidInteger, invalidRequest, missingParameter } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { automaticTax } from '../lifecycle/amounts/automatic-tax.ts'
import { itemOf, lineOf, pendingItems, replaceLines, takeItems } from '../lifecycle/invoices/invoice-items.ts'
import { draftInvoice } from '../lifecycle/invoices/invoice-object.ts'
import { draftLifetime } from '../lifecycle/invoices/invoicing.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import type { Customer, Invoice, Subscription } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render, type Rendered } from '../responses/render.ts'
import { resolvePaymentMethod } from './payment-methods.ts'
import { route, type Routes } from './route.ts'
import { onlyWhereSent } from './subscription-fields.ts'
import { readTaxRates } from './tax-rates.ts'

interface InvoiceFields {
  readonly auto_advance?: boolean
  readonly collection_method?: 'charge_automatically' | 'send_invoice'
  readonly custom_fields?: readonly unknown[] | null
  readonly days_until_due?: number
  readonly default_payment_method?: string | null
  readonly default_tax_rates?: readonly string[] | null
  readonly description?: string | null
  readonly due_date?: number
  readonly footer?: string | null
  readonly metadata?: MetadataChange | null
}

interface NewInvoice extends InvoiceFields {
  readonly automatic_tax?: { readonly enabled: boolean }
  readonly currency?: string
  readonly customer?: string
  readonly pending_invoice_items_behavior?: 'exclude' | 'include'
  readonly subscription?: string
}

const fields = [
  'auto_advance', 'collection_method', 'days_until_due', 'default_payment_method', 'default_tax_rates', 'description', 'due_date',
  'footer', 'metadata',
]

export const invoiceDraftRoutes: Routes = {
  'invoices.create': route<NewInvoice>({
    supports: [...fields, 'automatic_tax.enabled', 'automatic_tax.liability.type', 'currency', 'customer', 'pending_invoice_items_behavior', 'subscription'],
    echoes: ['custom_fields'],
    handle: ({ account, parameters }) => render(account.store, createInvoice(account, parameters)),
  }),
  'invoices.update': route<InvoiceFields>({
    supports: fields,
    echoes: ['custom_fields'],
    handle: ({ account, id, parameters }) => render(account.store, updateInvoice(account, id, parameters)),
  }),
  'invoices.del': route({
    handle: ({ account, id }) => deleteInvoice(account, id),
  }),
}

/** The invoice, which can still be changed. */
export function requireDraft(invoice: Invoice): Invoice {
  if (invoice.status === 'draft') return invoice
  throw invalidRequest("Finalized invoices can't be updated in this way", { code: 'invoice_not_editable' })
}

function createInvoice(account: Account, given: NewInvoice): Invoice {
  const { currency: wanted, pending_invoice_items_behavior: behavior = 'exclude' } = given
  const subscription = subscriptionFor(account, given)
  const id = given.customer ?? subscription?.customer
  if (id === undefined) throw missingParameter('customer')
  const customer = getCustomer(account.store, id, 'customer')
  const internal = { subscription: subscription?.id ?? null }
  const settings = readFields(account, customer, given, { collection_method: 'charge_automatically', internal })
  const currency = wanted?.toLowerCase() ?? subscription?.currency ?? currencyOf(account, customer)
  if (!/^[a-z]{3}$/.test(currency)) throw invalidRequest(`Invalid currency: ${currency.slice(0, 10)}`, { param: 'currency' })
  const owner = { customer: customer.id, currency, id: null, metadata: {} }
  const pending = behavior === 'include' && subscription === undefined ? pendingItems(account, owner) : []
  const taxed = given.automatic_tax === undefined ? {} : { automatic_tax: automaticTax(given.automatic_tax.enabled) }
  const now = account.clock.seconds()
  const made = draftInvoice(account, { ...(subscription ?? owner), ...taxRatesIn(settings), ...taxed }, 'manual', [
    ...(subscription?.internal.pendingLines ?? []),
    ...pending.map((item) => lineOf(account, item)),
  ], { start: now, end: now })
  const invoice = account.store.invoices.save(
    scheduled({ ...made, auto_advance: false, collection_method: 'charge_automatically', due_date: null, ...settings, metadata: changeMetadata({}, given.metadata) }, now),
  )
  if (subscription !== undefined) {
    account.store.subscriptions.save({ ...subscription, internal: { ...subscription.internal, pendingLines: [] } })
  }
  takeItems(account, invoice)
  account.emit('invoice.created', invoice)
  return invoice
}

function updateInvoice(account: Account, id: string, given: InvoiceFields): Invoice {
  const before = get(account.store.invoices, id)
  // What was finalized keeps what it says; how it goes on can still be decided.
  const isOngoing = Object.keys(given).every((name) => ['auto_advance', 'default_payment_method', 'metadata'].includes(name))
  if (!isOngoing) requireDraft(before)
  const customer = getCustomer(account.store, before.customer)
  const settings = readFields(account, customer, given, before)
  const changed = { ...before, ...settings, metadata: changeMetadata(before.metadata, given.metadata) }
  const after = account.store.invoices.save(before.status === 'draft' ? scheduled(changed, account.clock.seconds()) : changed)
  if (given.default_tax_rates !== undefined) return replaceLines(account, after, after.lines)
  account.emit('invoice.updated', after, before)
  return after
}

/** Deletes a draft of a customer's own. The items on it go with it. */
function deleteInvoice(account: Account, id: string): Rendered {
  const invoice = get(account.store.invoices, id)
  if (invoice.status !== 'draft' || invoice.internal.subscription !== null) {
    throw invalidRequest('You can only delete draft invoices that are not for a subscription; void others.', { code: 'invoice_not_editable' })
  }
  for (const line of invoice.lines) {
    const item = itemOf(account, line)
    if (item === undefined) continue
    account.store.invoiceItems.remove(item.id)
    account.emit('invoiceitem.deleted', item)
  }
  account.store.invoices.remove(id)
  account.emit('invoice.deleted', invoice)
  return { id, object: 'invoice', deleted: true }
}

function subscriptionFor(account: Account, given: NewInvoice): Subscription | undefined {
  if (given.subscription === undefined) return undefined
  const subscription = get(account.store.subscriptions, given.subscription, 'subscription')
  if (given.customer !== undefined && given.customer !== subscription.customer) {
    throw invalidRequest('The subscription belongs to another customer.', { param: 'subscription' })
  }
  if (hasEnded(subscription.status)) throw invalidRequest('The subscription has ended.', { param: 'subscription' })
  // What is pending of a subscription is all that such an invoice can have: there is nothing to choose.
  if (given.pending_invoice_items_behavior !== undefined) throw exclusiveParameters(['pending_invoice_items_behavior', 'subscription'])
  if (subscription.internal.pendingLines.length === 0 && pendingItems(account, subscription, [subscription.id]).length === 0) {
    throw invalidRequest('Nothing to invoice for subscription', { code: 'invoice_no_subscription_line_items', param: 'subscription' })
  }
  return subscription
}

function readFields(
  account: Account,
  customer: Customer,
  given: InvoiceFields,
  before: Pick<Invoice, 'collection_method' | 'internal'>,
): Partial<Invoice> {
  const { days_until_due: days, due_date, default_payment_method: method, default_tax_rates: rates } = given
  const { auto_advance, collection_method, custom_fields, description, footer } = given
  const isSent = (collection_method ?? before.collection_method) === 'send_invoice'
  if (!isSent && (days !== undefined || due_date !== undefined)) throw onlyWhereSent(days === undefined ? 'due_date' : 'days_until_due')
  if (collection_method === 'send_invoice' && days === undefined && due_date === undefined) throw missingParameter('days_until_due')
  if (days !== undefined && days < 0) throw invalidInteger('non-negative', 'days_until_due')
  return {
    ...(auto_advance !== undefined && { auto_advance }),
    ...(collection_method !== undefined && { collection_method }),
    ...(custom_fields !== undefined && { custom_fields }),
    ...(description !== undefined && { description }),
    ...(footer !== undefined && { footer }),
    ...(method !== undefined && { default_payment_method: method === null ? null : resolvePaymentMethod(account, method, customer, 'default_payment_method').id }),
    ...(rates !== undefined && { default_tax_rates: readTaxRates(account, rates ?? [], 'default_tax_rates') }),
    ...(due_date !== undefined && { due_date }),
    ...(days !== undefined && { internal: { ...before.internal, daysUntilDue: days } }),
  }
}

function taxRatesIn({ default_tax_rates }: Partial<Invoice>): Partial<Pick<Invoice, 'default_tax_rates'>> {
  return default_tax_rates === undefined ? {} : { default_tax_rates }
}

/** A draft that advances by itself is finalized after an hour. */
function scheduled(draft: Invoice, now: number): Invoice {
  const automatically_finalizes_at = draft['auto_advance'] === true ? (draft.automatically_finalizes_at ?? now + draftLifetime) : null
  return { ...draft, automatically_finalizes_at }
}

/** What a customer is billed in: as before, else as what is pending, else dollars. */
function currencyOf(account: Account, customer: Customer): string {
  const pending = account.store.invoiceItems.ofCustomer(customer.id).find(({ invoice }) => invoice === null)
  return customer.currency ?? pending?.currency ?? 'usd'
}
