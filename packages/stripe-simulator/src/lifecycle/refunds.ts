import type { Account } from '../account.ts'
import type { Charge, Refund } from '../billing-objects.ts'
import { get } from '../get.ts'
import type { Metadata } from '../objects.ts'
import { findCard } from './cards.ts'

/** How long a refund that is not decided at once takes. */
const undecided = 86_400

/** Gives part of a charge back, as its test card has it: at once, later, or in the end not. */
export function refundCharge(
  account: Account,
  charge: Charge,
  wanted: { readonly amount: number; readonly reason: string | null; readonly metadata: Metadata },
): Refund {
  const now = account.clock.seconds()
  const number = account.store.paymentMethods.find(charge.payment_method)?.internal.number ?? ''
  const course = findCard(number)?.refunds
  const as = course === 'fail' ? 'failed' : 'succeeded'
  const refund = account.store.refunds.save({
    id: account.identifiers.next('re'),
    object: 'refund',
    amount: wanted.amount,
    balance_transaction: null,
    charge: charge.id,
    created: now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: { card: { reference: '', reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' }, type: 'card' },
    metadata: wanted.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: wanted.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: course === 'wait' ? 'pending' : 'succeeded',
    transfer_reversal: null,
    internal: { settles: course === undefined ? undefined : { at: now + undecided, as } },
  })
  account.emit('refund.created', refund)
  const refunded = changeRefunded(account, charge, wanted.amount)
  account.emit('charge.refunded', refunded, charge)
  return refund
}

/** Ends a refund that was under way. What fails is money that the customer does not get: it can be refunded again. */
export function settleRefund(account: Account, before: Refund): void {
  const { settles } = before.internal
  if (settles === undefined) return
  const isFailed = settles.as === 'failed'
  const settled = account.store.refunds.save({
    ...before,
    status: settles.as,
    ...(isFailed && { failure_reason: 'unknown' }),
    internal: { settles: undefined },
  })
  account.emit('refund.updated', settled, before)
  if (!isFailed) return
  account.emit('refund.failed', settled, before)
  changeRefunded(account, get(account.store.charges, before.charge), -before.amount)
}

/** Gives up a refund that was not decided: the charge can be refunded again. */
export function cancelRefund(account: Account, before: Refund): Refund {
  const canceled = account.store.refunds.save({ ...before, status: 'canceled', internal: { settles: undefined } })
  account.emit('refund.updated', canceled, before)
  changeRefunded(account, get(account.store.charges, before.charge), -before.amount)
  return canceled
}

function changeRefunded(account: Account, charge: Charge, by: number): Charge {
  const amount_refunded = charge.amount_refunded + by
  return account.store.charges.save({ ...charge, amount_refunded, refunded: amount_refunded === charge.amount })
}
