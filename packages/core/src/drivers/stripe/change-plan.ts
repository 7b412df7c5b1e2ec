import { second } from '../../domain/instant.ts'
import type { ChangeIntent, PaymentIntent, PaymentStep, StepPlan } from '../../ports/payments.ts'
import { pendingBills } from './bill-pending.ts'
import { discountsWith, presentDiscounts } from './change-discounts.ts'
import { diffItems, exchangePlan, presentOf } from './change-items.ts'
import { type ChangeReading, endsWithPeriod, getNextPrice, invoicePageOf, isEnding, readForChange } from './change-reading.ts'
import type { StripeClient } from './client.ts'
import { isPlanned, nextDiscountsOf, nextItemsOf, phaseItemsOf, taxesOf, valuesOf } from './schedule-phases.ts'
import { newDiscounts } from './promotion-codes.ts'
import type { StepName } from './change-steps.ts'
import type { StripeSubscription } from './subscription-shape.ts'
import { isWaived, noRest, restUntil, waivedPeriod } from './waived-period.ts'

/** The writes that an intent takes, planned from a new reading of the subscription. */
export async function planSteps(
  client: StripeClient,
  installation: string | undefined,
  { subscription, intent }: { readonly subscription: string; readonly intent: PaymentIntent },
): Promise<StepPlan> {
  const reading = await readForChange(client, subscription)
  switch (intent.kind) {
    case 'change':
      return planChange(client, installation, reading, intent)
    case 'cancel':
      return steps(...(intent.when === 'now' ? [step('cancel-now')] : endLater(reading)))
    case 'resume':
      return isAwaited(reading) ? { kind: 'action-required', url: invoicePageOf(reading.subscription) } : resume(reading)
    case 'pause':
      return { kind: 'steps', steps: await pause(client, reading, intent), leavesChanges: true }
    default:
      return intent satisfies never
  }
}

/** Who has nothing to take back, or a rest alone, says nothing of what is to come. */
function resume(reading: ChangeReading): StepPlan {
  const isRest = isOnlyResting(reading)
  const taken = isRest ? wake(reading) : [...unschedule(reading), ...keep(reading), ...wake(reading)]
  return { kind: 'steps', steps: taken, leavesChanges: isRest || taken.length === 0 }
}

/** Who picks a plan means to go on with it: a scheduled end, or another scheduled change, is taken back along. */
async function planChange(
  client: StripeClient,
  installation: string | undefined,
  reading: ChangeReading,
  intent: ChangeIntent,
): Promise<StepPlan> {
  const { subscription, items, schedule } = reading
  const { plan, interval, quantity, promotionCode } = intent
  const price = await getNextPrice(client, reading, plan, interval, installation)
  const exchange = exchangePlan(items, price.id, quantity, installation)
  const writes = diffItems(items.map(presentOf), exchange.items)
  const waiting = subscription.pending_update?.subscription_items
  if (writes.length > 0 && waiting !== undefined && waiting !== null && diffItems(waiting.map(presentOf), exchange.items).length === 0) {
    return { kind: 'action-required', url: invoicePageOf(subscription) }
  }
  const discount = await discountSteps(client, subscription, promotionCode)
  if (writes.length === 0) return steps(...discount, ...unschedule(reading), ...keep(reading))
  if (intent.when === 'now') {
    const parameters = changeParameters(reading, intent, price.recurring?.interval !== exchange.item.price.recurring?.interval)
    // A pending update carries no discount, and what it charges is to have it taken off.
    const releasedDiscounts = nextDiscountsOf(schedule)
    const change = step('change-items', { update: { items: writes, ...parameters }, target: exchange.target })
    return { kind: 'steps', steps: [...discount, ...release(reading), change, ...keep(reading)], ...(releasedDiscounts.length > 0 && { releasedDiscounts }) }
  }
  const discounts = presentDiscounts(subscription)
  const following = intent.discounts ?? discountsWith(subscription, promotionCode) ?? discounts
  // Its end is taken back with the phases: Stripe refuses to have it changed beside a schedule.
  const isEnded = schedule?.end_behavior === 'cancel'
  const kept = isEnded ? [] : keep(reading)
  if (!isEnded && isPlanned(schedule, exchange.items, following)) return steps(...kept)
  const retired = items.flatMap(({ price: { id, active } }) => (active === false ? [id] : []))
  const phases = step('plan-phases', {
    present: phaseItemsOf(items),
    next: phaseItemsOf(items, exchange.items),
    until: reading.periodEnd,
    interval,
    discounts,
    following,
    ...(retired.length > 0 && { retired }),
    ...taxesOf(subscription),
    ...(schedule !== null && { schedule: valuesOf(schedule) }),
    ...(subscription.trial_end !== null && subscription.status === 'trialing' && { trialEnd: subscription.trial_end }),
  })
  return steps(...kept, ...(schedule === null ? [step('begin-schedule')] : []), phases)
}

