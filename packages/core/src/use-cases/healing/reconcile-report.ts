import type { Instant } from '../../domain/instant.ts'
import type { PaymentIntent } from '../../ports/payments.ts'

/** What {@link ReconcileRequest} asks for is bounded, so that it fits a serverless function: call again with the cursor. */
export interface ReconcileRequest {
  /** Finds without repairing. */
  readonly dryRun?: boolean
  /** How many customers, events and operations are looked at, from 1 to 1,000; 100 unless said otherwise. */
  readonly limit?: number
  /** Where the last call ended. */
  readonly cursor?: string
  /**
   * How many customers are begun with per second, at most: above 0, up to 100; 5 unless said otherwise. Each takes two or three
   * requests to Stripe. Where Stripe is too busy (429), nobody is begun with for as long as its `Retry-After` says.
   */
  readonly customersPerSecond?: number
}

/** What is stored of a customer and what Stripe says instead, field by field. */
export interface Difference {
  readonly kind: 'difference'
  readonly customer: string
  /** The collection of records; of `customers`, which of Stripe's customers this is, and when the answer changes by itself (`changesAt`). */
  readonly collection: string
  /** The row: of a subscription, Stripe's id of it. */
  readonly id: string
  /** `null` where nothing of it is stored. */
  readonly field: string | null
  readonly stored: unknown
  readonly stripe: unknown
  readonly repaired: boolean
}

/** An event of Stripe that was not done: it failed, or was put aside after failing again and again. */
export interface UndoneEvent {
  readonly kind: 'failed-event' | 'parked-event'
  readonly customer: string
  readonly event: string
  readonly type: string
  /** Why it failed last, as a stable code. */
  readonly failure: string | null
  readonly repaired: boolean
}

/** A change of a subscription that somebody began more than an hour ago. */
export interface StuckOperation {
  readonly kind: 'stuck-operation'
  readonly customer: string
  readonly operation: string
  readonly subscription: string
  readonly intent: PaymentIntent['kind']
  readonly since: Instant
  readonly repaired: boolean
}

/** One of Stripe's customers names one of ours, and we know of none for it. Repaired by linking the two. */
export interface UnlinkedCustomer {
  readonly kind: 'unlinked-customer'
  readonly customer: string
  readonly paymentCustomer: string
  readonly repaired: boolean
}

/** Two of Stripe's customers name the same one of ours. The one that is linked counts; what the other has gives nothing. */
export interface SecondPaymentCustomer {
  readonly kind: 'second-payment-customer'
  readonly customer: string
  readonly linked: string
  readonly paymentCustomer: string
  /** Live subscriptions of the other: somebody pays for nothing. */
  readonly subscriptions: readonly string[]
  readonly repaired: false
}

/** More than one subscription is live. Both are paid for; the customer has what the better one gives. */
export interface SeveralSubscriptions {
  readonly kind: 'several-subscriptions'
  readonly customer: string
  readonly subscriptions: readonly string[]
  readonly repaired: false
}

/** A subscription is paid for and gives nothing: its prices name no plan of the catalog, or two. */
export interface SubscriptionWithoutPlan {
  readonly kind: 'subscription-without-plan'
  readonly customer: string
  readonly subscription: string
  readonly price: string
  readonly plan: string | null
  readonly repaired: false
}

/** A pack was paid that the catalog does not have, so nothing was given for it. */
export interface PurchaseWithoutPack {
  readonly kind: 'purchase-without-pack'
  readonly customer: string
  readonly session: string
  readonly pack: string
  readonly repaired: false
}

/** A checkout can still be paid although a subscription is live. The customer's next checkout or change expires it. */
export interface OpenCheckout {
  readonly kind: 'open-checkout'
  readonly customer: string
  readonly session: string
  readonly plan: string
  readonly expiresAt: Instant
  readonly repaired: false
}

/** Stripe refused to tell of a customer: `payments-failed:customer-mismatch` where its customer does not name ours. */
export interface UnreadableCustomer {
  readonly kind: 'unreadable-customer'
  readonly customer: string
  readonly failure: string
  readonly repaired: false
}

/** Something that is not as it should be. What is not repaired is for a person to look at, or for the next call. */
export type ReconcileFinding =
  | Difference
  | UndoneEvent
  | StuckOperation
  | UnlinkedCustomer
  | SecondPaymentCustomer
  | SeveralSubscriptions
  | SubscriptionWithoutPlan
  | PurchaseWithoutPack
  | OpenCheckout
  | UnreadableCustomer

/** What a call of `farebox.reconcile` found, and where the next one goes on. */
export interface ReconcileReport {
  readonly dryRun: boolean
  /** How many customers were compared with Stripe. */
  readonly customers: number
  readonly findings: readonly ReconcileFinding[]
  /** Give it to the next call; `null` once everything was looked at. */
  readonly cursor: string | null
  /** Why this call ended early, as a stable code: Stripe or the store did not answer. Go on with the cursor, later. */
  readonly stopped: string | null
}

/** A part of everything that is looked at, in its order. Each has a position of its own to go on from. */
export interface Stage {
  readonly name: string
  /** Looks at up to `limit` things behind `position`, and tells each finding. */
  walk(position: unknown, limit: number): Promise<StageWalk>
}

/** How far a stage came. */
export interface StageWalk {
  readonly looked: number
  readonly findings: readonly ReconcileFinding[]
  /** Where to go on; `null` where nothing is left. */
  readonly next: unknown
  /** A stable code where it ended early. */
  readonly stopped: string | null
}
