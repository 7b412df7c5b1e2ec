import { getPrice } from '../get.ts'
import type { CreditNote } from '../invoicing-objects.ts'
import type { Invoice, Price, StoredObject, Subscription, SubscriptionItem } from '../objects.ts'
import type { PortalConfiguration } from '../portal-objects.ts'
import type { Store } from '../store.ts'
import { publishedNulls } from '../published-data.ts'

/** How many objects a list holds that is part of another object. */
const embedded = 10

/** An object as it is answered. */
export type Rendered = Readonly<Record<string, unknown>>

/** A page of objects as Stripe answers lists. */
export interface RenderedList {
  readonly object: 'list'
  readonly data: readonly Rendered[]
  readonly has_more: boolean
  readonly url: string
}

/** Turns a stored object into the answered one: embedded objects filled in, `internal` left out. */
export function render(store: Store, stored: StoredObject): Rendered {
  const { internal: _internal, ...fields } = stored
  const kept = withTaxRates(store, fields)
  const answered = 'test_clock' in kept ? { ...kept, test_clock: testClockOfOwner(store, stored) } : kept
  if (isSubscription(stored)) {
    const items = stored.items.map((item) => renderSubscriptionItem(store, stored, item))
    const discounts = stored.discounts.filter((id) => store.discounts.find(id)?.internal.isOver !== true)
    return { ...answered, discounts, items: embed(items, `/v1/subscription_items?subscription=${stored.id}`) }
  }
  if (isInvoice(stored)) {
    return { ...answered, lines: embed(stored.lines, `/v1/invoices/${stored.id}/lines`) }
  }
  if (isPortalConfiguration(stored)) {
    const { products: _products, ...update } = stored.features.subscription_update
    return { ...answered, features: { ...stored.features, subscription_update: update } }
  }
  if (stored.object === 'discount' || stored.object === 'invoiceitem') {
    const { created: _created, ...undated } = answered
    return undated
  }
  if (isCreditNote(stored)) {
    return { ...answered, lines: embed(stored.lines, `/v1/credit_notes/${stored.id}/lines`) }
  }
  if (stored.object === 'customer' && stored['deleted'] === true) {
    return { id: stored.id, object: stored.object, deleted: true }
  }
  return answered
}

/** The beginning of a list that is part of an object; `url` leads to the whole. */
export function embed(all: readonly Rendered[], url: string): RenderedList {
  return { object: 'list', data: all.slice(0, embedded), has_more: all.length > embedded, url }
}

/** Tax rates are stored by id, and shown whole. */
function withTaxRates(store: Store, fields: Rendered): Rendered {
  const wholes: Record<string, unknown> = {}
  for (const name of ['default_tax_rates', 'phases', 'tax_rates']) {
    const listed = fields[name]
    if (!Array.isArray(listed) || listed.length === 0) continue
    wholes[name] = listed.map((each: string | Rendered) => (typeof each === 'string' ? store.taxRates.find(each) : withTaxRates(store, each)))
  }
  return { ...fields, ...wholes }
}

/** What belongs to a customer lives on the customer's test clock. */
function testClockOfOwner(store: Store, stored: StoredObject): unknown {
  const customer = stored['customer']
  return typeof customer === 'string' ? (store.customers.find(customer)?.test_clock ?? null) : stored['test_clock']
}

/** A subscription item with its price, and with the older `plan` that mirrors the price. */
export function renderSubscriptionItem(store: Store, subscription: Subscription, item: SubscriptionItem): Rendered & { readonly id: string } {
  const price = getPrice(store, item.price)
  return {
    id: item.id,
    object: 'subscription_item',
    ...publishedNulls('subscription_item'),
    created: item.created,
    current_period_end: item.current_period_end,
    current_period_start: item.current_period_start,
    discounts: [],
    metadata: item.metadata,
    plan: renderPlan(price),
    price: render(store, price),
    ...(price.recurring?.usage_type !== 'metered' && { quantity: item.quantity }),
    subscription: subscription.id,
    tax_rates: [],
  }
}

/** The older form of a price. */
export function renderPlan(price: Price): Rendered {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price['billing_scheme'],
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: price.recurring?.meter ?? null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: null,
    usage_type: price.recurring?.usage_type ?? 'licensed',
  }
}

function isSubscription(stored: StoredObject): stored is Subscription {
  return stored.object === 'subscription'
}

function isCreditNote(stored: StoredObject): stored is CreditNote {
  return stored.object === 'credit_note'
}

function isInvoice(stored: StoredObject): stored is Invoice {
  return stored.object === 'invoice'
}

function isPortalConfiguration(stored: StoredObject): stored is PortalConfiguration {
  return stored.object === 'billing_portal.configuration'
}
