import type { PriceInterval } from '../domain/catalog.ts'
import type { Instant } from '../domain/instant.ts'
import type { Subscription } from '../domain/subscription.ts'

/** What a payment event says it is about. State never comes from it: it is a hint to read again. */
export interface PaymentEvent {
  readonly id: string
  readonly type: string
  /** Stripe's id of the customer, or `null` where the event is about none. */
  readonly paymentCustomer: string | null
  /** Whether this type is one that can change a customer's entitlements. */
  readonly relevant: boolean
  /** Whether the event comes from the mode (live or test) and installation that these payments are configured for. */
  readonly ours: boolean
}

/** Everything Stripe knows of a customer that we project: all pages, all subscriptions, ended ones included. */
export interface PaymentReading {
  /** Our customer id in Stripe's metadata; `null` where the customer is gone or not ours. */
  readonly customer: string | null
  readonly deleted: boolean
  readonly subscriptions: readonly Subscription[]
}

export interface CheckoutRequest {
  readonly paymentCustomer: string
  readonly customer: string
  readonly plan: string
  readonly interval: PriceInterval
  readonly trialDays: number
  readonly successUrl: string
  readonly cancelUrl: string
  /** Names the attempt: the same operation never makes two sessions. */
  readonly operation: string
}

export interface CheckoutSession {
  readonly id: string
  readonly url: string | null
  readonly status: 'open' | 'complete' | 'expired'
  readonly expiresAt: Instant
}

/**
 * The payment service. Every write carries an idempotency key derived from what it is for, so a retry never doubles it.
 *
 * @throws FareboxError `payments-failed` (with Stripe's error code as `reason`) or `unavailable`.
 */
export interface Payments {
  /** Made once per customer, and anew only where it was deleted: the key is the customer's id. Never linked by e-mail. */
  createCustomer(request: {
    readonly customer: string
    readonly email: string | null
    readonly name: string | null
  }): Promise<{ readonly paymentCustomer: string }>
  readCustomer(paymentCustomer: string): Promise<PaymentReading>
  createCheckout(request: CheckoutRequest): Promise<CheckoutSession>
  findCheckout(session: string): Promise<CheckoutSession | undefined>
  /** Expires an open session; answers what it is afterwards, which is `complete` when the customer was faster. */
  expireCheckout(session: string): Promise<CheckoutSession>
  createPortal(request: { readonly paymentCustomer: string; readonly returnUrl: string }): Promise<{ readonly url: string }>
  /**
   * Verifies the signature over the raw bytes, by real time, then parses once. An event that names only an object is
   * looked up. @throws FareboxError `invalid-signature`, `invalid-request`, `unavailable`, `payments-failed`.
   */
  readDelivery(body: Uint8Array<ArrayBuffer>, signature: string | null): Promise<PaymentEvent>
}
