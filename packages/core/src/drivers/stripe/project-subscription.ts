import type { PriceInterval } from '../../domain/catalog.ts'
import { type Instant, second } from '../../domain/instant.ts'
import { type SubscriptionStatus, subscriptionStatuses } from '../../domain/lifecycle.ts'
import type {
  Discount, EndReason, OpenPayment, PauseReason, PaymentCard, PendingChange, Subscription, SubscriptionPause,
} from '../../domain/subscription.ts'
import { customerMetadata, installationMetadata, lookupKeyOf, planMetadata } from '../../catalog/stripe-names.ts'
import type { StripeInvoice, StripePrice, StripeSubscription, StripeSubscriptionItem } from './subscription-shape.ts'
import { isWaived, periodStartOf } from './waived-period.ts'

/** https://docs.stripe.com/api/subscriptions/object#subscription_object-cancellation_details-reason */
const endReasons: ReadonlyMap<string, EndReason> = new Map([
  ['cancellation_requested', 'requested'],
  ['payment_failed', 'payment-failed'],
  ['payment_disputed', 'payment-disputed'],
])

/** https://docs.stripe.com/api/subscriptions/object#subscription_object-status_details */
const pauseReasons: ReadonlyMap<string, PauseReason> = new Map([
  ['pause_requested', 'requested'],
  ['first_payment_failure', 'payment-failed'],
  ['final_payment_failure', 'payment-failed'],
  ['trial_end_without_payment_method', 'trial-without-card'],
])

/** What a schedule turns a subscription into next. `at` in seconds. */
export interface NextPhase {
  readonly at: number
  readonly items: readonly { readonly price: StripePrice; readonly quantity?: number | undefined }[]
}

/** A subscription with all of its items, and since when what is still open is owed. */
export interface ReadSubscription {
  readonly subscription: StripeSubscription
  readonly items: readonly StripeSubscriptionItem[]
  /** Seconds; `null` where nothing is overdue. */
  readonly overdueSince: number | null
  /** `null` where nothing is scheduled. */
  readonly nextPhase: NextPhase | null
  /** How the newest open invoice stands; `null` where none is open. */
  readonly payment: OpenPayment | null
  readonly discounts: readonly Discount[]
  /** What the customer pays with where a subscription names nothing of its own. */
  readonly customerMethod: StripeSubscription['default_payment_method']
}

/**
 * Stripe's subscription as we keep it. Pure: the same answer of Stripe is always the same projection. Periods span all
 * items. A status or interval that Stripe adds one day becomes `unknown` or `null`, and gives nothing.
 *
 * Where items name two different plans, none is chosen: the subscription is stored without a plan and gives nothing,
 * because any guess would be wrong for somebody's money. It stays ours, so that nobody is sold another beside it. Of items that
 * name the same plan the first stands for all, and their quantities count together, as they are paid together.
 */
export function projectSubscription(read: ReadSubscription, installation: string | undefined): Subscription {
  const { subscription, items, overdueSince } = read
  const periodStart = periodStartOf(subscription, items)
  const end = subscription.current_period_end ?? periodStart
  const ends = items.length === 0 ? [end] : items.map((item) => item.current_period_end ?? end)
  const periodEnd = Math.max(...ends)
  const { isNamed, plan, price, interval, quantity } = choosePlan(items, installation)
  const status = statusOf(subscription.status)
  return {
    id: subscription.id,
    ours: isNamed || wasBoughtHere(subscription, installation),
    plan,
    price,
    interval,
    quantity,
    currency: subscription.currency,
    status,
    startedAt: subscription.start_date * second,
    billingAnchor: subscription.billing_cycle_anchor * second,
    currentPeriodStart: periodStart * second,
    currentPeriodEnd: periodEnd * second,
    trialEnd: toInstant(subscription.trial_end),
    cancelAt: toInstant(subscription.cancel_at ?? (subscription.cancel_at_period_end ? periodEnd : null)),
    endedAt: toInstant(subscription.ended_at),
    pastDueSince: isOverdue(status) ? toInstant(overdueSince ?? latestInvoiceAt(subscription)) : null,
    pendingChange: read.nextPhase === null ? null : pendingChangeOf(read.nextPhase, installation),
    paused: pauseOf(subscription, isWaived(subscription, items) ? Math.min(...ends) : null),
    payment: read.payment,
    card: cardOf(subscription.default_payment_method ?? read.customerMethod),
    endReason: endReasons.get(subscription.cancellation_details?.reason ?? '') ?? null,
    ...(read.discounts.length > 0 && { discounts: read.discounts }),
  }
}

