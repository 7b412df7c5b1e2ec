import { render, renderPlan, type Rendered } from '../responses/render.ts'
import { findAnywhere, type Store } from '../store.ts'
import { at, entriesOf, without, type VersionStep } from './version-step.ts'

/**
 * 2025-03-31.basil: periods moved from the subscription to its items, an invoice tells its subscription and payments in
 * objects of their own, lines tell their price in `pricing`, and the singular `discount` went.
 */
export const basil: VersionStep = {
  version: '2025-03-31.basil',
  before: {
    subscription: (subscription) => {
      const items = entriesOf(subscription['items'])
      return {
        ...without(subscription, 'billing_mode'),
        current_period_end: latest(items, 'current_period_end'),
        current_period_start: latest(items, 'current_period_start'),
        discount: firstDiscount(subscription),
        items: {
          ...Object(subscription['items']),
          data: items.map((item) => without(item, 'current_period_end', 'current_period_start')),
        },
      }
    },
    price: (price) =>
      price['recurring'] === null ? price : { ...price, recurring: { aggregate_usage: null, ...Object(price['recurring']) } },
    plan: (plan) => ({ aggregate_usage: null, ...plan }),
    invoice: beforeInvoice,
    line_item: beforeLine,
    payment_intent: (intent, store) => ({ ...intent, invoice: invoiceOfIntent(store, intent['id']) }),
    charge: (charge, store) => ({ ...charge, invoice: invoiceOfIntent(store, charge['payment_intent']) }),
    'checkout.session': (session) => ({
      ...session,
      shipping_details: at(session, 'collected_information', 'shipping_details') ?? null,
    }),
  },
}

function beforeInvoice(invoice: Rendered, store: Store): Rendered {
  const subscription = at(invoice, 'parent', 'subscription_details', 'subscription') ?? null
  const payments = store.invoicePayments.where('invoice', String(invoice['id']))
  const payment = payments.find(({ status }) => status === 'paid') ?? payments[0]
  const found = invoice['status'] === 'draft' ? undefined : at(payment, 'payment', 'payment_intent')
  const intent = typeof found === 'string' ? found : null
  return {
    ...without(invoice, 'amount_overpaid', 'parent', 'total_taxes', 'confirmation_secret', 'payments'),
    application_fee_amount: null,
    charge: intent === null ? null : chargeOf(store, intent),
    discount: firstDiscount(invoice),
    paid: invoice['status'] === 'paid',
    paid_out_of_band: invoice['status'] === 'paid' && invoice['amount_due'] !== 0 && intent === null,
    payment_intent: intent,
    quote: null,
    subscription,
    subscription_details:
      subscription === null ? null : { metadata: at(invoice, 'parent', 'subscription_details', 'metadata') ?? null },
    tax: entriesOf(invoice['total_taxes']).length === 0 ? null : sumOf(entriesOf(invoice['total_taxes']), 'amount'),
    total_tax_amounts: entriesOf(invoice['total_taxes']).map(taxAmount),
    transfer_data: null,
  }
}

function beforeLine(line: Rendered, store: Store): Rendered {
  const item = at(line, 'parent', 'subscription_item_details')
  const added = at(line, 'parent', 'invoice_item_details')
  const details = item ?? added
  const id = at(line, 'pricing', 'price_details', 'price')
  const price = store.prices.find(String(id))
  return {
    ...without(line, 'parent', 'pricing', 'taxes'),
    amount_excluding_tax: line['amount'],
    ...(at(details, 'invoice_item') != null && { invoice_item: at(details, 'invoice_item') }),
    plan: price === undefined || price.recurring === null ? null : { ...renderPlan(price), aggregate_usage: null },
    price: price === undefined ? null : (basil.before['price']?.(render(store, price), store) ?? null),
    proration: at(details, 'proration') === true,
    proration_details: at(details, 'proration_details') ?? { credited_items: null },
    subscription: at(details, 'subscription') ?? null,
    ...(at(item, 'subscription_item') != null && { subscription_item: at(item, 'subscription_item') }),
    tax_amounts: entriesOf(line['taxes']).map(taxAmount),
    tax_rates: [],
    type: item == null ? 'invoiceitem' : 'subscription',
    unit_amount_excluding_tax: at(line, 'pricing', 'unit_amount_decimal') ?? null,
  }
}

function taxAmount(tax: Rendered): Rendered {
  return {
    amount: tax['amount'],
    inclusive: tax['tax_behavior'] === 'inclusive',
    tax_rate: at(tax, 'tax_rate_details', 'tax_rate') ?? null,
    taxability_reason: tax['taxability_reason'] ?? null,
    taxable_amount: tax['taxable_amount'] ?? null,
  }
}

/** The first discount, when it is shown whole. */
function firstDiscount(object: Rendered): unknown {
  return entriesOf(object['discounts'])[0] ?? null
}

function chargeOf(store: Store, intent: string): unknown {
  return findAnywhere(store, intent)?.['latest_charge'] ?? null
}

function invoiceOfIntent(store: Store, intent: unknown): string | null {
  const payment = [...store.invoicePayments.oldestFirst()].find((made) => at(made, 'payment', 'payment_intent') === intent)
  return payment?.invoice ?? null
}

function latest(items: readonly Rendered[], field: string): number {
  return Math.max(...items.map((item) => Number(item[field])))
}

function sumOf(entries: readonly Rendered[], field: string): number {
  return entries.reduce((sum, entry) => sum + Number(entry[field]), 0)
}
