import type { Account } from '../../account.ts'
import { invalidRequest } from '../../errors.ts'
import { get } from '../../get.ts'
import type { InvoiceLine, Subscription } from '../../objects.ts'
import { openInvoice } from '../invoices/invoicing.ts'
import { payInvoice } from '../invoices/pay-invoice.ts'
import { creditLines } from '../invoices/proration.ts'
import { changeSubscription } from './change-subscription.ts'

/** Why a subscription is paused, as `status_details.paused.subscription.type` says it. */
export type PauseReason = 'pause_requested' | 'trial_end_without_payment_method' | 'final_payment_failure'

/** What is given back for the time that was paid for. */
export interface PauseCredit {
  /** From when on: now, from the start of the period, or nothing. */
  readonly from: 'now' | 'item_current_period_start' | 'none'
  /** Collected with the next invoice, or on one of its own at once. */
  readonly on: 'pending_invoice_item' | 'invoice'
}

/**
 * Pauses a subscription: its period ends now, no further one starts, and no invoice is made until it is resumed
 * (https://docs.stripe.com/billing/subscriptions/pause). Invoices that are open go on without changing its status.
 */
export function pauseSubscription(
  account: Account,
  id: string,
  reason: PauseReason,
  options: { readonly credit: PauseCredit; readonly resumesAt?: number },
): Subscription {
  const before = get(account.store.subscriptions, id)
  const now = account.clock.seconds()
  const credits = creditsOf(account, before, options.credit, now)
  const isInvoiced = options.credit.on === 'invoice' && credits.length > 0
  const pendingLines = isInvoiced ? [] : [...before.internal.pendingLines, ...credits]
  const { resumption: _resumption, ...internal } = before.internal
  const paused = changeSubscription(account, id, {
    items: before.items.map((item) => ({ ...item, current_period_end: Math.min(now, item.current_period_end) })),
    status: 'paused',
    status_details: { paused: { subscription: { type: reason }, transitioned_at: now, type: 'subscription' } },
    internal: { ...internal, pendingLines, resumesAt: options.resumesAt },
  })
  account.emit('customer.subscription.paused', paused, before)
  if (!isInvoiced) return paused
  const lines = [...before.internal.pendingLines, ...credits]
  const invoice = openInvoice(account, paused, 'subscription_update', lines, { start: now, end: now })
  changeSubscription(account, id, { latest_invoice: invoice.id })
  payInvoice(account, invoice, { presence: 'off-session', attempts: 'scheduled' })
  return get(account.store.subscriptions, id)
}

/** Refuses to pause what Stripe does not pause (https://docs.stripe.com/billing/subscriptions/pause#limitations). */
export function requirePausable(subscription: Subscription): void {
  if (subscription.status !== 'active') {
    throw invalidRequest(`Only active subscriptions can be paused. This subscription has a status of \`${subscription.status}\`.`)
  }
  if (typeof subscription['schedule'] === 'string') {
    throw invalidRequest('Subscriptions that are managed by a subscription schedule cannot be paused.')
  }
  if (subscription.pending_update !== null) {
    throw invalidRequest('Subscriptions with a pending update cannot be paused.')
  }
}

function creditsOf(account: Account, subscription: Subscription, credit: PauseCredit, now: number): InvoiceLine[] {
  const isPaidFor = subscription.status === 'active' || subscription.status === 'past_due'
  if (!isPaidFor || credit.from === 'none') return []
  return subscription.items.flatMap((item) => {
    const from = credit.from === 'now' ? now : item.current_period_start
    return creditLines(account, subscription, item, from)
  })
}
