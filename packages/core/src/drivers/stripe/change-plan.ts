import type { ChangeIntent, PaymentIntent, PaymentStep, StepPlan } from '../../ports/payments.ts'
import { codedDiscounts, discountsWith } from './change-discounts.ts'
import { diffItems, exchangePlan, presentOf } from './change-items.ts'
import { type ChangeReading, endsWithPeriod, getPlanPrice, invoicePageOf, isEnding, readForChange } from './change-reading.ts'
import type { StripeClient } from './client.ts'
import { isPlanned, nextCodeOf, nextItemsOf, phaseItemsOf, taxesOf, valuesOf } from './schedule-phases.ts'
import type { StepName } from './change-steps.ts'
import type { StripeSubscription } from './subscription-shape.ts'

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
      return steps(...unschedule(reading), ...keep(reading), ...wake(reading))
    case 'pause':
      return steps(...pause(client, reading, intent.until))
    default:
      return intent satisfies never
  }
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
  const price = await getPlanPrice(client, plan, interval, installation, subscription.currency)
  const exchange = exchangePlan(items, price.id, quantity, installation)
  const writes = diffItems(items.map(presentOf), exchange.items)
  const discount = discountStep(subscription, promotionCode)
  if (writes.length === 0) return steps(...discount, ...unschedule(reading), ...keep(reading))
  const waiting = subscription.pending_update?.subscription_items
  if (waiting !== undefined && waiting !== null && diffItems(waiting.map(presentOf), exchange.items).length === 0) {
    return { kind: 'action-required', url: invoicePageOf(subscription) }
  }
  if (intent.when === 'now') {
    const parameters = changeParameters(reading, intent, price.recurring?.interval !== exchange.item.price.recurring?.interval)
    // A pending update carries no discount, and what it charges is to have it taken off.
    const releasedCode = nextCodeOf(schedule)
    const change = step('change-items', { update: { items: writes, ...parameters }, target: exchange.target })
    return { kind: 'steps', steps: [...discount, ...release(reading), change, ...keep(reading)], ...(releasedCode !== undefined && { releasedCode }) }
  }
  if (isPlanned(schedule, exchange.items, promotionCode)) return steps(...keep(reading))
  const phases = step('plan-phases', {
    present: phaseItemsOf(items),
    next: phaseItemsOf(items, exchange.items),
    until: reading.periodEnd,
    interval,
    ...(promotionCode !== undefined && { promotionCode, replaced: codedDiscounts(subscription) }),
    ...taxesOf(subscription),
    ...(schedule !== null && { schedule: valuesOf(schedule) }),
    ...(subscription.trial_end !== null && subscription.status === 'trialing' && { trialEnd: subscription.trial_end }),
  })
  return steps(...keep(reading), ...(schedule === null ? [step('begin-schedule')] : []), phases)
}

/**
 * An update that costs something takes effect with its payment: until then what the customer has is as before. Stripe takes
 * no such update where invoices are sent. Source: https://docs.stripe.com/billing/subscriptions/pending-updates
 */
function changeParameters(
  { subscription }: ChangeReading,
  { proration, prorationDate }: ChangeIntent,
  changesInterval: boolean,
): Readonly<Record<string, unknown>> {
  const isCollected = subscription.collection_method !== 'send_invoice' && subscription.status !== 'trialing'
  const waits = isCollected && (proration === 'invoice' || changesInterval)
  return {
    proration_behavior: prorationBehavior(proration),
    ...(proration !== 'none' && prorationDate !== null && { proration_date: prorationDate / 1000 }),
    ...(waits && { payment_behavior: 'pending_if_incomplete' }),
  }
}

export function prorationBehavior(proration: ChangeIntent['proration']): string {
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

function discountStep(subscription: StripeSubscription, promotionCode: string | undefined): readonly PaymentStep[] {
  const discounts = discountsWith(subscription, promotionCode)
  return discounts === null ? [] : [step('discount', { discounts })]
}

/** A schedule would undo what is changed beside it, and refuses an end that is set beside it. */
function release({ schedule }: ChangeReading): readonly PaymentStep[] {
  return schedule === null ? [] : [step('release-schedule', { schedule: schedule.id })]
}

/** One that has nothing left to change goes away by itself. */
function unschedule(reading: ChangeReading): readonly PaymentStep[] {
  const { schedule } = reading
  const isHarmless = nextItemsOf(schedule) === null && (schedule?.end_behavior ?? 'release') === 'release'
  return isHarmless ? [] : release(reading)
}

function endLater(reading: ChangeReading): readonly PaymentStep[] {
  return endsWithPeriod(reading) ? [] : [...release(reading), step('cancel-later')]
}

function keep({ subscription }: ChangeReading): readonly PaymentStep[] {
  if (!isEnding(subscription)) return []
  return [step('keep', subscription.cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: '' })]
}

function wake({ subscription: { status, pause_collection } }: ChangeReading): readonly PaymentStep[] {
  if (status === 'paused') return [step('resume')]
  return pause_collection === undefined || pause_collection === null ? [] : [step('collect')]
}

/** A pause with an end is one of collection, which Stripe ends by itself. What is not active, or waits for a payment, has no other. */
function pause(client: StripeClient, reading: ChangeReading, until: number | null): readonly PaymentStep[] {
  const { status, pause_collection, pending_update } = reading.subscription
  if (status === 'paused') return []
  const mayRest = status === 'active' && (pending_update ?? null) === null && client.subscriptions.pause !== undefined
  if (until === null && mayRest) return [...release(reading), step('pause')]
  const resumes = until === null ? null : Math.floor(until / 1000)
  if (pause_collection?.behavior === 'void' && (pause_collection.resumes_at ?? null) === resumes) return []
  return [step('pause-collection', { behavior: 'void', ...(resumes !== null && { resumes_at: resumes }) })]
}

function steps(...listed: readonly PaymentStep[]): StepPlan {
  return { kind: 'steps', steps: listed }
}

function step(name: StepName, parameters: PaymentStep['parameters'] = {}): PaymentStep {
  return { name, parameters }
}
