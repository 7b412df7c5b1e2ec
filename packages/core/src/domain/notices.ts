import type { Catalog, PriceInterval } from './catalog.ts'
import type { Entitlements } from './entitlement.ts'
import { entryOf } from './entry-of.ts'
import { type Instant, type Milliseconds, day } from './instant.ts'
import { type Subscription, accessOf, graceEndOf, hasEnded, isResting } from './subscription.ts'

/** Something the customer should know of the subscription. `at` is when it takes effect or did; `null` where there is no instant. */
export type Notice =
  | {
      readonly kind:
        /** What is owed was not paid, and the plan gives nothing any more. `at`: when grace ended. */
        | 'access-ended'
        /** A subscription that seems to be paid for gives nothing; somebody of the app has to look at it. */
        | 'payments-mismatch'
        | 'trial-ended-without-card'
        /** `at`: when grace ends; `null` where being past due costs no access. */
        | 'payment-past-due'
        /** `at`: when it resumes by itself. */
        | 'paused'
        | 'trial-ending'
        | 'cancellation-scheduled'
      readonly at: Instant | null
    }
  | {
      /** `at`: when Stripe tries again by itself. */
      readonly kind: 'payment-action-required' | 'payment-failed'
      readonly at: Instant | null
      /** Stripe's page on which it can be paid or confirmed. */
      readonly url: string | null
      /** Minor currency units. */
      readonly due: { readonly amount: number; readonly currency: string }
    }
  | {
      readonly kind: 'change-scheduled'
      readonly at: Instant
      readonly plan: string | null
      readonly interval: PriceInterval | null
    }
  | { readonly kind: 'card-expiring'; readonly at: Instant; readonly brand: string; readonly last4: string }

export type NoticeKind = Notice['kind']

/** Most pressing first: what took or takes access, what the customer has to do, then what comes by itself. */
export const noticeKinds: readonly NoticeKind[] = [
  'access-ended', 'payments-mismatch', 'trial-ended-without-card', 'payment-action-required', 'payment-past-due', 'payment-failed',
  'paused', 'cancellation-scheduled', 'change-scheduled', 'trial-ending', 'card-expiring',
]

/** From this long before its end on, a card is said to expire. */
export const cardWarning: Milliseconds = 30 * day

/** For this long a trial that ended without a card is spoken of. */
const trialAftermath = 30 * day

/** What there is to know at `now`, each kind once at most, most pressing first. */
export function noticesOf(
  catalog: Catalog,
  { subscription, pastDue }: Pick<Entitlements, 'subscription' | 'pastDue'>,
  subscriptions: readonly Subscription[],
  now: Instant,
): readonly Notice[] {
  const notices: Notice[] = []
  if (pastDue !== null) notices.push({ kind: 'access-ended', at: pastDue.graceEndedAt })
  if (subscriptions.some((item) => isMismatch(catalog, item, now))) notices.push({ kind: 'payments-mismatch', at: null })
  if (subscription !== null) {
    notices.push(...paymentNotices(catalog, subscription, pastDue === null), ...termNotices(subscription, now))
  }
  return notices.toSorted((one, other) => noticeKinds.indexOf(one.kind) - noticeKinds.indexOf(other.kind))
}

/** Whether the trial of a subscription ended because nobody had given a card. */
function endedWithoutCard({ status, paused, trialEnd, endedAt, cancelAt, endReason }: Subscription): boolean {
  if (status === 'paused') return paused?.reason === 'trial-without-card'
  // Stripe gives no reason for such an end. One that somebody asked for has one, or an instant that was set.
  const isPlain = status === 'canceled' && (endReason ?? null) === null && cancelAt === null
  return isPlain && trialEnd !== null && endedAt !== null && endedAt >= trialEnd && endedAt < trialEnd + day
}

/** Whether its card ends soon, or has, while it is still to pay. */
export function isCardExpiring({ card, cancelAt }: Subscription, now: Instant): boolean {
  if (card === null || card === undefined || now < card.expiresAt - cardWarning) return false
  return cancelAt === null || cancelAt > card.expiresAt
}

function paymentNotices({ lifecycle }: Catalog, subscription: Subscription, hasAccess: boolean): readonly Notice[] {
  const notices: Notice[] = []
  const { status, payment } = subscription
  if (status === 'past_due' && hasAccess) {
    const hasGrace = lifecycle.access.past_due === 'grace'
    notices.push({ kind: 'payment-past-due', at: hasGrace ? graceEndOf(subscription, lifecycle) : null })
  }
  // Rows of an older version do not have the field.
  if (payment === null || payment === undefined || payment.state === 'open') return notices
  const { hostedUrl: url, nextAttemptAt: at, amountDue: amount, currency } = payment
  const kind = payment.state === 'failed' ? 'payment-failed' : 'payment-action-required'
  return [...notices, { kind, at, url, due: { amount, currency } }]
}

function termNotices(subscription: Subscription, now: Instant): readonly Notice[] {
  const notices: Notice[] = []
  const { status, trialEnd, cancelAt, endedAt, paused, pendingChange, card } = subscription
  if (endedWithoutCard(subscription) && (endedAt === null || now < endedAt + trialAftermath)) {
    notices.push({ kind: 'trial-ended-without-card', at: trialEnd })
  } else if (status === 'paused' || isResting(subscription, now)) {
    notices.push({ kind: 'paused', at: paused?.until ?? null })
  }
  if (hasEnded(subscription)) return notices
  if (cancelAt !== null && endedAt === null && now < cancelAt) notices.push({ kind: 'cancellation-scheduled', at: cancelAt })
  if (pendingChange !== null && pendingChange !== undefined && now < pendingChange.at) {
    const { plan, interval, at } = pendingChange
    notices.push({ kind: 'change-scheduled', at, plan, interval })
  }
  if (status === 'trialing' && trialEnd !== null && now < trialEnd) notices.push({ kind: 'trial-ending', at: trialEnd })
  if (card !== null && isCardExpiring(subscription, now)) {
    const { brand, last4, expiresAt: at } = card
    notices.push({ kind: 'card-expiring', at, brand, last4 })
  }
  return notices
}

/** What Stripe calls live and no plan can be told of, and what it no longer lists or has a new word for. */
function isMismatch(catalog: Catalog, subscription: Subscription, now: Instant): boolean {
  if (!subscription.ours || hasEnded(subscription)) return false
  if (subscription.status === 'unknown') return true
  return isWithoutPlan(catalog, subscription, now)
}

/** Whether it seems to be paid for, and names no plan that would give anything. */
export function isWithoutPlan({ plans, lifecycle }: Pick<Catalog, 'plans' | 'lifecycle'>, subscription: Subscription, now: Instant): boolean {
  return entryOf(plans, subscription.plan) === undefined && accessOf(subscription, lifecycle, now).access
}
