import type { PriceInterval } from './catalog.ts'
import type { Instant } from './instant.ts'
import type { LifecyclePolicy, SubscriptionStatus } from './lifecycle.ts'

/** What a subscription turns into by itself, at an instant that is set: the next phase of its schedule. */
export interface PendingChange {
  /** The plan's key, or `null` where its prices name none, or two. */
  readonly plan: string | null
  readonly interval: PriceInterval | null
  readonly quantity: number
  readonly at: Instant
}

/** Why a subscription rests; `null` where Stripe does not say, or says what is not known. */
export type PauseReason = 'requested' | 'payment-failed' | 'trial-without-card'

/** Why a subscription ended or is going to; `null` where Stripe does not say, or says what is not known. */
export type EndReason = 'requested' | 'payment-failed' | 'payment-disputed'

/**
 * A subscription that rests. `subscription`: Stripe's status is `paused`, and it renews no more until it is resumed.
 * `collection`: it goes on renewing with its status as it was, and its invoices are voided. What is left of a period whose
 * invoice was voided so rests as well, for nobody pays for it. Source: https://docs.stripe.com/billing/subscriptions/pause-payment
 */
export interface SubscriptionPause {
  readonly kind: 'subscription' | 'collection'
  readonly since: Instant | null
  /** When it ends by itself; `null` where somebody has to resume it. */
  readonly until: Instant | null
  readonly reason: PauseReason | null
}

/**
 * The open invoice that a subscription waits for: where something is overdue the newest that is open, or, of those that were
 * sent, the first that is overdue; elsewhere its latest alone. Amounts are minor currency units.
 */
export interface OpenPayment {
  /** `open`: nothing has gone wrong with it so far. `failed`: an attempt did, or it was sent and its due day is over. `action-required`: the customer has to confirm it, as with 3-D Secure. */
  readonly state: 'open' | 'failed' | 'action-required'
  readonly invoice: string
  /** Stripe's page on which it can be paid or confirmed. */
  readonly hostedUrl: string | null
  readonly attempts: number
  /** When Stripe tries again by itself; `null` where it does not. */
  readonly nextAttemptAt: Instant | null
  readonly amountDue: number
  /** ISO 4217, in small letters. */
  readonly currency: string
}

/** The card that pays. */
export interface PaymentCard {
  readonly brand: string
  readonly last4: string
  /** The first instant of the month after the one that is printed on it, in UTC. */
  readonly expiresAt: Instant
}

/** A coupon on a subscription: a percentage of what is due, or an amount of it. */
export interface Discount {
  /** As customers see it on invoices. */
  readonly name: string | null
  readonly percentOff: number | null
  /** Minor units of `currency`. */
  readonly amountOff: number | null
  readonly currency: string | null
  /** Whether it counts for one invoice only. */
  readonly once: boolean
  readonly until: Instant | null
}

/** Our projection of Stripe's subscription: only what decides or is shown, nothing that Stripe does not say. */
export interface Subscription {
  readonly id: string
  /** Whether it has to do with this app: it was bought through it, or has a price of its plans. */
  readonly ours: boolean
  /** The plan's key, or `null` where the prices name none, or two. Then it gives nothing; if it is ours, the log tells. */
  readonly plan: string | null
  readonly price: string
  readonly interval: PriceInterval | null
  readonly quantity: number
  /** ISO 4217, in small letters. It never changes: a change of plan keeps it. */
  readonly currency: string
  readonly status: SubscriptionStatus
  readonly startedAt: Instant
  readonly billingAnchor: Instant
  readonly currentPeriodStart: Instant
  readonly currentPeriodEnd: Instant
  readonly trialEnd: Instant | null
  /** When it is going to end by itself, however that was said (`cancel_at` or `cancel_at_period_end`). */
  readonly cancelAt: Instant | null
  readonly endedAt: Instant | null
  /** When the invoice that is overdue was made, or was to be paid where it was sent; grace counts from here. */
  readonly pastDueSince: Instant | null
  /** The scheduled change, such as a downgrade at the end of the period. */
  readonly pendingChange: PendingChange | null
  readonly paused: SubscriptionPause | null
  /** What it waits for; `null` where nothing is open, and once it has ended. */
  readonly payment: OpenPayment | null
  /** `null` where none is known, or something else than a card pays. */
  readonly card: PaymentCard | null
  readonly endReason: EndReason | null
  /** In the order in which Stripe takes them off; left out where there are none. */
  readonly discounts?: readonly Discount[]
}

/** Whether a subscription gives access at an instant. */
export interface SubscriptionAccess {
  readonly access: boolean
  /** Set where it gives none because grace is over. */
  readonly graceEndedAt: Instant | null
}

/** When it ends or ended by itself; `null` when nothing is said of an end. */
export function endOf(subscription: Subscription): Instant | null {
  return subscription.endedAt ?? subscription.cancelAt
}

/** When grace ends by itself: counted from the overdue invoice, or from the period it is for. */
export function graceEndOf(subscription: Subscription, policy: LifecyclePolicy): Instant {
  return (subscription.pastDueSince ?? subscription.currentPeriodStart) + policy.grace
}

/** Access never outlives `cancelAt` or `endedAt`, and grace ends by itself. A clock that tells no time gives none of what ends. */
export function accessOf(subscription: Subscription, policy: LifecyclePolicy, now: Instant): SubscriptionAccess {
  const none = { access: false, graceEndedAt: null }
  const full = { access: true, graceEndedAt: null }
  const ends = endOf(subscription)
  if (ends !== null && !(now < ends)) return none
  const rule = policy.access[isResting(subscription, now) ? 'paused' : subscription.status]
  switch (rule) {
    case 'full':
      return full
    case 'none':
      return none
    case 'grace': {
      const graceEnd = graceEndOf(subscription, policy)
      return now < graceEnd ? full : { access: false, graceEndedAt: graceEnd }
    }
    default:
      return rule satisfies never
  }
}

/** Whether its invoices are voided at `now`, so that it is paused whatever its status says. */
export function isResting({ paused }: Subscription, now: Instant): boolean {
  // Rows of an older version do not have the field.
  return paused?.kind === 'collection' && (paused.until === null || !(paused.until <= now))
}

/** Stripe still asks for money that it did not get. */
export function isOwed(subscription: Subscription): boolean {
  return subscription.status === 'past_due' || subscription.status === 'unpaid'
}

/**
 * What a subscription, or a field of it, says, as text. The page of a payment is left out: Stripe moves it, maybe with each
 * reading, and that is no change.
 */
export function factsIn(part: unknown): string {
  return JSON.stringify(part, (name, value: unknown) => (name === 'hostedUrl' ? undefined : value))
}

/** A subscription that has ended for good: nothing that arrives later revives it. */
export function hasEnded(subscription: Subscription): boolean {
  return subscription.status === 'canceled' || subscription.status === 'incomplete_expired'
}
