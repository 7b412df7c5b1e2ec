import type { Account } from '../../account.ts'
import { findScheduleOf, get } from '../../get.ts'
import type { Subscription } from '../../objects.ts'
import { changedAttributes } from '../../responses/changed-attributes.ts'
import { stopCollecting } from '../invoices/invoicing.ts'

/**
 * Stores a changed subscription and emits `customer.subscription.updated`, which tells what changed since `before`
 * (default: what is stored). Nothing is emitted when nothing visible changed.
 */
export function changeSubscription(
  account: Account,
  id: string,
  patch: Partial<Subscription>,
  before: Subscription = get(account.store.subscriptions, id),
): Subscription {
  const changed = account.store.subscriptions.save({ ...get(account.store.subscriptions, id), ...patch })
  const { internal: _before, ...visibleBefore } = before
  const { internal: _after, ...visibleAfter } = changed
  if (changedAttributes(visibleBefore, visibleAfter) !== undefined) {
    account.emit('customer.subscription.updated', changed, before)
  }
  if (changed.status === 'incomplete_expired') closeSchedule(account, changed, true)
  return changed
}

/** The `cancellation_details` of a subscription that ends, or will end, for a reason. */
export function cancellation(
  reason: 'payment_disputed' | 'cancellation_requested' | 'payment_failed' | null,
  said: { readonly comment?: string | null; readonly feedback?: string | null } = {},
): Readonly<Record<string, string | null>> {
  return { comment: said.comment ?? null, feedback: said.feedback ?? null, feedback_option: null, reason }
}

/** Ends a subscription now and emits `customer.subscription.deleted`. Its open invoices are no longer collected. */
export function endSubscription(
  account: Account,
  id: string,
  details?: Readonly<Record<string, string | null>>,
): Subscription {
  const before = get(account.store.subscriptions, id)
  const now = account.clock.seconds()
  stopCollecting(account, before)
  const ended = account.store.subscriptions.save({
    ...before,
    canceled_at: before.canceled_at ?? now,
    cancel_at_period_end: false,
    ended_at: now,
    status: 'canceled',
    ...(details !== undefined && { cancellation_details: details }),
  })
  account.emit('customer.subscription.deleted', ended)
  closeSchedule(account, before, details?.['reason'] === 'payment_failed')
  return ended
}

/** The schedule of a subscription ends with it: as planned, by hand, or because nobody paid. */
function closeSchedule(account: Account, subscription: Subscription, isUnpaid: boolean): void {
  const schedule = findScheduleOf(account.store, subscription)
  if (schedule === undefined || schedule.status !== 'active') return
  const now = account.clock.seconds()
  const isPlanned = schedule.end_behavior === 'cancel' && (schedule.phases.at(-1)?.end_date ?? Infinity) <= now
  const closed = account.store.subscriptionSchedules.save({
    ...schedule,
    current_phase: null,
    ...(isPlanned ? { completed_at: now, status: 'completed' as const } : { canceled_at: now, status: 'canceled' as const }),
  })
  if (isPlanned) account.emit('subscription_schedule.completed', closed)
  else account.emit(isUnpaid ? 'subscription_schedule.aborted' : 'subscription_schedule.canceled', closed)
}

/** Announces that a trial ends soon. */
export function remindOfTrialEnd(account: Account, id: string): void {
  const subscription = get(account.store.subscriptions, id)
  const internal = { ...subscription.internal, trialReminderSent: true }
  account.emit('customer.subscription.trial_will_end', account.store.subscriptions.save({ ...subscription, internal }))
}
