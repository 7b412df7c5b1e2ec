import type { Plan } from '../domain/catalog.ts'
import type { CustomerRecords } from '../domain/entitlement.ts'
import type { Subscription } from '../domain/subscription.ts'
import type { RecordEntry, RecordWrite, TrialRow } from '../ports/record-store.ts'
import type { Context } from './context.ts'

/** A customer has one trial, so there is one row. */
const rowId = 'trial'

/** How many days of trial a customer may still have with a plan: none after the first, whatever became of what it was for. */
export async function trialDaysOf(context: Context, records: CustomerRecords, plan: Plan): Promise<number> {
  if (plan.trialDays === 0 || firstTrialOf(records.subscriptions) !== undefined) return 0
  const { rows } = await context.records.load(records.customer, ['trials'])
  return rows.trials.length > 0 ? 0 : plan.trialDays
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
