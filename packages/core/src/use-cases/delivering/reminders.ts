import type { Catalog } from '../../domain/catalog.ts'
import type { CustomerRecords, Entitlements } from '../../domain/entitlement.ts'
import { type Instant, type Milliseconds, day, earlier } from '../../domain/instant.ts'
import { cardWarning, isCardExpiring } from '../../domain/notices.ts'
import { type Subscription, factsIn, graceEndOf, hasEnded, isOwed, isResting } from '../../domain/subscription.ts'
import type { RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { perContext } from '../per-context.ts'
import type { EventName, EventPayloads } from './events.ts'
import type { Fact } from './outbox.ts'

/** So long before its end a trial is spoken of, as Stripe does; at once where less is left of it. */
const trialWarning = 3 * day

/** What is longer ago than this is told no more, as where an app begins with customers whom Stripe has known for years. */
const stillNews: Milliseconds = 35 * day

/** Which reminders the log of a process was told of that nobody there listens to: once each. */
const unheardOf = perContext(() => new Set<EventName>())

/**
 * What of the records, and of what they entitle to at `now`, is worth telling then. It may be asked at any time and any number
 * of times: the id of each is made of the fact, and {@link tellOnce} tells none a second time. So what a lost webhook would
 * have told is told by whoever reads the customer next.
 */
export function remindersOf(
  catalog: Catalog,
  records: CustomerRecords,
  { pastDue, subscription: shown }: Pick<Entitlements, 'pastDue' | 'subscription'>,
  now: Instant,
): readonly Fact[] {
  const own = records.subscriptions.filter((subscription) => subscription.ours && !hasEnded(subscription))
  const lost: Fact[] = []
  // Who rests has no access anyhow: what is owed takes it later, and is told then.
  if (pastDue !== null && shown !== null && !isResting(shown, now) && isNews(pastDue.graceEndedAt, now)) {
    const { graceEndedAt } = pastDue
    lost.push({ name: 'access.ended', id: `access-ended:${shown.id}:${debtOf(shown)}`, data: { subscription: shown, graceEndedAt } })
  }
  return [...own.flatMap((subscription) => [...ofPayment(catalog, subscription), ...ofTime(records.customer, subscription, now)]), ...lost]
}

/** When the next reminder is due, of those that come with time alone. */
export function nextReminderAt(records: Pick<CustomerRecords, 'subscriptions'>, now: Instant): Instant | null {
  return reminderInstants(records).filter((instant) => instant > now).reduce<Instant | null>(earlier, null)
}

/** Whether a subscription made the answer change after `since`, so that Stripe should be asked before anybody is told at `now`. */
export function isAboutPayment(catalog: Catalog, records: Pick<CustomerRecords, 'subscriptions'>, since: Instant, now: Instant): boolean {
  const graceEnds = records.subscriptions.filter(isOwed).map((subscription) => graceEndOf(subscription, catalog.lifecycle))
  return [...reminderInstants(records), ...graceEnds].some((instant) => instant !== null && instant > since && instant <= now)
}

/** What is told of a subscription that has become another one, with what it does not tell itself afterwards. */
export function factsOfChange(change: EventPayloads['subscription.changed'], now: Instant): readonly Fact[] {
  const { before, after } = change
  const hasMoved = before?.payment?.hostedUrl !== after.payment?.hostedUrl
  if (hasMoved && factsIn(before) === factsIn(after)) return []
  return [{ name: 'subscription.changed', data: change }, ...remindersOfChange(before, after, now)]
}

function remindersOfChange(before: Subscription | null, after: Subscription, now: Instant): readonly Fact[] {
  if (!after.ours) return []
  if (after.status === 'canceled' && (before === null ? isNews(after.endedAt, now) : !hasEnded(before))) {
    return [{ name: 'subscription.ended', id: `subscription-ended:${after.id}`, data: { subscription: after } }]
  }
  if (before !== null && isOwed(before) && (after.status === 'active' || after.status === 'trialing')) {
    return [{ name: 'payment.recovered', id: `payment-recovered:${after.id}:${debtOf(before)}`, data: { subscription: after } }]
  }
  return []
}

/**
 * Of facts with an id of their own, those that were not told before, and the notes that they are told now, for the same
 * commit. What nobody in this process listens to is left for another one.
 */
export async function tellOnce(
  { events, records, logger }: Pick<Context, 'events' | 'records' | 'logger'>,
  customer: string,
  facts: readonly Fact[],
  now: Instant,
): Promise<{ readonly facts: readonly Fact[]; readonly writes: readonly RecordWrite[] }> {
  const heard = facts.filter(({ name, id }) => id === undefined || events.listeners().some(({ event }) => event === name))
  for (const { name } of facts.filter((fact) => !heard.includes(fact))) {
    const unheard = unheardOf(events)
    if (!unheard.has(name)) logger.info('Nobody in this process listens to a reminder; another process may', { event: name })
    unheard.add(name)
  }
  const ids = heard.flatMap(({ id }) => id ?? [])
  if (ids.length === 0) return { facts: heard, writes: [] }
  const { rows } = await records.load(customer, ['reminders'], { reminders: ids })
  const known = new Set(rows.reminders.map(({ id }) => id))
  // One fact may be found twice in one reading, as a card that pays for two subscriptions is.
  const fresh = heard.filter(({ id }) => id === undefined || (!known.has(id) && known.add(id)))
  const writes = fresh.flatMap(({ name, id }): RecordWrite[] => {
    return id === undefined ? [] : [{ collection: 'reminders', id, expect: 0, value: { event: name, toldAt: now } }]
  })
  return { facts: fresh, writes }
}

function ofPayment({ lifecycle }: Catalog, subscription: Subscription): readonly Fact[] {
  const { payment, status } = subscription
  // Rows of an older version do not have the field.
  if (payment === null || payment === undefined || payment.state === 'open') return []
  const hasGrace = status === 'past_due' && lifecycle.access.past_due === 'grace'
  const data = { subscription, payment, graceEndsAt: hasGrace ? graceEndOf(subscription, lifecycle) : null }
  const fact = `${payment.invoice}:${payment.attempts}`
  if (payment.state === 'failed') return [{ name: 'payment.failed', id: `payment-failed:${fact}`, data }]
  return [{ name: 'payment.action-required', id: `payment-action-required:${fact}`, data }]
}

function ofTime(customer: string, subscription: Subscription, now: Instant): readonly Fact[] {
  const facts: Fact[] = []
  const { id, status, trialEnd: endsAt, card } = subscription
  if (status === 'trialing' && endsAt !== null && endsAt - trialWarning <= now && now < endsAt) {
    facts.push({ name: 'trial.ending', id: `trial-ending:${id}:${endsAt}`, data: { subscription, endsAt } })
  }
  if (card !== null && paysOn(subscription) && isCardExpiring(subscription, now)) {
    const { brand, last4, expiresAt } = card
    // One card may pay for several subscriptions, and is spoken of once.
    facts.push({ name: 'card.expiring', id: `card-expiring:${customer}:${brand}:${last4}:${expiresAt}`, data: { subscription, card } })
  }
  return facts
}

function reminderInstants({ subscriptions }: Pick<CustomerRecords, 'subscriptions'>): readonly Instant[] {
  return subscriptions.filter(({ ours }) => ours).flatMap((subscription) => {
    const { status, trialEnd, card } = subscription
    const ofTrial = status === 'trialing' && trialEnd !== null ? [trialEnd - trialWarning] : []
    const hasCard = card !== null && card !== undefined && paysOn(subscription)
    return hasCard ? [...ofTrial, card.expiresAt - cardWarning] : ofTrial
  })
}

/** Whether Stripe is going to charge it again, as far as its status tells. */
function paysOn({ status }: Subscription): boolean {
  return status === 'active' || status === 'trialing' || status === 'past_due'
}

/** Names a debt: what was owed once and paid, and is owed again later, is another one. */
function debtOf({ pastDueSince, currentPeriodStart }: Subscription): Instant {
  return pastDueSince ?? currentPeriodStart
}

/** Also what nobody knows the moment of. */
export function isNews(at: Instant | null, now: Instant): boolean {
  return at === null || at >= now - stillNews
}
