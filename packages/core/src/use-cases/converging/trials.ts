import type { Plan } from '../../domain/catalog.ts'
import { entryOf } from '../../domain/entry-of.ts'
import { type Instant, day, wholeSecond } from '../../domain/instant.ts'
import type { Subscription } from '../../domain/subscription.ts'
import type { ChangeIntent } from '../../ports/payments.ts'
import type { RecordEntry, RecordWrite, TrialRow } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'

/** A customer has one trial, so there is one row. */
const rowId = 'trial'

/** How many days of trial a customer may still have with a plan: none after the first, whatever became of what it was for. */
export async function trialDaysOf({ records }: Context, customer: string, plan: Plan): Promise<number> {
  if (plan.trialDays === 0) return 0
  const { rows } = await records.load(customer, ['trials'])
  return rows.trials.length > 0 ? 0 : plan.trialDays
}

/**
 * What becomes of a trial with another plan: it goes on as far as that one has a trial, counted from the same beginning, and for as
 * many days as somebody has put on top of what the present plan has; never longer than it was.
 */
export async function movedTrial(
  context: Context,
  customer: string,
  { subscription, to, now }: { readonly subscription: Subscription; readonly to: Plan; readonly now: Instant },
): Promise<Pick<ChangeIntent, 'trialEnd'>> {
  const { status, startedAt, trialEnd } = subscription
  const end = startedAt + to.trialDays * day
  if (status !== 'trialing' || trialEnd === null || end >= trialEnd) return {}
  const given = Math.min(trialEnd - now, trialEnd - (await plannedEnd(context, customer, subscription)))
  if (given <= 0) return { trialEnd: end > now ? end : 'now' }
  const moved = wholeSecond(Math.max(end, now) + given)
  return moved < trialEnd ? { trialEnd: moved } : {}
}

/** When a trial ends by itself: as its plan has it, or had it when the trial was noted. */
async function plannedEnd({ catalog, records }: Context, customer: string, { id, plan, startedAt }: Subscription): Promise<Instant> {
  const days = entryOf(catalog.plans, plan)?.trialDays ?? 0
  if (days === 0) return startedAt
  const { rows } = await records.load(customer, ['trials'])
  const noted = rows.trials.find(({ value }) => value.subscription === id && value.plan === plan)
  return Math.max(startedAt + days * day, noted?.value.endsAt ?? 0)
}

/** Notes the trial that a reading shows, in the commit of that reading; nothing where one is noted already. */
export function trialWrites(noted: readonly RecordEntry<'trials'>[], subscriptions: readonly Subscription[]): readonly RecordWrite[] {
  const first = firstTrialOf(subscriptions)
  if (first === undefined || noted.length > 0) return []
  const { plan, id: subscription, startedAt, trialEnd } = first
  const value: TrialRow = { plan, subscription, startedAt, endsAt: trialEnd }
  return [{ collection: 'trials', id: rowId, expect: 0, value }]
}

type Tried = Subscription & { readonly trialEnd: number }

/** Of what has to do with this app. */
function firstTrialOf(subscriptions: readonly Subscription[]): Tried | undefined {
  return subscriptions
    .filter((item): item is Tried => item.ours && item.trialEnd !== null)
    .toSorted((one, other) => one.startedAt - other.startedAt)[0]
}