/** The plan that items sell, none of two; the item that stands for all, and how much of the plan is sold. */
function choosePlan(items: NextPhase['items'], installation: string | undefined) {
  const named = items.flatMap(({ price }) => planOf(price, installation) ?? [])
  const [plan = null, other] = new Set(named)
  const isClear = plan !== null && other === undefined
  const sold = isClear ? items.filter(({ price }) => planOf(price, installation) === plan) : items.slice(0, 1)
  // What is counted by usage has no quantity.
  const counts = sold.flatMap(({ quantity }) => quantity ?? [])
  const price = sold[0]?.price
  return {
    isNamed: plan !== null,
    plan: isClear ? plan : null,
    price: price?.id ?? '',
    interval: price === undefined ? null : intervalOf(price),
    quantity: counts.length === 0 ? 1 : counts.reduce((sum, count) => sum + count, 0),
  }
}

function pendingChangeOf({ at, items }: NextPhase, installation: string | undefined): PendingChange {
  const { plan, interval, quantity } = choosePlan(items, installation)
  return { plan, interval, quantity, at: at * second }
}

/**
 * Invoices that are voided mean that nothing is served; kept as drafts or written off, they mean that it is for free. `waivedUntil`:
 * when a period ends that nobody was asked to pay for, in seconds.
 */
function pauseOf({ status, status_details, pause_collection }: StripeSubscription, waivedUntil: number | null): SubscriptionPause | null {
  if (status === 'paused') {
    const { transitioned_at = null, subscription } = status_details?.paused ?? {}
    const reason = pauseReasons.get(subscription?.type ?? '') ?? null
    return { kind: 'subscription', since: toInstant(transitioned_at), until: null, reason }
  }
  const isResting = pause_collection?.behavior === 'void'
  if (!isResting && waivedUntil === null) return null
  const end = isResting ? (pause_collection.resumes_at ?? null) : waivedUntil
  const until = end === null ? null : Math.max(end, waivedUntil ?? end)
  return { kind: 'collection', since: null, until: toInstant(until), reason: 'requested' }
}

/** A card pays until its month is over. */
function cardOf(method: StripeSubscription['default_payment_method']): PaymentCard | null {
  const card = typeof method === 'object' ? method?.card : null
  if (card === null || card === undefined) return null
  return { brand: card.brand, last4: card.last4, expiresAt: Date.UTC(card.exp_year, card.exp_month) }
}

/** Whether a status says that an invoice is open beyond its day. */
export function isOverdue(status: string): boolean {
  return status === 'past_due' || status === 'unpaid'
}

function wasBoughtHere({ metadata = {} }: StripeSubscription, installation: string | undefined): boolean {
  return metadata[customerMetadata] !== undefined && metadata[installationMetadata] === installation
}

/**
 * The plan that a price sells: its metadata says so for good, also after the lookup key has moved on to a newer price;
 * a price made by hand may carry the lookup key alone.
 */
export function planOf(price: StripePrice, installation: string | undefined): string | null {
  const metadata = price.metadata ?? {}
  const plan = metadata[planMetadata]
  if (plan !== undefined && plan !== '') return metadata[installationMetadata] === installation ? plan : null
  const parts = price.lookup_key?.split('_') ?? []
  const [named = '', interval = ''] = parts.slice(-2)
  const isNamed = named !== '' && isInterval(interval) && price.lookup_key === lookupKeyOf(named, interval, installation)
  return isNamed ? named : null
}

export function intervalOf({ recurring }: StripePrice): PriceInterval | null {
  if (recurring === undefined || recurring === null || (recurring.interval_count ?? 1) !== 1) return null
  return isInterval(recurring.interval) ? recurring.interval : null
}

function isInterval(text: string): text is PriceInterval {
  return text === 'month' || text === 'year'
}

function statusOf(text: string): SubscriptionStatus {
  return subscriptionStatuses.find((status) => status === text) ?? 'unknown'
}

function latestInvoiceAt({ latest_invoice }: StripeSubscription): number | null {
  return typeof latest_invoice === 'object' && latest_invoice !== null ? owedSince(latest_invoice) : null
}

/** One that is charged is owed at once, one that is sent from its due day on. */
export function owedSince({ due_date, created }: StripeInvoice): number {
  return due_date ?? created
}

function toInstant(seconds: number | null): Instant | null {
  return seconds === null ? null : seconds * second
}
