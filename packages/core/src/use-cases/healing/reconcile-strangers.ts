import { isLive } from '../../domain/is-live.ts'
import type { NamingCustomer } from '../../ports/payments.ts'
import { linkPaymentCustomer } from '../checkout/ensure-payment-customer.ts'
import type { Context } from '../context.ts'
import { convergeCustomer } from '../converging/converge.ts'
import { isId } from '../customers/check-id.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { reconcileCustomer } from './reconcile-customer.ts'
import type { Pace } from './reconcile-pace.ts'
import type { ReconcileFinding, StageWalk } from './reconcile-report.ts'
import { badCursor, unansweredCode, walkAll } from './reconcile-walk.ts'

/** Looks through a page of Stripe's customers for those that name one of ours and are not linked to it. */
export async function walkStrangers(context: Context, position: unknown, limit: number, isDryRun: boolean, pace: Pace): Promise<StageWalk> {
  if (position !== null && (typeof position !== 'string' || !/^\w{1,255}$/.test(position))) throw badCursor()
  const page = await pace.keep(() => paymentsOf(context).listCustomers({ after: position, limit })).catch(unansweredCode)
  if (typeof page === 'string') return { looked: 0, findings: [], stopped: page, next: position }
  const { customers, next } = page
  const walk = await walkAll(customers, (naming) => lookAt(context, naming, isDryRun, pace))
  if (walk.stopped === null) return { ...walk, next, looked: Math.max(1, walk.looked) }
  return { ...walk, next: customers[walk.looked - 1]?.paymentCustomer ?? position }
}

async function lookAt(
  context: Context,
  { customer, paymentCustomer }: NamingCustomer,
  isDryRun: boolean,
  pace: Pace,
): Promise<readonly ReconcileFinding[]> {
  if (!isId(customer)) return []
  const { paymentCustomer: linked = null, convergedAt = null } = (await loadCustomer(context, customer)).row?.value ?? {}
  // Who was linked may not have been read any more: there it stopped.
  if (linked === paymentCustomer) return convergedAt === null ? pace.keep(() => reconcileCustomer(context, customer, isDryRun)) : []
  if (linked !== null) {
    const { subscriptions } = await pace.keep(() => paymentsOf(context).readCustomer(paymentCustomer))
    const live = subscriptions.filter(isLive).map(({ id }) => id)
    return [{ kind: 'second-payment-customer', customer, linked, paymentCustomer, subscriptions: live, repaired: false }]
  }
  const isLinked = !isDryRun && (await linkPaymentCustomer(context, customer, paymentCustomer)) === paymentCustomer
  if (isLinked) await pace.keep(() => convergeCustomer(context, customer))
  return [{ kind: 'unlinked-customer', customer, paymentCustomer, repaired: isLinked }]
}
