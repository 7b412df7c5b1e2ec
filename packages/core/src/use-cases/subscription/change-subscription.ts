import { type CustomerRecords, entitlementsAt } from '../../domain/entitlement.ts'
import { type Instant, day } from '../../domain/instant.ts'
import { isLive } from '../../domain/is-live.ts'
import type { Subscription } from '../../domain/subscription.ts'
import { FareboxError, isFareboxError } from '../../errors/error.ts'
import type { ChangeIntent, PaymentIntent, Payments, StepPlan } from '../../ports/payments.ts'
import type { CheckoutRow, PutAsideChange } from '../../ports/record-store.ts'
import { checkMovedTo } from '../checkout/check-sold-in.ts'
import { closedCheckout, loadCheckout, standingOf } from '../checkout/open-checkout.ts'
import { codeRefused } from '../checkout/promotion-code.ts'
import type { Context } from '../context.ts'
import { converge } from '../converging/converge.ts'
import { settleOperation } from '../converging/settle-operation.ts'
import { tooManyAtOnce } from '../customers/ensure-customer.ts'
import { drainSoon } from '../delivering/drain-soon.ts'
import { carryOut } from '../payments/carry-out.ts'
import { type OperationEntry, abandonOperation, newOperation } from '../payments/operation-rows.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { storeNow } from '../store-now.ts'

/**
 * What became of a change.
 *
 * - `changed`: it is in effect; `plan` is the plan that governs now.
 * - `scheduled`: Stripe will make it at that instant, by itself; until then everything stays as it is.
 * - `action-required`: nothing has changed yet. It does once the customer has paid or confirmed on the page at `url`;
 *   `null` where Stripe gives no page, then the portal is the way.
 * - `unchanged`: it was so already.
 */
export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly plan: string; readonly entitlementVersion: number }
  | { readonly kind: 'scheduled'; readonly plan: string; readonly at: Instant }
  | { readonly kind: 'action-required'; readonly url: string | null }
  | { readonly kind: 'unchanged'; readonly plan: string }

/** What to do with the subscription that is there, seen from a reading of this moment. */
export type Course =
  | { readonly kind: 'intend'; readonly subscription: Subscription; readonly intent: PaymentIntent }
  | { readonly kind: 'unchanged' }
  /** An invoice has to be paid first. */
  | { readonly kind: 'pay-first'; readonly subscription: Subscription }

/** Callers who want different things at the same time wait for one another; at some point one gives up. */
const mostAttempts = 20

/**
 * The one way in which a subscription is changed: what somebody else began is finished, Stripe is read, an open checkout is
 * expired, and what `decide` makes of that is stored as an operation before its first write. Whoever was overtaken looks
 * again.
 *
 * @throws FareboxError `already-subscribed` (reason `several-subscriptions`) where more than one could be meant,
 * `payments-failed`, `unavailable`, and what `decide` throws.
 */
export async function changeSubscription(
  context: Context,
  customer: string,
  decide: (live: Subscription | undefined, records: CustomerRecords, now: Instant) => Course | Promise<Course>,
): Promise<ChangeOutcome> {
  const payments = paymentsOf(context)
  const completed = new Set<string>()
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const last = await settleOperation(context, customer)
    const { records } = await converge(context, customer, null)
    const checkout = await loadCheckout(context, customer)
    const live = findLive(records)
    const now = await storeNow(context, customer)
    const course = await decide(live, records, now)
    if (course.kind === 'unchanged') return unchanged(context, records, now)
    const { subscription } = course
    if (course.kind === 'pay-first') return { kind: 'action-required', url: subscription.payment?.hostedUrl ?? null }
    const standing = await standingOf(payments, checkout, null, subscription.status === 'incomplete')
    if (standing.kind === 'completed' && !completed.has(standing.session)) {
      // Paid a moment ago, perhaps after the records were read.
      completed.add(standing.session)
      continue
    }
    const { intent } = course
    checkMovedTo(context.catalog, subscription, intent)
    const bought = standing.kind === 'completed' ? checkout?.value : undefined
    const plan = await planSteps(payments, { subscription, intent, last, bought, now })
    if (plan.kind === 'action-required') return { kind: 'action-required', url: plan.url }
    if (plan.steps.length === 0) {
      // Who wants what is there wants nothing back that was to come instead.
      if (last?.value.state === 'waiting' && plan.leavesChanges !== true) await abandonOperation(context, last)
      return standingOutcome(context, records, subscription, now)
    }
    const putAside = plan.leavesChanges === true ? stillAside(last) : putAsideBy(intent, subscription, last, plan.releasedDiscounts)
    const { write, entry } = newOperation(context, customer, last, { subscription: subscription.id, intent, steps: plan.steps, putAside }, now)
    const outcome = await context.records.commit(customer, [write, closedCheckout(checkout)])
    if (outcome.kind === 'conflict') continue
    return await outcomeOf(context, await carryOut(context, payments, entry, true), entry.value.operation)
  }
  throw tooManyAtOnce()
}

/** What is asked for, and what led to what there is. */
interface Asking {
  readonly subscription: Subscription
  readonly intent: PaymentIntent
  readonly last: OperationEntry | undefined
  readonly bought: CheckoutRow | undefined
  readonly now: Instant
}

