import type { Account } from '../../account.ts'
import type { SubscriptionSchedule } from '../../billing-objects.ts'
import type { Metadata, Subscription } from '../../objects.ts'
import { nextBoundary, isSameRecurrence } from '../billing-period.ts'
import { periodEnd } from '../next-instant.ts'
import type { WantedItem } from '../subscriptions/change-items.ts'
import { changeSubscription } from '../subscriptions/change-subscription.ts'
import { recurrenceOf } from '../subscriptions/subscribe.ts'
import { changeSchedule } from './run-schedule.ts'
import { newPhase, newSchedule, phaseOfSubscription } from './schedule-object.ts'

/** Puts a running subscription under a schedule whose only phase is what it has now. */
export function adoptSubscription(account: Account, subscription: Subscription, metadata: Metadata): SubscriptionSchedule {
  const schedule = account.store.subscriptionSchedules.save(
    newSchedule(account, {
      customer: subscription.customer,
      end_behavior: subscription.cancel_at === null ? 'release' : 'cancel',
      metadata,
      phases: [phaseOfSubscription(account, subscription)],
      settings: { default_payment_method: subscription.default_payment_method },
      subscription: subscription.id,
    }),
  )
  account.emit('subscription_schedule.created', schedule)
  changeSubscription(account, subscription.id, { schedule: schedule.id })
  return schedule
}

/**
 * Has a subscription change to other items when its period ends, as the portal does with downgrades: a schedule of two
 * phases, the second one period long, that lets go of the subscription afterwards.
 */
export function changeAtPeriodEnd(account: Account, subscription: Subscription, wanted: readonly WantedItem[]): void {
  const schedule = adoptSubscription(account, subscription, {})
  const start = periodEnd(subscription)
  const recurrence = recurrenceOf(account, wanted)
  const keepsRhythm = isSameRecurrence(recurrence, recurrenceOf(account, subscription.items))
  const items = wanted.map(({ price, quantity, metadata }) => ({ price, quantity, metadata, discounts: [] }))
  const end_date = nextBoundary(keepsRhythm ? subscription.billing_cycle_anchor : start, recurrence, start)
  const next = newPhase({ ...phaseOfSubscription(account, subscription), items, start_date: start, end_date, trial_end: null, proration_behavior: 'none' })
  changeSchedule(account, schedule.id, { phases: [...schedule.phases, next] })
}
