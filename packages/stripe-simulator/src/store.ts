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

/** What one simulated account can hold, by the name of its collection. */
export interface StoredObjects {
  readonly products: Product
  readonly prices: Price
  readonly customers: Customer
  readonly paymentMethods: PaymentMethod
  readonly checkoutSessions: CheckoutSession
  readonly subscriptions: Subscription
  readonly charges: Charge
  readonly refunds: Refund
  readonly disputes: Dispute
  readonly coupons: Coupon
  readonly discounts: Discount
  readonly promotionCodes: PromotionCode
  readonly meters: Meter
  readonly meterEvents: MeterEvent
  readonly subscriptionSchedules: SubscriptionSchedule
  readonly invoices: Invoice
  readonly invoicePayments: InvoicePayment
  readonly invoiceItems: InvoiceItem
  readonly creditNotes: CreditNote
  readonly taxRates: TaxRate
  readonly paymentIntents: PaymentIntent
  readonly setupIntents: SetupIntent
  readonly portalConfigurations: PortalConfiguration
  readonly portalSessions: PortalSession
  readonly events: StripeEvent
  readonly webhookEndpoints: WebhookEndpoint
  readonly eventDestinations: EventDestination
  readonly testClocks: TestClock
}

/** Everything that one simulated account holds. */
export type Store = { readonly [Name in keyof StoredObjects]: Collection<StoredObjects[Name]> }

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
    invoices: createCollection('invoice', watch.invoiceChanged),
    subscriptions: createCollection('subscription', watch.subscriptionChanged),
    subscriptionSchedules: createCollection('subscription_schedule', watch.scheduleChanged),
    charges: createCollection('charge'),
    refunds: createCollection('refund', watch.refundChanged),
    disputes: createCollection('dispute'),
    coupons: createCollection('coupon'),
    discounts: createCollection('discount'),
    promotionCodes: createCollection('promotion code'),
    meters: createCollection('meter'),
    meterEvents: createCollection('meter event'),
    products: createCollection('product'),
    prices: createCollection('price', undefined, watch.embeddedChanging),
    customers: createCollection('customer'),
    paymentMethods: createCollection('PaymentMethod'),
    checkoutSessions: createCollection('checkout.session', watch.sessionChanged),
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

function collectionsOf(store: Store): readonly Pick<Collection<StoredObject>, 'begin' | 'rollBack' | 'find'>[] {
  return Object.values(store)
}