/** Who asks a second time after the first answer was lost is not told that the code was used: it was used for this very subscription. */
async function planSteps(payments: Payments, asking: Asking): Promise<StepPlan> {
  const { subscription, intent } = asking
  try {
    return await payments.planSteps({ subscription: subscription.id, intent })
  } catch (error) {
    if (isFareboxError(error) && error.reason === codeRefused && isAskedAgain(asking)) return { kind: 'steps', steps: [] }
    throw error
  }
}

/** Whether the last operation, or the checkout, was for what is asked for, with the same code, within a day, and it is still so. */
function isAskedAgain({ subscription, intent, last, bought, now }: Asking): boolean {
  const { id, plan, interval, quantity, startedAt } = subscription
  if (intent.kind !== 'change') return false
  const isSo = intent.plan === plan && intent.interval === interval && (intent.quantity ?? quantity) === quantity
  const made = last?.value
  const isMade = made?.state === 'done' && made.subscription === id && now - made.createdAt <= day && codeOf(made.intent) === intent.promotionCode
  const isBought = bought?.plan === plan && now - startedAt <= day && bought.promotionCode === intent.promotionCode
  return isSo && (isMade || isBought)
}

function codeOf(intent: PaymentIntent): string | undefined {
  return intent.kind === 'change' ? intent.promotionCode : undefined
}

/** The scheduled change that makes way for one at once; also one that made way before, for what is still not paid. */
function putAsideBy(
  intent: PaymentIntent,
  { pendingChange, price, quantity }: Subscription,
  last: OperationEntry | undefined,
  discounts: ChangeIntent['discounts'],
): PutAsideChange | undefined {
  if (intent.kind !== 'change' || intent.when !== 'now') return undefined
  if (pendingChange === null) return madeWayBefore(last)
  const { plan, interval, quantity: next } = pendingChange
  if (plan === null || interval === null) return undefined
  const scheduled = { kind: 'change', plan, interval, quantity: next, when: 'period-end', proration: 'none', prorationDate: null } as const
  return { intent: { ...scheduled, ...(discounts !== undefined && { discounts }) }, price, quantity }
}

/** What made way for a change that is still not paid, and makes way for another one. */
function madeWayBefore(last: OperationEntry | undefined): PutAsideChange | undefined {
  const { state, putAside } = last?.value ?? {}
  if (state !== 'waiting' || putAside === undefined) return undefined
  const { awaits: _, ...change } = putAside
  return change
}

/** What made way for a change that goes on waiting for its payment, whatever else is done meanwhile. */
function stillAside(last: OperationEntry | undefined): PutAsideChange | undefined {
  const change = madeWayBefore(last)
  const awaits = last?.value.putAside?.awaits ?? last?.value.steps[last.value.outcomes.length - 1]
  return change && awaits && { ...change, awaits }
}

/** What is told once the operation is over and Stripe has been read again. */
async function outcomeOf(context: Context, { customer, value }: OperationEntry, operation: string): Promise<ChangeOutcome> {
  const { records } = await converge(context, customer, null)
  await drainSoon(context, customer)
  const now = await storeNow(context, customer)
  const last = value.operation === operation ? value.outcomes.at(-1) : undefined
  if (last?.kind === 'action-required') return { kind: 'action-required', url: last.url }
  const subscription = records.subscriptions.find(({ id }) => id === value.subscription)
  const isChange = value.intent.kind === 'change' || value.intent.kind === 'cancel'
  const pending = isChange && subscription !== undefined ? pendingOf(context, subscription) : undefined
  return pending ?? { kind: 'changed', plan: planAt(context, records, now), entitlementVersion: records.version }
}

/** Where nothing had to be written: what is wanted is there, or on its way. */
function standingOutcome(context: Context, records: CustomerRecords, subscription: Subscription, now: Instant): ChangeOutcome {
  return pendingOf(context, subscription) ?? unchanged(context, records, now)
}

/** What a subscription turns into by itself, its end being one such thing. */
function pendingOf({ catalog }: Context, { cancelAt, endedAt, pendingChange }: Subscription): ChangeOutcome | undefined {
  if (endedAt !== null) return undefined
  if (cancelAt !== null) return { kind: 'scheduled', plan: catalog.defaultPlan.key, at: cancelAt }
  if (pendingChange === null || pendingChange.plan === null) return undefined
  return { kind: 'scheduled', plan: pendingChange.plan, at: pendingChange.at }
}

function unchanged(context: Context, records: CustomerRecords, now: Instant): ChangeOutcome {
  return { kind: 'unchanged', plan: planAt(context, records, now) }
}

function planAt({ catalog }: Context, records: CustomerRecords, now: Instant): string {
  return entitlementsAt(catalog, records, now).plan.key
}

/** The subscription that a change is about, if there is one. @throws FareboxError `already-subscribed` where there are several. */
export function findLive({ subscriptions }: CustomerRecords): Subscription | undefined {
  const live = subscriptions.filter(isLive)
  if (live.length <= 1) return live[0]
  throw new FareboxError('already-subscribed', 'The customer has several subscriptions: end all but one in Stripe', {
    reason: 'several-subscriptions',
  })
}
