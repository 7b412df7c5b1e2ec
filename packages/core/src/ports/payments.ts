import type { PriceInterval } from '../domain/catalog.ts'
import type { Instant, Milliseconds } from '../domain/instant.ts'
import type { MoveProration, MoveTime } from '../domain/plan-move.ts'
import type { Payment, Purchase } from '../domain/purchase.ts'
import type { Subscription } from '../domain/subscription.ts'

/** What a payment event says it is about. State never comes from it: it is a hint to read again. */
export interface PaymentEvent {
  readonly id: string
  readonly type: string
  /** When it happened, by Stripe's clock; `null` where it does not say. */
  readonly createdAt: Instant | null
  /** Stripe's id of the customer, or `null` where the event names none. */
  readonly paymentCustomer: string | null
  /** What it names in place of a customer, by Stripe's id: {@link Payments.findPaymentCustomer} tells whose that is. */
  readonly about?: string
  /** Whether this type is one that can change a customer's entitlements. */
  readonly relevant: boolean
  /** Whether the event comes from the mode (live or test) and installation that these payments are configured for. */
  readonly ours: boolean
  /** Whether more than the subscriptions is to be read: what was bought once, or what was refunded and contested, too. */
  readonly reads?: 'purchases' | 'reversals'
  /** What the log tells the app's people, as a code, though it is about no customer and nothing of Farebox's. */
  readonly warning?: string
}

/** Everything Stripe knows of a customer that we project: all pages, all subscriptions, ended ones included. */
export interface PaymentReading {
  /** Our customer id in Stripe's metadata; `null` where the customer is gone or not ours. */
  readonly customer: string | null
  readonly deleted: boolean
  readonly subscriptions: readonly Subscription[]
}

/** What a customer bought once, and how all of the customer's payments stand. */
export interface PurchaseReading {
  /** Paid ones only, as far back as was asked. */
  readonly purchases: readonly Purchase[]
  /** Charges that succeeded, however long ago. */
  readonly payments: readonly Payment[]
}

/** A customer of the payment service that names one of ours. */
export interface NamingCustomer {
  readonly customer: string
  readonly paymentCustomer: string
}

/** A page on which a subscription to a plan begins. */
export interface CheckoutSessionRequest {
  readonly paymentCustomer: string
  readonly customer: string
  readonly plan: string
  readonly interval: PriceInterval
  readonly quantity: number
  /** ISO 4217, in small letters; `null` takes what the customer was billed in before, else the price's usual one. */
  readonly currency: string | null
  /** The payment service's id of a promotion code that is applied without being asked for. */
  readonly promotionCode: string | null
  readonly trialDays: number
  /** Whether a trial begins with a card. Without one it ends by itself when nobody gave a card meanwhile. */
  readonly trialRequiresCard: boolean
  readonly successUrl: string
  readonly cancelUrl: string
  /** Names the attempt: the same operation never makes two sessions. */
  readonly operation: string
}

/** A pack to be paid once, on a page of its own. */
export type PackCheckoutSessionRequest = Pick<
  CheckoutSessionRequest, 'paymentCustomer' | 'customer' | 'quantity' | 'currency' | 'successUrl' | 'cancelUrl' | 'operation'
> & { readonly pack: string }

/** A checkout page and how it stands. */
export interface CheckoutSession {
  readonly id: string
  readonly url: string | null
  readonly status: 'open' | 'complete' | 'expired'
  readonly expiresAt: Instant
}

/** What a subscription shall become. Policy has been applied: `when` and `proration` say how it gets there. */
export interface ChangeIntent {
  readonly kind: 'change'
  readonly plan: string
  readonly interval: PriceInterval
  /** `null` keeps what there is. */
  readonly quantity: number | null
  readonly when: MoveTime
  readonly proration: MoveProration
  /** The instant that proration counts from, whole seconds: the one that a preview showed; `null` for the present. */
  readonly prorationDate: Instant | null
  /** When the trial that runs ends, where the change gives a shorter one, or none; left out: as it is. */
  readonly trialEnd?: Instant | 'now'
  /** The payment service's id of a promotion code. It counts from the change on, in place of a code that was there. */
  readonly promotionCode?: string
  /** All that is taken off from the change on, as the payment service puts it; left out: what is now, with the code. */
  readonly discounts?: readonly Readonly<Record<string, string>>[]
}

