import { type Milliseconds, day } from './instant.ts'

/** Stripe's statuses, and `unknown` for any it may add: https://docs.stripe.com/api/subscriptions/object#subscription_object-status */
export type SubscriptionStatus =
  | 'incomplete'
  | 'incomplete_expired'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'unpaid'
  | 'paused'
  | 'canceled'
  | 'unknown'

/** Every {@link SubscriptionStatus}. */
export const subscriptionStatuses: readonly SubscriptionStatus[] = [
  'incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled', 'unknown',
]

/** `grace`: access until {@link LifecyclePolicy.grace} after the unpaid invoice was made, or was due where it was sent. */
export type AccessRule = 'full' | 'grace' | 'none'

/**
 * What each status of a subscription means for access. A status that is not known gives none.
 * Usage is never reset by a plan move: counters belong to customer, feature and period, not to a plan.
 */
export interface LifecyclePolicy {
  readonly access: Readonly<Record<SubscriptionStatus, AccessRule>>
  /** How long `grace` gives access. */
  readonly grace: Milliseconds
}

/** What a catalog may say of the lifecycle; the rest is {@link defaultLifecycle}. */
export interface LifecycleInput {
  readonly access?: Readonly<Partial<Record<SubscriptionStatus, AccessRule>>>
  /** Whole days, from 0 to 365. */
  readonly graceDays?: number
}

/** Statuses that never give access, whatever a catalog says: the subscription is over, or nobody knows what it is. */
export const closedStatuses: readonly SubscriptionStatus[] = ['incomplete_expired', 'canceled', 'unknown']

/** Who pays or tries out has access, who is past due for seven days more, and nobody else. */
export const defaultLifecycle: LifecyclePolicy = {
  access: {
    incomplete: 'none',
    incomplete_expired: 'none',
    trialing: 'full',
    active: 'full',
    past_due: 'grace',
    unpaid: 'none',
    paused: 'none',
    canceled: 'none',
    unknown: 'none',
  },
  grace: 7 * day,
}
