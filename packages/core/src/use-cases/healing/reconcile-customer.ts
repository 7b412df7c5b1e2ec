import { isLive } from '../../domain/is-live.ts'
import { isWithoutPlan } from '../../domain/notices.ts'
import type { Subscription } from '../../domain/subscription.ts'
import type { PaymentReading } from '../../ports/payments.ts'
import type { Context } from '../context.ts'
import { convergeCustomer, convergeThoroughly } from '../converging/converge.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { type Rehearsal, isSameDifference, rehearseConvergence } from './reconcile-rehearsal.ts'
import type { OpenCheckout, ReconcileFinding } from './reconcile-report.ts'

/** Compares one customer with Stripe and, unless it is a dry run, has the one writer store what is true. */
export async function reconcileCustomer(context: Context, customer: string, isDryRun: boolean): Promise<readonly ReconcileFinding[]> {
  const first = await rehearseConvergence(context, customer)
  if (first.reading === null) return []
  const puzzles = [...puzzlesOf(context, customer, first.reading), ...packsOf(customer, first), ...(await openCheckouts(context, customer, first.reading))]
  if (first.differences.length === 0) return puzzles
  // What a webhook brought in between is no difference: it counts if it is there when one looks again.
  const second = await rehearseConvergence(context, customer)
  const confirmed = second.differences.filter((found) => first.differences.some((item) => isSameDifference(item, found)))
  if (confirmed.length === 0 || isDryRun) return [...confirmed, ...puzzles]
  await convergeCustomer(context, customer, convergeThoroughly)
  const { differences: left }: Rehearsal = await rehearseConvergence(context, customer)
  const findings = confirmed.map((found) => ({ ...found, repaired: !left.some((item) => isSameDifference(item, found)) }))
  return [...findings, ...puzzles]
}

function isBegun(subscription: Subscription): boolean {
  return isLive(subscription) && subscription.status !== 'incomplete'
}

/** What no reading mends: somebody has to look at it. */
function puzzlesOf(
  { catalog, clock }: Context,
  customer: string,
  { subscriptions }: PaymentReading,
): readonly ReconcileFinding[] {
  const live = subscriptions.filter(isBegun)
  const withoutPlan = live.filter((item) => isWithoutPlan(catalog, item, clock.now()))
  return [
    ...(live.length > 1
      ? [{ kind: 'several-subscriptions', customer, subscriptions: live.map(({ id }) => id), repaired: false } as const]
      : []),
    ...withoutPlan.map(({ id: subscription, price, plan }) =>
      ({ kind: 'subscription-without-plan', customer, subscription, price, plan, repaired: false }) as const,
    ),
  ]
}

function packsOf(customer: string, { unknown }: Rehearsal): readonly ReconcileFinding[] {
  return unknown.map(({ session, pack }) => ({ kind: 'purchase-without-pack', customer, session, pack, repaired: false }))
}

/** A session is asked for only while it could be open, and only beside a subscription that is live. */
async function openCheckouts(
  context: Context,
  customer: string,
  { subscriptions }: PaymentReading,
): Promise<readonly OpenCheckout[]> {
  if (!subscriptions.some(isBegun)) return []
  const { rows, now } = await context.records.load(customer, ['checkouts'])
  const findings: OpenCheckout[] = []
  for (const { value: { session, expiresAt, plan } } of rows.checkouts) {
    if (session === null || expiresAt === null || expiresAt <= now) continue
    const found = await paymentsOf(context).findCheckout(session)
    if (found?.status === 'open') findings.push({ kind: 'open-checkout', customer, session, plan, expiresAt, repaired: false })
  }
  return findings
}
