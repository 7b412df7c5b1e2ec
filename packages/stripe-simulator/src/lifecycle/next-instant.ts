import type { SubscriptionSchedule } from '../billing-objects.ts'
import type { Invoice, Subscription } from '../objects.ts'

const threeDays = 3 * 86_400

/** How long a first payment, a pending update or a resumption may stay unpaid: 23 hours. */
export const incompleteLifetime: number = 23 * 3600

/** When a trial's end is announced: three days before, or at once when the trial is shorter. */
export function trialReminderAt(subscription: Subscription): number | undefined {
  if (subscription.status !== 'trialing' || subscription.trial_end === null) return undefined
  if (subscription.internal.trialReminderSent) return undefined
  return Math.max(subscription.trial_end - threeDays, subscription.created)
}

/** The end of the current period: the earliest over the items. */
export function periodEnd(subscription: Subscription): number {
  return Math.min(...subscription.items.map((item) => item.current_period_end))
}

/** When a first payment is given up; one that waits for a bank debit is not. */
export function incompleteExpiry(subscription: Subscription): number {
  if (subscription.internal.awaitsDebit !== undefined) return Infinity
  return subscription.created + incompleteLifetime
}

/** When something next happens to a subscription by itself (seconds); undefined once it has ended. */
export function nextInstant(subscription: Subscription): number | undefined {
  const { cancel_at, pending_update, pause_collection, internal } = subscription
  switch (subscription.status) {
    case 'canceled':
    case 'incomplete_expired':
      return undefined
    case 'incomplete':
      return earliest([incompleteExpiry(subscription), cancel_at])
    case 'paused':
      return earliest([cancel_at, internal.resumption?.voidsAt, internal.resumesAt])
    case 'trialing':
    case 'active':
    case 'past_due':
    case 'unpaid':
      return earliest([
        periodEnd(subscription),
        cancel_at,
        trialReminderAt(subscription),
        pending_update?.expires_at,
        pause_collection?.resumes_at,
      ])
  }
}

function earliest(instants: readonly (number | null | undefined)[]): number | undefined {
  const first = Math.min(...instants.map((instant) => instant ?? Infinity))
  return first === Infinity ? undefined : first
}

/** When something next happens to an invoice by itself (seconds): an attempt, its end as a draft, or that it is overdue. */
export function nextInvoiceInstant({ automatically_finalizes_at, due_date, internal, next_payment_attempt, status, status_transitions }: Invoice): number | undefined {
  const planned = next_payment_attempt ?? automatically_finalizes_at
  if (planned !== null) return planned
  const falls = status === 'open' && due_date !== null && internal.subscription !== null && internal.isOverdue !== true
  return falls ? Math.max(due_date, status_transitions.finalized_at ?? 0) : undefined
}

/** When something next happens to a schedule by itself (seconds); undefined once it is over. */
export function nextPhaseChange(schedule: SubscriptionSchedule): number | undefined {
  switch (schedule.status) {
    case 'not_started':
      return schedule.phases[0]?.start_date
    case 'active':
      return schedule.current_phase?.end_date
    case 'canceled':
    case 'completed':
    case 'released':
      return undefined
  }
}
