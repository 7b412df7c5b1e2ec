import type { Plan, PriceInterval } from '../../domain/catalog.ts'
import { entryOf } from '../../domain/entry-of.ts'
import { type Instant, minute, second, wholeSecond } from '../../domain/instant.ts'
import { type MoveEnd, moveKindOf, moveRuleOf } from '../../domain/move-rule.ts'
import type { MoveKind, MoveRule } from '../../domain/plan-move.ts'
import { type Subscription, isOwed } from '../../domain/subscription.ts'
import { FareboxError, invalidRequest } from '../../errors/error.ts'
import type { ChangeIntent } from '../../ports/payments.ts'
import { checkOffered, checkPlan } from '../checkout/check-purchase.ts'
import { getPromotionCode } from '../checkout/promotion-code.ts'
import type { Context } from '../context.ts'
import { convergencesOf } from '../converging/coalesce-convergence.ts'
import { movedTrial } from '../converging/trials.ts'
import { checkId } from '../customers/check-id.ts'
import { checkQuantity } from '../customers/held-seats.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { type ChangeOutcome, type Course, changeSubscription } from './change-subscription.ts'

/** What a customer's subscription shall become. */
export interface ChangeRequest<PlanKey extends string = string> {
  readonly customer: string
  readonly plan: PlanKey
  /** Left out: as it is. */
  readonly interval?: PriceInterval
  /**
   * Left out: as it is, or what another plan makes of it: not fewer than it sells, nor than seats are held, and one where
   * nothing is paid by seat any more.
   */
  readonly quantity?: number
  /** As people know it, such as `SPRING25`, or Stripe's id of one. It counts from the change on, in place of a code that was there. */
  readonly promotionCode?: string
}

/** A change that may have been previewed. */
export interface PreviewedChangeRequest extends ChangeRequest {
  /**
   * The preview's own: then the change costs what was shown, by the second. It holds for a quarter of an hour, within the billing
   * period and until price or quantity is another one or it is paused; after that the change is refused, and has to be previewed
   * again. Left out: the moment of the change. Where nothing is prorated it says nothing.
   */
  readonly prorationDate?: Instant | null
}

/** Whether the customer asks, who may choose only what is offered; left out where the app's own code does. */
export interface Asker {
  readonly isCustomer?: boolean
}

/** For how long a change is made with the proration date of its preview. */
const previewHolds = 15 * minute

/** Moves that may pay back what is left of a period. */
const givesBack: ReadonlySet<MoveKind> = new Set(['downgrade', 'shorterInterval', 'lessQuantity'])

/** Such a move is dated back by at most a sixteenth of the time since the last change. */
const partOfStay = 16

/**
 * Changes the plan, interval or quantity of a subscription that is there, in place, as the catalog's moves say: at once or at
 * the end of the period, and what becomes of the time that was paid for. The default plan ends the subscription. A change that
 * costs something takes effect with its payment; with its preview's `prorationDate` it costs exactly what was shown:
 * https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
 *
 * @throws FareboxError `not-found` where there is no subscription, `invalid-request`, `already-subscribed` where it cannot be
 * changed (reasons `several-subscriptions`, `incomplete`, `paused`, `unknown-plan`), `payments-failed`, `unavailable`.
 */
export async function changePlan(context: Context, request: PreviewedChangeRequest & Asker): Promise<ChangeOutcome> {
  const { customer, fewest, coded } = await prepareChange(context, request)
  const { plan, interval = null, quantity = null, prorationDate = null, isCustomer = false } = request
  const key = JSON.stringify(['change', customer, plan, interval, quantity, prorationDate, isCustomer, coded])
  return convergencesOf(context).share(key, () =>
    changeSubscription(context, customer, async (live, _records, now): Promise<Course> => {
      const subscription = getChangeable(live)
      const move = await moveOf(context, subscription, request, { fewest, now })
      if (move === null) return { kind: 'intend', subscription, intent: { ...presentOf(context, subscription, request), ...coded } }
      if (move.rule.when === 'now' && isOwed(subscription)) return { kind: 'pay-first', subscription }
      if (move.intent === null) return { kind: 'intend', subscription, intent: { kind: 'cancel', when: move.rule.when } }
      const isDated = prorationDate !== null && isProrated(move.rule)
      if (isDated) await checkPreviewed(context, customer, prorationDate, { subscription, kind: move.kind, now })
      return { kind: 'intend', subscription, intent: { ...move.intent, ...coded, prorationDate: isDated ? prorationDate : null } }
    }),
  )
}

/** What can be told of a change without the subscription. */
export interface PreparedChange {
  readonly customer: string
  /** How many another plan is paid for at least. */
  readonly fewest: number
  /** The code of the request as an intent has it; nothing where there is none. */
  readonly coded: { readonly promotionCode?: string }
}

/** @throws FareboxError `invalid-request` with every fault that can be seen without the subscription. */
export async function prepareChange(context: Context, request: ChangeRequest): Promise<PreparedChange> {
  const customer = checkId(request.customer, 'customer')
  checkWanted(context, request, usualInterval(entryOf(context.catalog.plans, request.plan), request))
  const fewest = await checkQuantity(context, request)
  const { promotionCode } = request
  return { customer, fewest, coded: promotionCode === undefined ? {} : { promotionCode: await getPromotionCode(paymentsOf(context), promotionCode, 'known') } }
}

/** A move and its rule; without an intent it leads to the default plan, which nobody subscribes to. */
export interface PlannedMove {
  readonly kind: MoveKind
  readonly rule: MoveRule
  readonly intent: ChangeIntent | null
}

