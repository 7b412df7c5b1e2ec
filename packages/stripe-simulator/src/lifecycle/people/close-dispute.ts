import type { Account } from '../../account.ts'
import type { Dispute } from '../../billing-objects.ts'
import { invalidRequest } from '../../errors.ts'
import { get } from '../../get.ts'
import { changeObject } from '../change-object.ts'
import { hasEnded } from '../subscription-status.ts'
import { cancellation, endSubscription } from '../subscriptions/change-subscription.ts'

/** Decides a dispute. A lost one ends the subscription that the charge paid for, where the settings say so. */
export function closeDispute(account: Account, id: string, outcome: 'lost' | 'won'): Dispute {
  const before = get(account.store.disputes, id)
  if (isClosed(before)) throw invalidRequest(`This dispute is already closed: it is ${before.status}.`)
  const isInquiry = before.status === 'warning_needs_response'
  const status = isInquiry && outcome === 'won' ? 'warning_closed' : outcome
  const closed = changeObject(account, 'disputes', before, { status, is_charge_refundable: false }, 'charge.dispute.closed')
  if (outcome === 'won' && !isInquiry) account.emit('charge.dispute.funds_reinstated', closed)
  if (outcome === 'lost' && account.settings.lostDisputes === 'cancel') endDisputed(account, closed)
  return closed
}

/** Whether a dispute is decided. */
export function isClosed({ status }: Dispute): boolean {
  return status === 'lost' || status === 'won' || status === 'warning_closed'
}

function endDisputed(account: Account, dispute: Dispute): void {
  const { invoice } = get(account.store.charges, dispute.charge).internal
  const billed = account.store.invoices.find(invoice ?? '')?.internal.subscription
  const subscription = account.store.subscriptions.find(billed ?? '')
  if (subscription === undefined || hasEnded(subscription.status)) return
  endSubscription(account, subscription.id, cancellation('payment_disputed'))
}
