import { type FareboxError, isFareboxError } from '../../errors/error.ts'
import type { Context } from '../context.ts'
import type { Delivery } from '../converging/coalesce-convergence.ts'
import { converge } from '../converging/converge.ts'
import { begunWrite, endedRow, isUnended, mayBeUnderWay, recordFailure, unended } from '../converging/inbox.ts'
import { failureCode } from '../failure-code.ts'
import { paymentFailureOf } from '../payments/payment-failure-of.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { findOwner } from '../webhooks/find-owner.ts'
import { doEach } from './do-each.ts'
import { findGivenUp } from './given-up-events.ts'

/** One sweep reads this many customers from Stripe, and finishes this many changes. */
export const mostReads: number = 50

/**
 * What Stripe has given up is as good as lost, and reading the customer makes up for it. Where that ends one sweep after the other, or
 * is refused again and again, the event is put aside, as it would be where that becomes of those who receive it.
 */
export async function sweepGivenUp(context: Context): Promise<number> {
  if (context.payments === null) return 0
  const givenUp = (await findGivenUp(context)).toSorted((one, other) => (one.value.sweptAt ?? 0) - (other.value.sweptAt ?? 0))
  return doEach(
    context,
    'A payment event',
    givenUp.slice(0, mostReads),
    async (entry) => {
      const { customer, id, value } = entry
      const delivery: Delivery = { event: id, type: value.type, paymentCustomer: null, isReplay: true, createdAt: null }
      const now = context.clock.now()
      if (mayBeUnderWay(value, now)) return false
      const hasNoEnd = isUnended(value, now)
      if (!hasNoEnd && (await context.records.commit(customer, [begunWrite(entry, now)])).kind === 'conflict') return false
      const failure = hasNoEnd ? unended() : await readAgain(context, customer, delivery, value.about)
      if (failure !== null) await recordFailure(context, customer, delivery, failure)
      return failure === null
    },
    ({ id, revision, value }, now) => ({ collection: 'inbox', id, expect: revision + 1, value: { ...endedRow(value), sweptAt: now } }),
  )
}

/**
 * Nobody is reminded of a trial that was prolonged, or told that access ended while the payment's webhook was lost: Stripe
 * is asked first. While it cannot be reached the customer stays due; where it refuses, which is answered, the records are all there is.
 * `about`: what tells whose the event is, where that could not be found out.
 */
export async function readAgain(context: Context, customer: string, event: Delivery | null, about?: string): Promise<FareboxError | null> {
  try {
    const paymentCustomer = about === undefined ? null : await paymentsOf(context).findPaymentCustomer(about)
    const owner = paymentCustomer === null ? null : await findOwner(context, paymentCustomer)
    if (owner !== null) await converge(context, owner, event)
    await converge(context, customer, event)
    return null
  } catch (error) {
    if (!isFareboxError(error) || error.code !== 'payments-failed') throw error
    context.logger.warn('A customer cannot be read', { customer, failure: failureCode(error), ...paymentFailureOf(error).log })
    return error
  }
}