/**
 * An update that costs something takes effect with its payment: until then what the customer has is as before. Stripe takes
 * no such update where invoices are sent. Source: https://docs.stripe.com/billing/subscriptions/pending-updates
 */
function changeParameters(
  { subscription }: ChangeReading,
  intent: ChangeIntent,
  changesInterval: boolean,
): Readonly<Record<string, unknown>> {
  return {
    ...reckoningOf(intent),
    ...(subscription.collection_method !== 'send_invoice' && isInvoiced(subscription, intent, changesInterval) && { payment_behavior: 'pending_if_incomplete' }),
  }
}

/** How a change at once is reckoned, in its preview too. A trial was not paid for, so nothing of it is prorated. */
export function reckoningOf({ proration, prorationDate, trialEnd }: ChangeIntent): Readonly<Record<string, unknown>> {
  return {
    proration_behavior: prorationBehavior(proration),
    ...(trialEnd === undefined
      ? proration !== 'none' && prorationDate !== null && { proration_date: prorationDate / second }
      : { trial_end: trialEnd === 'now' ? trialEnd : trialEnd / second }),
  }
}

/** Whether a change at once has an invoice of its own. What is on trial has none before that is over. */
export function isInvoiced({ status }: StripeSubscription, { proration, trialEnd }: ChangeIntent, changesInterval: boolean): boolean {
  return status === 'trialing' ? trialEnd === 'now' : proration === 'invoice' || changesInterval
}

function prorationBehavior(proration: ChangeIntent['proration']): string {
  switch (proration) {
    case 'invoice':
      return 'always_invoice'
    case 'next-invoice':
      return 'create_prorations'
    case 'none':
      return 'none'
    default:
      return proration satisfies never
  }
}

async function discountSteps(client: StripeClient, subscription: StripeSubscription, promotionCode: string | undefined): Promise<readonly PaymentStep[]> {
  const discounts = await newDiscounts(client, subscription, promotionCode)
  return discounts === null ? [] : [step('discount', { discounts })]
}

/** A schedule would undo what is changed beside it, and refuses an end that is set beside it. */
function release({ schedule }: ChangeReading): readonly PaymentStep[] {
  return schedule === null ? [] : [step('release-schedule', { schedule: schedule.id })]
}

/** One that has nothing left to change goes away by itself, unless a period is to begin that it knows nothing of. */
function unschedule(reading: ChangeReading): readonly PaymentStep[] {
  const { subscription, items } = reading
  const isHarmless = isUnscheduled(reading) && !isWaived(subscription, items)
  return isHarmless ? [] : release(reading)
}

/** Whether no schedule has anything left to change, or to end. */
function isUnscheduled({ schedule }: ChangeReading): boolean {
  return nextItemsOf(schedule) === null && (schedule?.end_behavior ?? 'release') === 'release'
}