/** What is to be done with a subscription. Plain JSON: it is stored before anything is done. */
export type PaymentIntent =
  | ChangeIntent
  | { readonly kind: 'cancel'; readonly when: MoveTime }
  /** Takes back a scheduled end, a scheduled change and a pause, whichever there are. */
  | { readonly kind: 'resume' }
  /** `until`: when it ends by itself; `null` where somebody resumes it. `credits`: whether time that was paid for may be given back. */
  | { readonly kind: 'pause'; readonly until: Instant | null; readonly credits: boolean }

/** One write of an operation, as plain JSON: planned from a reading, stored, then made under a key of its own. */
export interface PaymentStep {
  readonly name: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What a step came to. `values` is what later steps need of it. */
export type StepOutcome =
  | { readonly kind: 'done'; readonly values?: Readonly<Record<string, string | number>> }
  /** Nothing takes effect until the customer has paid or confirmed on this page. */
  | { readonly kind: 'action-required'; readonly url: string | null }

/** A step in its place. */
export interface StepRequest {
  readonly subscription: string
  /** Names the operation: with the step's place and parameters it makes Stripe's idempotency key. */
  readonly operation: string
  readonly index: number
  readonly step: PaymentStep
  /** What the steps before came to. */
  readonly outcomes: readonly StepOutcome[]
}

/** The writes that an intent takes, none where it is so already. */
export type StepPlan =
  | {
      readonly kind: 'steps'
      readonly steps: readonly PaymentStep[]
      /** All that would have been taken off from a scheduled change on that makes way for them. */
      readonly releasedDiscounts?: NonNullable<ChangeIntent['discounts']>
      /** Whether what is scheduled, or waits for a payment, stays as it is. */
      readonly leavesChanges?: boolean
    }
  /** The very same change waits for the customer. */
  | { readonly kind: 'action-required'; readonly url: string | null }

/** A line of an invoice that Stripe would make. */
export interface PreviewLine {
  readonly description: string | null
  /** Minor currency units; a credit is negative. Before tax. */
  readonly amount: number
  readonly quantity: number | null
  /** For time that is given back or added, not for a whole period. */
  readonly proration: boolean
  readonly periodStart: Instant
  readonly periodEnd: Instant
}

/** An invoice that Stripe would make, line by line. `total` is after discounts and tax, `due` what would be collected. */
export interface InvoicePreview {
  readonly currency: string
  readonly lines: readonly PreviewLine[]
  readonly subtotal: number
  /** What coupons take off; not negative. */
  readonly discount: number
  readonly tax: number
  readonly total: number
  readonly due: number
}

/** An invoice as it stands. Minor currency units. */
export interface Invoice {
  readonly id: string
  readonly number: string | null
  readonly status: 'open' | 'paid' | 'void' | 'uncollectible'
  readonly createdAt: Instant
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly dueAt: Instant | null
  readonly currency: string
  readonly total: number
  /** What is still to be paid. */
  readonly due: number
  /** The page on which it is shown and paid. */
  readonly url: string | null
  readonly pdf: string | null
}

/** A page of invoices, newest first. `next` names the invoice behind which the next page begins; `null` after the last. */
export interface InvoicePage {
  readonly invoices: readonly Invoice[]
  readonly next: string | null
}

/** The invoice that a subscription will have next, and when it is made. */
export interface UpcomingInvoice {
  readonly at: Instant
  readonly invoice: InvoicePreview
}

/** How a customer pays. `kind` is the payment service's word for it, an open list; `null` is what such a kind does not have. */
export interface PaymentMethod {
  readonly id: string
  readonly kind: string
  readonly brand: string | null
  readonly last4: string | null
  readonly expires: { readonly month: number; readonly year: number } | null
  /** Whether the next invoice is paid with it. */
  readonly isDefault: boolean
}

/** What a change would cost, as Stripe works it out. Nothing is computed here. */
export interface ChangePreview {
  /** When the change takes effect. */
  readonly at: Instant
  /** Of the present moment; `null` where nothing is collected now. */
  readonly now: InvoicePreview | null
  /** What comes regularly from then on, with what is carried over to the next invoice. */
  readonly next: InvoicePreview
}

/** What the payment service said of a failure besides its code: the `cause` of what is thrown. */
export interface PaymentFailure {
  /** What the log shows of it: under which id the dashboard has the request, and what was refused of it. */
  readonly log: Readonly<Record<string, string>>
  /** There were too many requests: how long to ask for nothing, 0 where it did not say. */
  readonly retryAfter?: Milliseconds
}

/**
 * The payment service. Every write carries an idempotency key derived from what it is for, so a retry never doubles it.
 *
 * @throws FareboxError `payments-failed` (with Stripe's error code as `reason`) or `unavailable`; the `cause` is a {@link PaymentFailure}.
 */
export interface Payments {
  /** Made once per customer, and anew only where it was deleted: the key is the customer's id. Never linked by e-mail. */
  createCustomer(request: {
    readonly customer: string
    readonly email: string | null
    readonly name: string | null
    /** It cannot have been made before: how far to look back where Stripe's answer to its making was lost for good. */
    readonly since: Instant
  }): Promise<{ readonly paymentCustomer: string }>
  readCustomer(paymentCustomer: string): Promise<PaymentReading>
  /** `since`: when the earliest checkout that is asked for began; `null` for all. */
  readPurchases(request: { readonly paymentCustomer: string; readonly since: Instant | null }): Promise<PurchaseReading>
  /**
   * A page of the payment service's customers behind `after`: those that name one of ours. `next` is where to go on, `null`
   * after the last page; a page may be smaller than `limit`, or empty, and not the last.
   */
  listCustomers(request: { readonly after: string | null; readonly limit: number }): Promise<{
    readonly customers: readonly NamingCustomer[]
    readonly next: string | null
  }>
  /** The promotion code that people know by this text, an active one rather than another; `undefined` where there is none. */
  findPromotionCode(code: string): Promise<{ readonly id: string; readonly active: boolean } | undefined>
  /**
   * @throws FareboxError `payments-failed`: `price-missing`, also in this currency alone; `invalid-request` at `promotionCode` where
   * the code is not good for this customer and purchase.
   */
  createCheckout(request: CheckoutSessionRequest): Promise<CheckoutSession>
  /** @throws FareboxError as {@link Payments.createCheckout} does. */
  createPackCheckout(request: PackCheckoutSessionRequest): Promise<CheckoutSession>
  findCheckout(session: string): Promise<CheckoutSession | undefined>
  /** Expires an open session; answers what it is afterwards, which is `complete` when the customer was faster. */
  expireCheckout(session: string): Promise<CheckoutSession>
  /**
   * The writes that lead to what is intended, planned from a new reading of the subscription; nothing is written.
   * @throws FareboxError `payments-failed`: `price-missing`, or `ambiguous-items` where more than one item sells a plan, for
   * then it would have to be guessed which one is meant.
   */
  planSteps(request: { readonly subscription: string; readonly intent: PaymentIntent }): Promise<StepPlan>
  /**
   * Makes a step. Made twice, by whomever, it takes effect once.
   * @throws FareboxError also `invalid-request` at `promotionCode`, as {@link Payments.createCheckout} does.
   */
  runStep(request: StepRequest): Promise<StepOutcome>
  /** Reads whether a step took effect; `undefined` when it did not. */
  findStep(request: StepRequest): Promise<StepOutcome | undefined>
  previewChange(request: { readonly subscription: string; readonly intent: ChangeIntent }): Promise<ChangePreview>
  /** A customer's invoices behind `after`, without drafts. @throws FareboxError `invalid-request` at `after` where it is none. */
  listInvoices(request: { readonly paymentCustomer: string; readonly after: string | null; readonly limit: number }): Promise<InvoicePage>
  /** What a subscription will be billed next as it is now; `null` where nothing more comes by itself. */
  findUpcoming(subscription: string): Promise<UpcomingInvoice | null>
  /** All of a customer's; the default is what `subscription` is paid with, where there is one, else the customer's own. */
  listPaymentMethods(request: {
    readonly paymentCustomer: string
    readonly subscription: string | null
  }): Promise<readonly PaymentMethod[]>
  createPortal(request: { readonly paymentCustomer: string; readonly returnUrl: string }): Promise<{ readonly url: string }>
  /**
   * Verifies the signature over the raw bytes, by real time, then parses once.
   * @throws FareboxError `invalid-signature`, `invalid-request`, `unavailable`.
   */
  readDelivery(body: Uint8Array<ArrayBuffer>, signature: string | null): Promise<PaymentEvent>
  /**
   * Stripe's id of the customer whose an object is; `null` where it is nobody's, or Stripe does not know it.
   * @throws FareboxError `unavailable`, `payments-failed`.
   */
  findPaymentCustomer(about: string): Promise<string | null>
}
