import type { Account } from '../../account.ts'
import type { InvoiceLine, Subscription } from '../../objects.ts'
import { isSameRecurrence, nextBoundary } from '../billing-period.ts'
import { itemLine } from '../invoices/invoice-object.ts'
import { isMetered } from '../invoices/proration.ts'
import { usageLines } from '../invoices/usage-lines.ts'
import { periodEnd } from '../next-instant.ts'
import { enterPhaseAtRenewal } from '../schedules/run-schedule.ts'
import { recurrenceOf } from '../subscriptions/subscribe.ts'

/** A subscription in the period after its current one, and what that comes to. */
export interface NextPeriod {
  readonly subscription: Subscription
  readonly lines: readonly InvoiceLine[]
}

/**
 * Rolls a subscription into its next period and stores it. What a schedule has for the new period comes first: with
 * another rhythm the billing cycle is counted from here.
 */
export function startNextPeriod(account: Account, before: Subscription): NextPeriod {
  const next = nextPeriod(account, before, enterPhaseAtRenewal(account, before))
  account.store.subscriptions.save(next.subscription)
  return next
}

/** The same for a preview: `changed` is the subscription as the new period has it. Nothing is stored. */
export function nextPeriod(account: Account, before: Subscription, changed: Subscription): NextPeriod {
  const end = periodEnd(before)
  const recurrence = recurrenceOf(account, changed.items)
  const startsOver = !isSameRecurrence(recurrence, recurrenceOf(account, before.items))
  const anchor = startsOver ? end : changed.billing_cycle_anchor
  // A trial that starts with this period has set its items and its anchor already.
  if (beginsTrialAt(changed, end)) {
    const rolled = { ...changed, internal: { ...changed.internal, pendingLines: [] } }
    return { subscription: rolled, lines: [...before.internal.pendingLines, ...usageLines(account, before), ...advanceLines(account, rolled)] }
  }
  const nextEnd = nextBoundary(anchor, recurrence, end)
  const rolled: Subscription = {
    ...changed,
    billing_cycle_anchor: anchor,
    items: changed.items.map(({ billed: _billed, ...item }) => ({ ...item, current_period_start: end, current_period_end: nextEnd })),
    internal: { ...changed.internal, pendingLines: [] },
  }
  const lines = [...usageLines(account, before), ...advanceLines(account, rolled)]
  return { subscription: rolled, lines: [...before.internal.pendingLines, ...lines] }
}

/** Whether a trial begins at an instant (seconds); one that was ended in the second in which it began is over. */
export function beginsTrialAt({ status, trial_start, trial_end }: Subscription, instant: number): boolean {
  return status === 'trialing' && trial_start === instant && trial_end !== instant
}

/** The lines that bill a period in advance; what is metered has none. */
function advanceLines(account: Account, subscription: Subscription): InvoiceLine[] {
  return subscription.items
    .filter((item) => !isMetered(account, item))
    .map((item) => itemLine(account, subscription, item, subscription.status === 'trialing' && subscription.trial_start === item.current_period_start))
}
