import type { Subscription } from '../../domain/subscription.ts'
import { isFareboxError } from '../../errors/error.ts'
import type { StepPlan } from '../../ports/payments.ts'
import type { PutAsideChange } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { failureCode } from '../failure-code.ts'
import { carryOut } from '../payments/carry-out.ts'
import { finishOperation } from '../payments/finish-operation.ts'
import { type OperationEntry, abandonOperation, newOperation } from '../payments/operation-rows.ts'
import { paymentFailureOf } from '../payments/payment-failure-of.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { storeNow } from '../store-now.ts'
import { converge } from './converge.ts'

/**
 * Finishes what somebody else began, as `finishOperation` does. Where a change had to be paid first and never was, or was refused, the
 * scheduled change that had made way for it is planned again, unless the subscription is another one than it was then:
 * whoever gave up an upgrade is not charged for a plan that was going to end.
 *
 * @throws FareboxError `unavailable`; then it stays as it is.
 */
export async function settleOperation(context: Context, customer: string): Promise<OperationEntry | undefined> {
  const last = await finishOperation(context, customer)
  const putAside = last?.value.state === 'lapsed' ? last.value.putAside : undefined
  if (last === undefined || putAside === undefined) return last
  await planAgain(context, last, putAside)
  return settleOperation(context, customer)
}

async function planAgain(context: Context, last: OperationEntry, { intent, price, quantity }: PutAsideChange): Promise<void> {
  const payments = paymentsOf(context)
  const { customer, value: { subscription: id } } = last
  const { records } = await converge(context, customer, null)
  const subscription = records.subscriptions.find((item) => item.id === id)
  const plan = isAsItWas(subscription, price, quantity) ? await planOrNone() : none
  if (plan.kind !== 'steps' || plan.steps.length === 0) return abandonOperation(context, last)
  const now = await storeNow(context, customer)
  const { promotionCode, discounts, ...plain } = intent
  // A code may have run out meanwhile: the customer goes on with the plan that was wanted, not with the dearer one.
  const instead = (promotionCode ?? discounts) === undefined ? undefined : { intent: plain, price, quantity }
  const { write, entry } = newOperation(context, customer, last, { subscription: id, intent, steps: plan.steps, putAside: instead }, now)
  const outcome = await context.records.commit(customer, [write])
  if (outcome.kind === 'committed') await carryOut(context, payments, entry, false)

  async function planOrNone(): Promise<StepPlan> {
    try {
      return await payments.planSteps({ subscription: id, intent })
    } catch (error) {
      if (!isFareboxError(error) || (error.code !== 'payments-failed' && error.code !== 'invalid-request')) throw error
      context.logger.warn('What made way for an upgrade is lost', { customer, subscription: id, failure: failureCode(error), ...paymentFailureOf(error).log })
      return none
    }
  }
}

const none: StepPlan = { kind: 'steps', steps: [] }

/** Nobody has changed it since, or ended it, or planned something else. */
function isAsItWas(subscription: Subscription | undefined, price: string, quantity: number): boolean {
  if (subscription === undefined || subscription.endedAt !== null || subscription.cancelAt !== null) return false
  return subscription.pendingChange === null && subscription.price === price && subscription.quantity === quantity
}
