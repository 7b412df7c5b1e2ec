import { unsupported } from '../errors.ts'
import type { Coupon } from '../billing-objects.ts'
import type { Price } from '../objects.ts'
import { embed, render, type Rendered } from './render.ts'
import { renderLineItems } from './render-line-item.ts'
import type { Store } from '../store.ts'

const simulated: ReadonlySet<string> = new Set([
  'applies_to',
  'confirmation_secret',
  'currency_options',
  'line_items',
  'payments',
  'products',
  'subscriptions',
  'tiers',
])
const notSimulated: ReadonlySet<string> = new Set(['cash_balance', 'sources', 'tax', 'tax_ids'])

/** Whether a field that holds no id can be expanded, because it is left out of answers otherwise. */
export function includability(field: string): 'possible' | 'not-simulated' | 'impossible' {
  if (simulated.has(field)) return 'possible'
  return notSimulated.has(field) ? 'not-simulated' : 'impossible'
}

/**
 * The value of a field that is only answered on request; 501 for those that are not simulated. `within` is what the field is
 * part of, such as the currency of a price.
 */
export function included(store: Store, id: string | undefined, field: string, within?: string): unknown {
  if (id === undefined || includability(field) === 'impossible') return undefined
  const session = store.checkoutSessions.find(id)
  if (field === 'line_items' && session !== undefined) {
    return embed(renderLineItems(store, session), `/v1/checkout/sessions/${id}/line_items`)
  }
  if (field === 'payments' && store.invoices.find(id) !== undefined) {
    const payments = store.invoicePayments.where('invoice', id)
    return embed(payments.map((payment) => render(store, payment)), `/v1/invoice_payments?invoice=${id}`)
  }
  if (field === 'subscriptions' && store.customers.find(id) !== undefined) {
    const live = store.subscriptions.ofCustomer(id).filter((subscription) => subscription.status !== 'canceled')
    return embed(live.map((subscription) => render(store, subscription)), `/v1/customers/${id}/subscriptions`)
  }
  const invoice = store.invoices.find(id)
  if (field === 'confirmation_secret' && invoice !== undefined) return confirmationSecret(store, id)
  const configuration = store.portalConfigurations.find(id)
  if (field === 'products' && configuration !== undefined) return configuration.features.subscription_update.products ?? []
  const coupon = store.coupons.find(id)
  if (field === 'applies_to' && coupon !== undefined) return { products: coupon.internal.products ?? [] }
  if (field === 'currency_options' && coupon !== undefined) return couponAmounts(coupon)
  const price = store.prices.find(id)
  if (field === 'tiers' && price !== undefined) return price.internal?.currencyOptions[within ?? '']?.tiers ?? price.internal?.tiers
  if (field === 'currency_options' && price !== undefined) return currencyOptionsOf(price)
  throw unsupported(`the field ${field}`, 'expand')
}

/** What a client confirms the payment of an open invoice with. */
function confirmationSecret(store: Store, invoice: string): Readonly<Record<string, string>> | null {
  const payment = store.invoicePayments.newestFirst().find((candidate) => candidate.invoice === invoice)
  const intent = store.paymentIntents.find(payment?.payment.payment_intent ?? '')
  return intent === undefined ? null : { client_secret: intent.client_secret, type: 'payment_intent' }
}

/** By currency, the price's own among them. Their tiers are told only where they are asked for in turn. */
function currencyOptionsOf(price: Price): Rendered {
  const { unit_amount, unit_amount_decimal, internal } = price
  const own = { custom_unit_amount: null, tax_behavior: price['tax_behavior'], unit_amount, unit_amount_decimal }
  const others = Object.entries(internal?.currencyOptions ?? {}).map(([currency, { tiers: _tiers, ...option }]) => [currency, option])
  return { [price.currency]: own, ...Object.fromEntries(others) }
}

function couponAmounts(coupon: Coupon): Rendered {
  const { amount_off, currency, internal } = coupon
  const all = { ...(currency !== null && amount_off !== null && { [currency]: amount_off }), ...internal.amounts }
  return Object.fromEntries(Object.entries(all).map(([code, amount]) => [code, { amount_off: amount }]))
}
