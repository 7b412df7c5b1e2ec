import type { Account } from '../../account.ts'
import type { AutomaticTax } from '../../amount-objects.ts'
import { getCustomer, getPriceIn, productName } from '../../get.ts'
import type { Invoice, InvoiceLine, Price, Subscription, SubscriptionItem } from '../../objects.ts'
import { publishedNulls } from '../../published-data.ts'
import { workedOut } from '../amounts/automatic-tax.ts'
import { displayAmount, priceAmount } from '../amounts/money.ts'
import { lineOf, pendingItems } from './invoice-items.ts'
import { invoiceTotals } from './invoice-totals.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Why an invoice was made. */
export type BillingReason = 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'manual' | 'upcoming'

/** Whom an invoice bills: a subscription, or a customer for something else. */
export interface Billed extends Pick<Subscription, 'currency' | 'customer' | 'metadata'> {
  /** The subscription; null: none. */
  readonly id: string | null
  /** Ids of the discounts that its invoices may have. */
  readonly discounts?: readonly string[]
  /** Ids of the tax rates of its lines. */
  readonly default_tax_rates?: readonly string[]
  /** Default: Stripe works out no tax. */
  readonly automatic_tax?: AutomaticTax
  /** Default: it is charged. */
  readonly collection_method?: Invoice['collection_method']
  readonly days_until_due?: number | null
}

/** Whether invoices are sent, for people to pay them by hand. */
export function isSent({ collection_method }: Pick<Billed, 'collection_method'>): boolean {
  return collection_method === 'send_invoice'
}

/** A draft invoice over the given lines, and over the invoice items that wait for a subscription's next; nothing is stored. */
export function draftInvoice(
  account: Account,
  subscription: Billed,
  reason: BillingReason,
  lines: readonly InvoiceLine[],
  period: { readonly start: number; readonly end: number },
): Invoice {
  const customer = getCustomer(account.store, subscription.customer)
  // One that is asked for has the subscription's own: https://docs.stripe.com/api/invoices/create#create_invoice-subscription
  const of = reason === 'manual' ? [subscription.id] : undefined
  const waiting = subscription.id === null ? [] : pendingItems(account, subscription, of).map((item) => lineOf(account, item))
  const { currency, default_tax_rates = [], discounts = [] } = subscription
  const automatic_tax = { disabled_reason: null, ...workedOut(subscription.automatic_tax?.enabled === true) }
  const totals = invoiceTotals(account, [...lines, ...waiting], { automatic_tax, currency, default_tax_rates, discounts })
  const amountDue = Math.max(0, totals.total + customer.balance)
  const id = account.identifiers.next('in')
  return {
    id,
    object: 'invoice',
    ...publishedNulls('invoice'),
    account_country: 'US',
    account_name: 'Simulated account',
    amount_due: amountDue,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: amountDue,
    amount_shipping: 0,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax,
    automatically_finalizes_at: null,
    billing_reason: reason,
    collection_method: subscription.collection_method ?? 'charge_automatically',
    created: account.clock.seconds(),
    currency,
    customer: customer.id,
    customer_address: customer['address'] ?? null,
    customer_email: customer.email,
    customer_name: customer.name,
    customer_phone: customer['phone'] ?? null,
    customer_tax_exempt: 'none',
    default_tax_rates,
    due_date: isSent(subscription) ? account.clock.seconds() + (subscription.days_until_due ?? 0) * 86_400 : null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    parent:
      subscription.id === null
        ? null
        : {
            quote_details: null,
            subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
            type: 'subscription_details',
          },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: period.end,
    period_start: period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    starting_balance: customer.balance,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    ...totals,
    lines: totals.lines.map((line) => ({ ...line, invoice: id })),
    internal: { subscription: subscription.id },
  }
}

/** The line that bills an item for a period; free while the item is on trial. */
export function itemLine(
  account: Account,
  subscription: Subscription,
  item: SubscriptionItem,
  isTrial: boolean,
): InvoiceLine {
  const price = getPriceIn(account.store, item.price, subscription.currency)
  const name = productName(account.store, price)
  const description = isTrial ? `Trial period for ${name}` : `${item.quantity} × ${name} (at ${displayPrice(price)})`
  return newLine(account, price, {
    amount: isTrial ? 0 : priceAmount(price, item.quantity),
    description,
    quantity: item.quantity,
    period: { start: item.current_period_start, end: item.current_period_end },
    unitAmount: isTrial ? '0' : price.unit_amount_decimal,
    metadata: subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: null,
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    subscription: subscription.id,
  })
}

/** The line of something that is bought once. */
export function oneTimeLine(account: Account, price: Price, quantity: number): InvoiceLine {
  const now = account.clock.seconds()
  return newLine(account, price, {
    amount: priceAmount(price, quantity),
    description: productName(account.store, price),
    quantity,
    period: { start: now, end: now },
    unitAmount: price.unit_amount_decimal,
    metadata: {},
    parent: {
      invoice_item_details: {
        invoice_item: account.identifiers.next('ii'),
        proration: false,
        proration_details: null,
        subscription: null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    subscription: null,
  })
}

/** A line that credits (negative) or debits part of a period after a change of price or quantity. */
export function prorationLine(
  account: Account,
  subscription: Subscription,
  item: SubscriptionItem,
  amount: number,
  from: number,
): InvoiceLine {
  const price = getPriceIn(account.store, item.price, subscription.currency)
  const name = productName(account.store, price)
  const count = item.quantity === 1 ? '' : `${item.quantity} × `
  return newLine(account, price, {
    amount,
    isProration: true,
    description: `${amount < 0 ? 'Unused' : 'Remaining'} time on ${count}${name} after ${displayDay(from)}`,
    quantity: item.quantity,
    period: { start: from, end: item.current_period_end },
    unitAmount: price.unit_amount_decimal,
    metadata: {},
    parent: {
      invoice_item_details: {
        invoice_item: account.identifiers.next('ii'),
        proration: true,
        proration_details: { credited_items: null },
        subscription: subscription.id,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    subscription: subscription.id,
  })
}

/** A day as Stripe writes it on lines: `03 Mar 2026`. */
function displayDay(instant: number): string {
  const date = new Date(instant * 1000)
  return `${String(date.getUTCDate()).padStart(2, '0')} ${months[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`
}

/** A price for people, such as `$29.00 / month`. */
export function displayPrice(price: Price): string {
  const amount = displayAmount(priceAmount(price, 1), price.currency)
  if (price.recurring === null) return amount
  const { interval, interval_count } = price.recurring
  return interval_count === 1 ? `${amount} / ${interval}` : `${amount} every ${interval_count} ${interval}s`
}

function newLine(
  account: Account,
  price: Price,
  fields: {
    amount: number
    description: string
    quantity: number
    period: { start: number; end: number }
    unitAmount: string | null
    metadata: Readonly<Record<string, string>>
    parent: Readonly<Record<string, unknown>>
    subscription: string | null
    isProration?: boolean
  },
): InvoiceLine {
  const { unitAmount, isProration: _isProration, ...rest } = fields
  return {
    id: account.identifiers.next('il'),
    object: 'line_item',
    ...rest,
    currency: price.currency,
    discount_amounts: [],
    discountable: fields.isProration !== true,
    discounts: [],
    invoice: null,
    livemode: false,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: unitAmount,
    },
    quantity_decimal: String(fields.quantity),
    subtotal: fields.amount,
    taxes: [],
  }
}
