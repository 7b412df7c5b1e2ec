import type { NamingCustomer } from '../ports/payments.ts'
import type { Context } from './context.ts'
import { convergeCustomer } from './converge.ts'
import { linkPaymentCustomer } from './ensure-payment-customer.ts'
import { findCustomer } from './find-customer.ts'
import { paymentsOf } from './payments-of.ts'
import type { ReconcileFinding, StageWalk } from './reconcile-report.ts'
import { badCursor, walkAll } from './reconcile-walk.ts'
import { isLive } from './start-checkout.ts'

/** Looks through a page of Stripe's customers for those that name one of ours and are not linked to it. */
export async function walkStrangers(context: Context, position: unknown, limit: number, isDryRun: boolean): Promise<StageWalk> {
  if (position !== null && (typeof position !== 'string' || !/^\w{1,255}$/.test(position))) throw badCursor()
  const { customers, next } = await paymentsOf(context).listCustomers({ after: position, limit })
  const walk = await walkAll(customers, (naming) => lookAt(context, naming, isDryRun))
  if (walk.stopped === null) return { ...walk, next, looked: Math.max(1, walk.looked) }
  return { ...walk, next: customers[walk.looked - 1]?.paymentCustomer ?? position ?? '' }
}

async function lookAt(
  context: Context,
  { customer, paymentCustomer }: NamingCustomer,
  isDryRun: boolean,
): Promise<readonly ReconcileFinding[]> {
  const linked = (await findCustomer(context, customer))?.paymentCustomer ?? null
  if (linked === paymentCustomer) return []
  if (linked !== null) {
    const { subscriptions } = await paymentsOf(context).readCustomer(paymentCustomer)
    const live = subscriptions.filter(isLive).map(({ id }) => id)
    return [{ kind: 'second-payment-customer', customer, linked, paymentCustomer, subscriptions: live, repaired: false }]
  }
  const isLinked = !isDryRun && (await linkPaymentCustomer(context, customer, paymentCustomer)) === paymentCustomer
  if (isLinked) await convergeCustomer(context, customer)
  return [{ kind: 'unlinked-customer', customer, paymentCustomer, repaired: isLinked }]
}
