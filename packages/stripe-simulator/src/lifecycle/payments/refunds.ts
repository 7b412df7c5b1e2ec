import type { Account } from '../../account.ts'
import type { Charge, Refund } from '../../billing-objects.ts'
import { get } from '../../get.ts'
import type { Metadata } from '../../objects.ts'
import { publishedNulls } from '../../published-data.ts'
import { changeObject } from '../change-object.ts'
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
    ...publishedNulls('refund'),
    amount: wanted.amount,
    charge: charge.id,
    created: now,
    currency: charge.currency,
    customer: charge.customer,
    destination_details: { card: { reference: '', reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' }, type: 'card' },
    metadata: wanted.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: wanted.reason,
    status: course === 'wait' ? 'pending' : 'succeeded',
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
  const changes = { status: settles.as, ...(isFailed && { failure_reason: 'unknown' }), internal: { settles: undefined } }
  const settled = changeObject(account, 'refunds', before, changes, 'refund.updated')
  if (!isFailed) return
  account.emit('refund.failed', settled, before)
  changeRefunded(account, get(account.store.charges, before.charge), -before.amount)
}

/** Gives up a refund that was not decided: the charge can be refunded again. */
export function cancelRefund(account: Account, before: Refund): Refund {
  const canceled = changeObject(account, 'refunds', before, { status: 'canceled', internal: { settles: undefined } }, 'refund.updated')
  changeRefunded(account, get(account.store.charges, before.charge), -before.amount)
  return canceled
}

function changeRefunded(account: Account, charge: Charge, by: number): Charge {
  const amount_refunded = charge.amount_refunded + by
  return account.store.charges.save({ ...charge, amount_refunded, refunded: amount_refunded === charge.amount })
}
