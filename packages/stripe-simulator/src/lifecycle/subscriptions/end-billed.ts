import type { Account } from '../../account.ts'
import { get } from '../../get.ts'
import type { Subscription } from '../../objects.ts'
import { openInvoice, voidInvoice } from '../invoices/invoicing.ts'
import { usageLines } from '../invoices/usage-lines.ts'
import { endSubscription } from './change-subscription.ts'
import { collect } from './collect.ts'

/**
 * Ends a subscription with a last invoice of what was used and of what waited for the next one: as its end was planned, or now
 * with `invoice_now` (https://docs.stripe.com/api/subscriptions/cancel). While it is not collected the invoice is voided.
 */
export function endBilled(account: Account, id: string, details?: Parameters<typeof endSubscription>[2]): Subscription {
  const before = get(account.store.subscriptions, id)
  const now = account.clock.seconds()
  const lines = [...before.internal.pendingLines, ...usageLines(account, before)]
  if (lines.length === 0) return endSubscription(account, id, details)
  const start = before.items[0]?.current_period_start ?? before.created
  const billed = account.store.subscriptions.save({ ...before, internal: { ...before.internal, pendingLines: [] } })
  const invoice = openInvoice(account, billed, 'subscription_update', lines, { start, end: now })
  account.store.subscriptions.save({ ...billed, latest_invoice: invoice.id })
  if (before.pause_collection === null) collect(account, invoice)
  else voidInvoice(account, invoice)
  return endSubscription(account, id, details)
}
