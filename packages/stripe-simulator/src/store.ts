import { createCollection, type Collection } from './collection.ts'
import type {
  CheckoutSession,
  Customer,
  Invoice,
  InvoicePayment,
  PaymentMethod,
  PortalConfiguration,
  PortalSession,
  Price,
  Product,
  StoredObject,
  StripeEvent,
  Subscription,
  WebhookEndpoint,
} from './objects.ts'

/** Everything that one simulated account holds. */
export interface Store {
  readonly products: Collection<Product>
  readonly prices: Collection<Price>
  readonly customers: Collection<Customer>
  readonly paymentMethods: Collection<PaymentMethod>
  readonly checkoutSessions: Collection<CheckoutSession>
  readonly subscriptions: Collection<Subscription>
  readonly invoices: Collection<Invoice>
  readonly invoicePayments: Collection<InvoicePayment>
  readonly portalConfigurations: Collection<PortalConfiguration>
  readonly portalSessions: Collection<PortalSession>
  readonly events: Collection<StripeEvent>
  readonly webhookEndpoints: Collection<WebhookEndpoint>
}

/** Told of each saved object whose future has to be watched. */
export interface StoreWatch {
  subscriptionSaved(subscription: Subscription): void
  sessionSaved(session: CheckoutSession): void
}

export function createStore(watch: StoreWatch): Store {
  return {
    products: createCollection('product'),
    prices: createCollection('price'),
    customers: createCollection('customer'),
    paymentMethods: createCollection('PaymentMethod'),
    checkoutSessions: createCollection('checkout.session', watch.sessionSaved),
    subscriptions: createCollection('subscription', watch.subscriptionSaved),
    invoices: createCollection('invoice'),
    invoicePayments: createCollection('invoice_payment'),
    portalConfigurations: createCollection('configuration'),
    portalSessions: createCollection('billing_portal.session'),
    events: createCollection('event'),
    webhookEndpoints: createCollection('webhook endpoint'),
  }
}

/** The stored object that an id of any kind names; undefined when there is none. */
export function findAnywhere(store: Store, id: string): StoredObject | undefined {
  const collections: readonly { find(id: string): StoredObject | undefined }[] = [
    store.products,
    store.prices,
    store.customers,
    store.paymentMethods,
    store.checkoutSessions,
    store.subscriptions,
    store.invoices,
    store.invoicePayments,
    store.portalConfigurations,
    store.portalSessions,
  ]
  for (const collection of collections) {
    const found = collection.find(id)
    if (found !== undefined) return found
  }
  return undefined
}
