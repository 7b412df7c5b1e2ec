import type { Account } from '../account.ts'
import { exclusiveParameters, invalidInteger, invalidRequest, missingParameter } from '../errors.ts'
import { get, getCustomer, getPriceIn } from '../get.ts'
import type { InvoiceItem } from '../invoicing-objects.ts'
import { priceAmount } from '../lifecycle/amounts/money.ts'
import { itemOf, lineOf, replaceLines } from '../lifecycle/invoices/invoice-items.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import { publishedNulls } from '../published-data.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render, type Rendered } from '../responses/render.ts'
import { requireDraft } from './invoice-drafts.ts'
import { listRoute } from './list-route.ts'
import { createPrice } from './prices.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'
import { readTaxRates } from './tax-rates.ts'

interface ItemFields {
  readonly amount?: number
  readonly description?: string
  readonly discountable?: boolean
  readonly metadata?: MetadataChange | null
  readonly period?: { readonly start: number; readonly end: number }
  readonly price_data?: { readonly currency: string; readonly product: string; readonly unit_amount?: number; readonly unit_amount_decimal?: string }
  readonly pricing?: { readonly price?: string }
  readonly quantity?: number
  readonly tax_rates?: readonly string[] | null
  readonly unit_amount_decimal?: string
}

interface NewItem extends ItemFields {
  readonly currency?: string
  readonly customer?: string
  readonly invoice?: string
  readonly subscription?: string
}

interface ItemFilter {
  readonly pending?: boolean
}

const fields = [
  'amount', 'description', 'discountable', 'metadata', 'period', 'price_data.currency', 'price_data.product', 'price_data.unit_amount',
  'price_data.unit_amount_decimal', 'pricing.price', 'quantity', 'tax_rates', 'unit_amount_decimal',
]

export const invoiceItemRoutes: Routes = {
  'invoice-items.create': route<NewItem>({
    supports: [...fields, 'currency', 'customer', 'invoice', 'subscription'],
    handle: ({ account, parameters }) => render(account.store, createItem(account, parameters)),
  }),
  'invoice-items.retrieve': retrieveRoute('invoiceItems'),
  'invoice-items.update': route<ItemFields>({
    supports: fields,
    handle: ({ account, id, parameters }) => render(account.store, updateItem(account, id, parameters)),
  }),
  'invoice-items.del': route({
    handle: ({ account, id }) => deleteItem(account, id),
  }),
  'invoice-items.list': listRoute('invoiceItems', {
    fields: ['created', 'customer', 'invoice'],
    supports: ['pending'],
    shows: (item, { pending }: ItemFilter) => pending === undefined || (item.invoice === null) === pending,
  }),
}

function createItem(account: Account, given: NewItem): InvoiceItem {
  const invoice = given.invoice === undefined ? undefined : requireDraft(get(account.store.invoices, given.invoice, 'invoice'))
  const id = given.customer ?? invoice?.customer
  if (id === undefined) throw missingParameter('customer')
  const customer = getCustomer(account.store, id, 'customer')
  if (invoice !== undefined && invoice.customer !== customer.id) {
    throw invalidRequest('The invoice belongs to another customer.', { param: 'invoice' })
  }
  const subscription = subscriptionFor(account, given, customer.id)
  const now = account.clock.seconds()
  const currency = given.currency?.toLowerCase() ?? invoice?.currency
  const cost = readCost(account, given, currency)
  if (invoice !== undefined && invoice.currency !== cost.currency) {
    const message = `The currency of the invoice item (${cost.currency}) must be that of its invoice (${invoice.currency}).`
    throw invalidRequest(message, { param: 'currency' })
  }
  const item = account.store.invoiceItems.save({
    id: account.identifiers.next('ii'),
    object: 'invoiceitem',
    ...publishedNulls('invoiceitem'),
    customer: customer.id,
    created: now,
    date: now,
    discountable: given.discountable ?? cost.amount >= 0,
    discounts: [],
    invoice: invoice?.id ?? null,
    livemode: false,
    metadata: changeMetadata({}, given.metadata),
    net_amount: cost.amount,
    parent: subscription === undefined ? null : { subscription_details: { subscription }, type: 'subscription_details' },
    period: given.period ?? { start: now, end: now },
    proration: false,
    tax_rates: readTaxRates(account, given.tax_rates ?? [], 'tax_rates'),
    ...cost,
    ...(given.description !== undefined && { description: given.description }),
  })
  account.emit('invoiceitem.created', item)
  if (invoice !== undefined) replaceLines(account, invoice, [...invoice.lines, lineOf(account, item)])
  return item
}