function endLater(reading: ChangeReading): readonly PaymentStep[] {
  return endsWithPeriod(reading) ? [] : [...release(reading), step('cancel-later')]
}

function keep({ subscription }: ChangeReading): readonly PaymentStep[] {
  if (!isEnding(subscription)) return []
  return [step('keep', subscription.cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: '' })]
}

/** Whether a rest within a paid period is all that keeps it from running: then what is scheduled stays so. */
function isOnlyResting({ subscription, items }: ChangeReading): boolean {
  return subscription.pause_collection?.behavior === 'void' && !isEnding(subscription) && !isWaived(subscription, items)
}

/** Whether a new period only waits for its payment. */
function isAwaited({ subscription, items }: ChangeReading): boolean {
  const { status, status_details, latest_invoice: latest, pending_update, pause_collection } = subscription
  if (status !== 'paused') return (pending_update ?? null) !== null && (pause_collection ?? null) === null && isWaived(subscription, items)
  // Paying what was open before resumes nothing. Older versions of the API do not tell when it was.
  const pausedAt = status_details?.paused?.transitioned_at ?? Infinity
  return typeof latest === 'object' && latest?.status === 'open' && latest.created > pausedAt
}

/** What rested over the beginning of a period goes on with a new one, which takes effect with its payment. */
function wake({ subscription, items }: ChangeReading): readonly PaymentStep[] {
  const { status, pause_collection, collection_method } = subscription
  if (status === 'paused') return [step('resume')]
  const isResting = pause_collection !== undefined && pause_collection !== null
  if (!isWaived(subscription, items)) return isResting ? [step('collect', noRest)] : []
  const payment_behavior = collection_method === 'send_invoice' ? 'error_if_incomplete' : 'pending_if_incomplete'
  const anew = step('begin-anew', { billing_cycle_anchor: { type: 'now' }, payment_behavior })
  return [step('collect', waivedPeriod(subscription, items)), anew, step('forget-rest', noRest)]
}

type PauseIntent = Extract<PaymentIntent, { kind: 'pause' }>

/**
 * A pause with an end is one of collection, which Stripe ends by itself. What is not active, waits for a payment, or has not
 * been paid for, has no other: Stripe would credit the time that is left. Nor has what rests already, whose collection would not
 * come back with `resume`, nor what is to become something else, which Stripe pauses only without its schedule, nor what is in the classic billing mode:
 * https://docs.stripe.com/changelog/endive/2026-09-30/pause-subscription
 */
async function pause(client: StripeClient, reading: ChangeReading, { until, credits }: PauseIntent): Promise<readonly PaymentStep[]> {
  const { subscription, items } = reading
  const { status, pause_collection, pending_update, billing_mode } = subscription
  if (status === 'paused') return []
  const isPaid = status === 'active' && (pending_update ?? null) === null && !isWaived(subscription, items)
  const isCollected = (pause_collection ?? null) === null
  const mayRest = isPaid && isCollected && billing_mode?.type !== 'classic' && client.subscriptions.pause !== undefined
  const isWhole = until === null && mayRest && isUnscheduled(reading)
  const resumes = until === null ? null : Math.floor(until / 1000)
  if (pause_collection?.behavior === 'void' && (pause_collection.resumes_at ?? null) === resumes) return []
  const bills = (await pendingBills(client, subscription)).map((parameters) => step('bill-pending', parameters))
  if (isWhole) return [...bills, ...release(reading), step('pause', credits ? {} : { bill_for: { unused_time_from: { type: 'none' } } })]
  const resting = { behavior: 'void', ...(resumes !== null && { resumes_at: resumes }) }
  return [...bills, step('pause-collection', { pause_collection: resting, ...restUntil(resumes, reading) })]
}

function steps(...listed: readonly PaymentStep[]): StepPlan {
  return { kind: 'steps', steps: listed }
}

function step(name: StepName, parameters: PaymentStep['parameters'] = {}): PaymentStep {
  return { name, parameters }
}
