import type { Account } from '../../account.ts'
import type { Subscription } from '../../objects.ts'
import { changeSubscription } from './change-subscription.ts'

/** Ends a resumption: the subscription runs again, runs unpaid, or stays paused as if it had not been asked for. */
export function finishResumption(
  account: Account,
  subscription: Subscription,
  outcome: 'resumed' | 'past-due' | 'given-up',
): void {
  const { resumption, ...internal } = subscription.internal
  if (resumption === undefined) return
  if (outcome === 'given-up') {
    const pendingLines = [...resumption.pendingLines, ...internal.pendingLines]
    changeSubscription(account, subscription.id, { internal: { ...internal, pendingLines } })
    return
  }
  const patch = { items: resumption.items, billing_cycle_anchor: resumption.anchor, internal }
  activate(account, subscription, patch, outcome === 'resumed' ? 'active' : 'past_due')
}

/** Lets a paused subscription run again and emits `customer.subscription.resumed`. */
export function activate(
  account: Account,
  before: Subscription,
  patch: Partial<Subscription>,
  status: 'active' | 'past_due',
): Subscription {
  const resumed = changeSubscription(account, before.id, { ...patch, status, status_details: undefined })
  account.emit('customer.subscription.resumed', resumed, before)
  return resumed
}
