import type { Account } from '../../account.ts'
import type { Invoice, PendingChange, Subscription } from '../../objects.ts'
import { renderSubscriptionItem } from '../../responses/render.ts'
import { voidInvoice } from '../invoices/invoicing.ts'
import { incompleteLifetime, periodEnd } from '../next-instant.ts'
import { changeSubscription } from './change-subscription.ts'

/**
 * Keeps a change until its invoice is paid: 23 hours, or until the trial or the period ends, whichever comes first
 * (https://docs.stripe.com/billing/subscriptions/pending-updates-reference).
 */
export function holdChange(account: Account, id: string, before: Subscription, change: PendingChange): Subscription {
  const expiresAt = Math.min(account.clock.seconds() + incompleteLifetime, periodEnd(before))
  const items = change.items.map((item) => renderSubscriptionItem(account.store, before, item))
  return changeSubscription(account, id, {
    latest_invoice: change.invoice,
    pending_update: {
      billing_cycle_anchor: change.anchor === before.billing_cycle_anchor ? null : change.anchor,
      cancel_at_period_end: null,
      discount: null,
      discounts: null,
      expires_at: expiresAt,
      metadata: null,
      subscription_items: items,
      trial_end: change.trialEnd,
      trial_from_plan: null,
    },
    internal: { ...before.internal, pendingLines: [], pendingChange: change },
  })
}

/** Applies the change whose invoice was paid. */
export function applyPendingChange(account: Account, subscription: Subscription): void {
  const { pendingChange, ...internal } = subscription.internal
  if (pendingChange === undefined) return
  const applied = changeSubscription(account, subscription.id, {
    items: pendingChange.items,
    billing_cycle_anchor: pendingChange.anchor,
    ...(pendingChange.trialEnd !== null && { status: 'active', trial_end: pendingChange.trialEnd }),
    pending_update: null,
    internal,
  })
  account.emit('customer.subscription.pending_update_applied', applied, subscription)
}

/** Drops a change; what its invoice would have collected besides goes back to the next one. */
export function giveUpPendingChange(account: Account, subscription: Subscription): Subscription {
  const { pendingChange, ...internal } = subscription.internal
  if (pendingChange === undefined) return subscription
  const pendingLines = [...pendingChange.pendingLines, ...internal.pendingLines]
  return changeSubscription(account, subscription.id, { pending_update: null, internal: { ...internal, pendingLines } })
}

/** Voids the invoice of a change that nobody paid in time, or that another change takes the place of. */
export function expirePendingChange(account: Account, subscription: Subscription): Subscription {
  const invoice = account.store.invoices.find(subscription.internal.pendingChange?.invoice ?? '')
  if (invoice !== undefined && isUnpaid(invoice)) voidInvoice(account, invoice)
  const dropped = giveUpPendingChange(account, subscription)
  account.emit('customer.subscription.pending_update_expired', dropped, subscription)
  return dropped
}

function isUnpaid(invoice: Invoice): boolean {
  return invoice.status === 'open' || invoice.status === 'uncollectible'
}
