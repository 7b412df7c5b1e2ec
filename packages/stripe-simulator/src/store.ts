import { createCollection as createEmptyCollection, type Collection } from './collection.ts'
import type {
  Charge,
  Coupon,
  Discount,
  Dispute,
  Meter,
  MeterEvent,
  PromotionCode,
  Refund,
  SubscriptionSchedule,
  TestClock,
} from './billing-objects.ts'
import type { CreditNote, InvoiceItem, InvoicePayment, TaxRate } from './invoicing-objects.ts'
import type {
  CheckoutSession,
  Customer,
  EventDestination,
  Invoice,
  PaymentMethod,
  Price,
  Product,
  StoredObject,
  StripeEvent,
  Subscription,
  WebhookEndpoint,
} from './objects.ts'
import type { PortalConfiguration, PortalSession } from './portal-objects.ts'
import type { PaymentIntent, SetupIntent } from './payment-objects.ts'

/** Everything that one simulated account holds. */
export interface Store {
  readonly products: Collection<Product>
  readonly prices: Collection<Price>
  readonly customers: Collection<Customer>
  readonly paymentMethods: Collection<PaymentMethod>
  readonly checkoutSessions: Collection<CheckoutSession>
  readonly subscriptions: Collection<Subscription>
  readonly charges: Collection<Charge>
  readonly refunds: Collection<Refund>
  readonly disputes: Collection<Dispute>
  readonly coupons: Collection<Coupon>
  readonly discounts: Collection<Discount>
  readonly promotionCodes: Collection<PromotionCode>
  readonly meters: Collection<Meter>
  readonly meterEvents: Collection<MeterEvent>
  readonly subscriptionSchedules: Collection<SubscriptionSchedule>
  readonly invoices: Collection<Invoice>
  readonly invoicePayments: Collection<InvoicePayment>
  readonly invoiceItems: Collection<InvoiceItem>
  readonly creditNotes: Collection<CreditNote>
  readonly taxRates: Collection<TaxRate>
  readonly paymentIntents: Collection<PaymentIntent>
  readonly setupIntents: Collection<SetupIntent>
  readonly portalConfigurations: Collection<PortalConfiguration>
  readonly portalSessions: Collection<PortalSession>
  readonly events: Collection<StripeEvent>
  readonly webhookEndpoints: Collection<WebhookEndpoint>
  readonly eventDestinations: Collection<EventDestination>
  readonly testClocks: Collection<TestClock>
}

/** Told of each object whose future has to be watched, as it is now; undefined: it is gone. */
export interface StoreWatch {
  readonly subscriptionChanged: (id: string, subscription: Subscription | undefined) => void
  readonly refundChanged: (id: string, refund: Refund | undefined) => void
  readonly scheduleChanged: (id: string, schedule: SubscriptionSchedule | undefined) => void
  readonly invoiceChanged: (id: string, invoice: Invoice | undefined) => void
  readonly paymentIntentChanged: (id: string, intent: PaymentIntent | undefined) => void
  readonly sessionChanged: (id: string, session: CheckoutSession | undefined) => void
  /** Told of every write, whatever it writes. */
  readonly written: () => void
  /** Told before an object is replaced that others embed when they are rendered. */
  readonly embeddedChanging: () => void
}

export function createStore(watch: StoreWatch): Store {
  const createCollection = <Stored extends StoredObject>(
    noun: string,
    changed: (id: string, object: Stored | undefined) => void = () => {},
    changing?: () => void,
  ): Collection<Stored> =>
    createEmptyCollection(
      noun,
      (id, object) => {
        watch.written()
        changed(id, object)
      },
      changing,
    )
  return {
    products: createCollection('product'),
    prices: createCollection('price', undefined, watch.embeddedChanging),
    customers: createCollection('customer'),
    paymentMethods: createCollection('PaymentMethod'),
    checkoutSessions: createCollection('checkout.session', watch.sessionChanged),
    subscriptions: createCollection('subscription', watch.subscriptionChanged),
    charges: createCollection('charge'),
    refunds: createCollection('refund', watch.refundChanged),
    disputes: createCollection('dispute'),
    coupons: createCollection('coupon'),
    discounts: createCollection('discount'),
    promotionCodes: createCollection('promotion code'),
    meters: createCollection('meter'),
    meterEvents: createCollection('meter event'),
    subscriptionSchedules: createCollection('subscription_schedule', watch.scheduleChanged),
    invoices: createCollection('invoice', watch.invoiceChanged),
    invoicePayments: createCollection('invoice_payment'),
    invoiceItems: createCollection('invoiceitem'),
    creditNotes: createCollection('credit_note'),
    taxRates: createCollection('tax rate'),
    paymentIntents: createCollection('payment_intent', watch.paymentIntentChanged),
    setupIntents: createCollection('setupintent'),
    portalConfigurations: createCollection('configuration'),
    portalSessions: createCollection('billing_portal.session'),
    events: createCollection('event'),
    webhookEndpoints: createCollection('webhook endpoint'),
    eventDestinations: createCollection('v2.core.event_destination'),
    testClocks: createCollection('test clock'),
  }
}

/** Starts an action: from here on `rollBack` can take back what it writes. */
export function begin(store: Store): void {
  for (const collection of collectionsOf(store)) collection.begin()
}

/** Takes back everything that was written since `begin`. */
export function rollBack(store: Store): void {
  for (const collection of collectionsOf(store)) collection.rollBack()
}

/** The stored object that an id of any kind names; undefined when there is none. */
export function findAnywhere(store: Store, id: string): StoredObject | undefined {
  for (const collection of collectionsOf(store)) {
    const found = collection.find(id)
    if (found !== undefined) return found
  }
  return undefined
}

function collectionsOf(
  store: Store,
): readonly Pick<Collection<StoredObject>, 'begin' | 'rollBack' | 'find'>[] {
  return [
    store.invoices,
    store.subscriptions,
    store.subscriptionSchedules,
    store.charges,
    store.refunds,
    store.disputes,
    store.coupons,
    store.discounts,
    store.promotionCodes,
    store.meters,
    store.meterEvents,
    store.products,
    store.prices,
    store.customers,
    store.paymentMethods,
    store.checkoutSessions,
    store.invoicePayments,
    store.invoiceItems,
    store.creditNotes,
    store.taxRates,
    store.paymentIntents,
    store.setupIntents,
    store.portalConfigurations,
    store.portalSessions,
    store.events,
    store.webhookEndpoints,
    store.eventDestinations,
    store.testClocks,
  ]
}