/** How a subscription gets to what is wanted; `null` where it is there. `fewest` is how many seats another plan is paid for at least. */
export async function moveOf(
  context: Context,
  subscription: Subscription,
  request: ChangeRequest & Asker,
  { fewest, now }: { readonly fewest: number; readonly now: Instant },
): Promise<PlannedMove | null> {
  const { plan, interval } = wantedOf(context, subscription, request)
  // Who was sold it goes on with it, with more seats too.
  if (request.isCustomer === true && plan.key !== subscription.plan) checkOffered(context, plan.key)
  const quantity = request.quantity ?? carriedQuantity(context, subscription, plan, interval, fewest)
  const from: MoveEnd = {
    plan: getPlanOf(context, subscription), interval: subscription.interval, quantity: subscription.quantity,
  }
  const to: MoveEnd = { plan, interval, quantity }
  const kind = moveKindOf(from, to)
  const rule = moveRuleOf(context.catalog.moves, from, to)
  if (kind === null || rule === null) return null
  if (plan.isDefault) return { kind, rule, intent: null }
  return {
    kind,
    rule,
    intent: {
      kind: 'change', plan: plan.key, interval, ...rule, prorationDate: null,
      quantity: request.quantity ?? (quantity === subscription.quantity ? null : quantity),
      ...(rule.when === 'now' && plan.key !== subscription.plan && (await movedTrial(context, request.customer, { subscription, to: plan, now }))),
    },
  }
}

/** What is there, as an intent: it takes back what would change it. */
export function presentOf(context: Context, subscription: Subscription, request: ChangeRequest): ChangeIntent {
  const { plan, interval } = wantedOf(context, subscription, request)
  return { kind: 'change', plan: plan.key, interval, quantity: null, when: 'now', proration: 'none', prorationDate: null }
}

function wantedOf(context: Context, subscription: Subscription, request: ChangeRequest) {
  const interval = request.interval ?? subscription.interval ?? 'month'
  return { plan: checkWanted(context, request, interval), interval }
}

/** How many come along to another plan: at least the fewest, and one where seats were paid for and are no longer. */
function carriedQuantity(
  { catalog }: Context,
  { plan: from, quantity }: Subscription,
  to: Plan,
  interval: PriceInterval,
  fewest: number,
): number {
  if (from === to.key) return quantity
  const { perSeat = false, minimum = 1 } = to.prices[interval] ?? {}
  const left = entryOf(catalog.plans, from)
  const wasPerSeat = left !== undefined && Object.values(left.prices).some((price) => price.perSeat)
  return wasPerSeat && !perSeat ? 1 : Math.max(minimum, quantity, fewest)
}

/** @throws FareboxError `not-found`, `already-subscribed` (`incomplete`). */
export function getBegun(live: Subscription | undefined): Subscription {
  if (live === undefined) throw new FareboxError('not-found', 'The customer has no subscription: start a checkout')
  if (live.status === 'incomplete') throw unchangeable('incomplete')
  return live
}

/** As {@link getBegun}. @throws FareboxError `already-subscribed` with the reason why it cannot be changed. */
export function getChangeable(found: Subscription | undefined): Subscription {
  const live = getBegun(found)
  // Whatever an upgrade cost would give nothing before it is resumed, or be voided by Stripe.
  if (live.status === 'paused' || (live.paused ?? null) !== null) throw unchangeable('paused')
  if (live.status === 'unknown' || live.plan === null) throw unchangeable('unknown-plan')
  return live
}

function getPlanOf({ catalog }: Context, { plan }: Subscription): MoveEnd['plan'] {
  // A plan that the catalog has no more is below all that it has.
  return entryOf(catalog.plans, plan) ?? { key: plan ?? '', rank: -1 }
}

function unchangeable(reason: string): FareboxError {
  return new FareboxError('already-subscribed', 'The subscription cannot be changed as it is now', { reason })
}

function checkWanted(context: Context, request: ChangeRequest, interval: PriceInterval): Plan {
  const plan = entryOf(context.catalog.plans, request.plan)
  if (plan?.isDefault !== true) return checkPlan(context, { ...request, interval }, 'change')
  if (request.promotionCode === undefined) return plan
  throw invalidRequest('The change is not valid', 'promotionCode', 'Leave it out: what ends costs nothing')
}

/** The interval that is asked for, else the shortest one that a plan is sold by. */
export function usualInterval(plan: Plan | undefined, { interval }: Pick<ChangeRequest, 'interval'>): PriceInterval {
  return interval ?? (plan?.prices.month === undefined ? 'year' : 'month')
}

/** Whether a move has a moment from which on it is paid for, or given back. */
export function isProrated({ when, proration }: MoveRule): boolean {
  return when === 'now' && proration !== 'none'
}

/**
 * Whoever names a moment of their own choice would be paid back for time that was never paid for: it has to be one at which this
 * very subscription could be previewed as it is. Who goes back and forth would still have every quarter of an hour for nothing,
 * so what gives money back reaches no further than a small part of the time since the last change.
 *
 * @throws FareboxError `invalid-request` at `prorationDate`.
 */
async function checkPreviewed(
  context: Context,
  customer: string,
  date: Instant,
  { subscription, kind, now }: { readonly subscription: Subscription; readonly kind: MoveKind; readonly now: Instant },
): Promise<void> {
  const { row } = await loadCustomer(context, customer)
  const repricedAt = wholeSecond(row?.value.repricedAt ?? 0)
  const holds = givesBack.has(kind) ? Math.min(previewHolds, (date - repricedAt) / partOfStay) : previewHolds
  const isRecent = Number.isInteger(date / second) && date <= now && now - date <= holds
  if (isRecent && date >= repricedAt && date >= subscription.currentPeriodStart) return
  throw invalidRequest('The preview is too old', 'prorationDate', 'Preview the change again, and give the date of that preview')
}