function updateItem(account: Account, id: string, given: ItemFields): InvoiceItem {
  const before = get(account.store.invoiceItems, id)
  const invoice = before.invoice === null ? undefined : requireDraft(get(account.store.invoices, before.invoice))
  const isRepriced = [given.amount, given.pricing, given.price_data, given.unit_amount_decimal, given.quantity].some((value) => value !== undefined)
  const priced = given.quantity !== undefined && !namesCost(given) ? { ...given, unit_amount_decimal: before.pricing.unit_amount_decimal } : given
  const cost = isRepriced ? readCost(account, priced, before.currency) : undefined
  const keepsPrice = priced !== given
  const after = account.store.invoiceItems.save({
    ...before,
    ...cost,
    ...(keepsPrice && { pricing: before.pricing, description: before.description }),
    ...(cost !== undefined && { net_amount: cost.amount }),
    ...(given.description !== undefined && { description: given.description }),
    ...(given.discountable !== undefined && { discountable: given.discountable }),
    ...(given.period !== undefined && { period: given.period }),
    ...(given.tax_rates !== undefined && { tax_rates: readTaxRates(account, given.tax_rates ?? [], 'tax_rates') }),
    metadata: changeMetadata(before.metadata, given.metadata),
  })
  if (invoice !== undefined) {
    const lines = invoice.lines.map((line) => (itemOf(account, line)?.id === id ? { ...lineOf(account, after), id: line.id } : line))
    replaceLines(account, invoice, lines)
  }
  return after
}

function deleteItem(account: Account, id: string): Rendered {
  const item = get(account.store.invoiceItems, id)
  const invoice = item.invoice === null ? undefined : requireDraft(get(account.store.invoices, item.invoice))
  if (invoice !== undefined) replaceLines(account, invoice, invoice.lines.filter((line) => itemOf(account, line)?.id !== id))
  account.store.invoiceItems.remove(id)
  account.emit('invoiceitem.deleted', item)
  return { id, object: 'invoiceitem', deleted: true }
}

function subscriptionFor(account: Account, given: NewItem, customer: string): string | undefined {
  if (given.subscription === undefined) return undefined
  const subscription = get(account.store.subscriptions, given.subscription, 'subscription')
  if (subscription.customer !== customer) throw invalidRequest('The subscription belongs to another customer.', { param: 'subscription' })
  if (hasEnded(subscription.status)) throw invalidRequest('The subscription has ended.', { param: 'subscription' })
  return subscription.id
}

type Cost = Pick<InvoiceItem, 'amount' | 'currency' | 'description' | 'pricing' | 'quantity' | 'quantity_decimal'>

function namesCost({ amount, price_data, pricing, unit_amount_decimal }: ItemFields): boolean {
  return [amount, price_data, pricing, unit_amount_decimal].some((value) => value !== undefined)
}

/** What an item costs: an amount, or a quantity of a price, of one made for it, or of a unit. */
function readCost(account: Account, given: ItemFields, currency: string | undefined): Cost {
  const { amount, price_data, pricing, unit_amount_decimal } = given
  const named = Object.entries({ amount, price_data, pricing, unit_amount_decimal }).filter(([, value]) => value !== undefined)
  const [first, second] = named.map(([name]) => name)
  if (first === undefined) throw missingParameter('amount')
  if (second !== undefined) throw exclusiveParameters([first, second])
  if (amount !== undefined && given.quantity !== undefined) throw exclusiveParameters(['amount', 'quantity'])
  const quantity = given.quantity ?? 1
  if (quantity < 0) throw invalidInteger('non-negative', 'quantity')
  const unit = amount === undefined ? unit_amount_decimal : String(amount)
  if (unit !== undefined) {
    if (currency === undefined) throw missingParameter('currency')
    const total = priceAmount({ unit_amount_decimal: unit }, quantity)
    const alone = { type: 'price_details', unit_amount_decimal: unit } as const
    return { amount: total, currency, description: null, pricing: alone, quantity, quantity_decimal: String(quantity) }
  }
  const id = pricing?.price ?? (price_data && createPrice(account, { ...price_data, active: false }).id)
  if (id === undefined) throw missingParameter('pricing[price]')
  const wanted = get(account.store.prices, id, 'pricing[price]')
  const price = getPriceIn(account.store, id, currency ?? wanted.currency)
  if (price.recurring !== null) {
    const message = 'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.'
    throw invalidRequest(message, { param: 'pricing[price]' })
  }
  return {
    amount: priceAmount(price, quantity),
    currency: price.currency,
    description: account.store.products.find(price.product)?.name ?? null,
    pricing: { price_details: { price: price.id, product: price.product }, type: 'price_details', unit_amount_decimal: price.unit_amount_decimal ?? '0' },
    quantity,
    quantity_decimal: String(quantity),
  }
}
