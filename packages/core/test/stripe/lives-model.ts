import type { Subscription } from '@farebox/core'

/**
 * What Farebox must answer about a customer at an instant, from what Stripe has: written down a second time, after the
 * tables of the guides and not after the code.
 */
export interface ExpectedAnswer {
  readonly plan: string
  readonly status: string
  readonly limit: number
  readonly exports: boolean
  readonly notices: readonly string[]
  readonly seats: number
  readonly discounts: readonly object[]
}

const day = 86_400_000
const plansFromTop = ['max', 'plus', 'basic'] as const
const limits: Readonly<Record<string, number>> = { free: 50, basic: 500, plus: 5000, max: 50_000 }

const seatsOf: Readonly<Record<string, number>> = { free: 1, basic: 2, plus: 5 }

export function expectedAnswer(subscriptions: readonly Subscription[], now: number): ExpectedAnswer {
  const inOrder = subscriptions.toSorted(byUrgency)
  const giving = inOrder.filter((item) => givesAccess(item, now))
  const plan = plansFromTop.find((name) => giving.some((item) => item.plan === name)) ?? 'free'
  const shown = giving.find((item) => item.plan === plan) ?? inOrder.find((item) => item.plan !== null)
  return {
    plan,
    status: shown?.status ?? 'none',
    limit: limits[plan] ?? 0,
    exports: plan === 'plus' || plan === 'max',
    seats: plan === 'max' ? (shown?.quantity ?? 0) : (seatsOf[plan] ?? 0),
    discounts: shown?.discounts?.map(discountView) ?? [],
    notices: shown === undefined ? [] : noticesFor(shown, plan !== 'free', now).toSorted(),
  }
}

function discountView({ name, percentOff, amountOff, currency, once, until }: NonNullable<Subscription['discounts']>[number]): object {
  return { name, percentOff, amountOff: amountOff === null ? null : { amount: amountOff, currency }, once, until: until === null ? null : new Date(until).toISOString() }
}

/** Instants at which the answer changes although nobody says anything. */
export function boundariesIn(subscriptions: readonly Subscription[], now: number): readonly number[] {
  return subscriptions
    .filter((item) => !isOver(item))
    .flatMap((item) => [item.cancelAt, item.status === 'past_due' ? graceEnd(item) : null, item.paused?.until ?? null])
    .filter((instant): instant is number => instant !== null && instant > now)
}

/** How a notice of Farebox's is written down here. */
export function nameOf({ kind, at }: { readonly kind: string; readonly at: string | null }): string {
  return `${kind} ${at ?? '-'}`
}

function givesAccess(item: Subscription, now: number): boolean {
  const end = item.endedAt ?? item.cancelAt
  if (item.plan === null || (end !== null && end <= now) || rests(item, now)) return false
  if (item.status === 'past_due') return now < graceEnd(item)
  return item.status === 'active' || item.status === 'trialing'
}

function rests({ paused }: Subscription, now: number): boolean {
  return paused?.kind === 'collection' && (paused.until === null || now < paused.until)
}

function graceEnd({ pastDueSince, currentPeriodStart }: Subscription): number {
  return (pastDueSince ?? currentPeriodStart) + 7 * day
}

function isOver({ status }: Subscription): boolean {
  return status === 'canceled' || status === 'incomplete_expired'
}

function isOwing({ status }: Subscription): boolean {
  return status === 'past_due' || status === 'unpaid'
}

function byUrgency(one: Subscription, other: Subscription): number {
  return (
    Number(isOver(one)) - Number(isOver(other)) || Number(isOwing(other)) - Number(isOwing(one)) || other.startedAt - one.startedAt || (one.id < other.id ? -1 : 1)
  )
}

function noticesFor(item: Subscription, hasPlan: boolean, now: number): readonly string[] {
  const found: string[] = []
  const tell = (kind: string, at: number | null): void => void found.push(nameOf({ kind, at: at === null ? null : new Date(at).toISOString() }))
  const { status, payment, paused, cancelAt, endedAt, trialEnd, pendingChange, card } = item
  const owes = status === 'past_due' || status === 'unpaid'
  const isEnding = cancelAt !== null && cancelAt > now
  const hasPassed = (endedAt ?? cancelAt ?? Infinity) <= now
  if (owes && !hasPlan && !hasPassed) tell('access-ended', status === 'past_due' && !rests(item, now) ? graceEnd(item) : null)
  if (status === 'past_due' && (hasPlan || hasPassed)) tell('payment-past-due', graceEnd(item))
  if (payment !== null && payment.state === 'failed') tell('payment-failed', payment.nextAttemptAt)
  if (payment !== null && payment.state === 'action-required') tell('payment-action-required', payment.nextAttemptAt)
  const isCardless = endedForWantOfCard(item)
  if (isCardless && (endedAt === null || now < endedAt + 30 * day)) tell('trial-ended-without-card', trialEnd)
  else if (status === 'paused' || rests(item, now)) tell('paused', paused?.until ?? null)
  if (isOver(item)) return found
  if (isEnding) tell('cancellation-scheduled', cancelAt)
  if (pendingChange !== null && pendingChange.at > now) tell('change-scheduled', pendingChange.at)
  if (status === 'trialing' && trialEnd !== null && trialEnd > now) tell('trial-ending', trialEnd)
  if (card !== null && now >= card.expiresAt - 30 * day && (cancelAt === null || cancelAt > card.expiresAt)) tell('card-expiring', card.expiresAt)
  return found
}

function endedForWantOfCard({ status, paused, trialEnd, endedAt, cancelAt, endReason }: Subscription): boolean {
  if (status === 'paused') return paused?.reason === 'trial-without-card'
  if (status !== 'canceled' || endReason !== null || cancelAt !== null || trialEnd === null || endedAt === null) return false
  return endedAt - trialEnd >= 0 && endedAt - trialEnd < day
}
