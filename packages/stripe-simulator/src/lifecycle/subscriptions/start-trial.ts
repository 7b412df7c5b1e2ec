import type { Account } from '../../account.ts'
import type { ProrationBehavior } from '../../billing-objects.ts'
import { get } from '../../get.ts'
import type { Subscription } from '../../objects.ts'
import { itemLine } from '../invoices/invoice-object.ts'
import { openInvoice } from '../invoices/invoicing.ts'
import { payInvoice } from '../invoices/pay-invoice.ts'
import { creditLines, isMetered } from '../invoices/proration.ts'
import { trialReminderAt } from '../next-instant.ts'
import { changeSubscription, remindOfTrialEnd } from './change-subscription.ts'

/**
 * Puts a running subscription on trial: its period ends now, the time that was paid for is credited unless prorations are
 * off, and billing goes on when the trial ends (https://docs.stripe.com/billing/subscriptions/billing-cycle).
 */
export function startTrial(
  account: Account,
  id: string,
  trialEnd: number,
  behavior: ProrationBehavior,
  before: Subscription = get(account.store.subscriptions, id),
): Subscription {
  const stored = get(account.store.subscriptions, id)
  const now = account.clock.seconds()
  const credits = behavior === 'none' ? [] : before.items.flatMap((item) => creditLines(account, before, item, now))
  const started = account.store.subscriptions.save(onTrial(stored, now, trialEnd))
  const free = started.items.filter((item) => !isMetered(account, item)).map((item) => itemLine(account, started, item, true))
  const lines = [...before.internal.pendingLines, ...credits, ...free]
  account.store.subscriptions.save({ ...started, internal: { ...started.internal, pendingLines: [] } })
  const invoice = openInvoice(account, started, 'subscription_update', lines, { start: now, end: now })
  changeSubscription(account, id, { latest_invoice: invoice.id }, before)
  payInvoice(account, invoice, { presence: 'off-session', attempts: 'scheduled' })
  if ((trialReminderAt(get(account.store.subscriptions, id)) ?? Infinity) <= now) remindOfTrialEnd(account, id)
  return get(account.store.subscriptions, id)
}

/** A subscription that is on trial from `start` until `end` (seconds). */
export function onTrial(subscription: Subscription, start: number, end: number): Subscription {
  return {
    ...subscription,
    billing_cycle_anchor: end,
    items: subscription.items.map(({ billed: _billed, ...item }) => ({ ...item, current_period_start: start, current_period_end: end })),
    status: 'trialing',
    trial_end: end,
    trial_start: start,
    internal: { ...subscription.internal, trialReminderSent: false },
  }
}
