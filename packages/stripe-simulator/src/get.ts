import type { Collection } from './collection.ts'
import { missingResource } from './errors.ts'
import type { SubscriptionSchedule } from './billing-objects.ts'
import type { Customer, Invoice, Price, StoredObject, Subscription } from './objects.ts'
import type { Store } from './store.ts'

/** The object with an id; a `resource_missing` refusal that names `param` when there is none. */
export function get<Stored extends StoredObject>(collection: Collection<Stored>, id: string, param?: string): Stored {
  const found = collection.find(id)
  if (found === undefined) throw missingResource(collection.noun, id, param)
  return found
}

/** A customer that has not been deleted. */
export function getCustomer(store: Store, id: string, param?: string): Customer {
  const customer = get(store.customers, id, param)
  if (customer.deleted === true) throw missingResource('customer', id, param)
  return customer
}

/** A price as it is in a currency: its own, or one of its `currency_options`; undefined when it has no such currency. */
export function findPriceIn(store: Store, id: string, currency: string): Price | undefined {
  const price = getPrice(store, id)
  if (price.currency === currency) return price
  const option = price.internal?.currencyOptions[currency]
  if (price.internal === undefined || option === undefined) return undefined
  const { unit_amount, unit_amount_decimal } = option
  return { ...price, currency, unit_amount, unit_amount_decimal, internal: { ...price.internal, tiers: option.tiers } }
}

/** A price in the currency of what it bills; that it has the currency was checked before. */
export function getPriceIn(store: Store, id: string, currency: string): Price {
  return findPriceIn(store, id, currency) ?? getPrice(store, id)
}

/** A price that other objects refer to; prices are never deleted. */
export function getPrice(store: Store, id: string): Price {
  return get(store.prices, id, 'price')
}

/** The subscription that an invoice bills; undefined: none, or it is gone. */
export function findSubscriptionOf(store: Store, invoice: Invoice | undefined): Subscription | undefined {
  return store.subscriptions.find(invoice?.internal.subscription ?? '')
}

/** The schedule that manages a subscription. */
export function findScheduleOf(store: Store, subscription: Subscription): SubscriptionSchedule | undefined {
  return store.subscriptionSchedules.find(String(subscription['schedule']))
}

/** What people call a price: the name of its product. */
export function productName(store: Store, price: Price): string {
  return store.products.find(price.product)?.name ?? price.product
}
