import type { Account } from '../../account.ts'
import type { SchedulePhase, SubscriptionSchedule } from '../../billing-objects.ts'
import { findScheduleOf, get } from '../../get.ts'
import type { Subscription } from '../../objects.ts'
import { automaticTax } from '../amounts/automatic-tax.ts'
import { changeObject } from '../change-object.ts'
import { endOthers, redeemFor, replaceDiscounts, type Redeem } from '../discounts/redeem-coupons.ts'
import { periodEnd } from '../next-instant.ts'
import { changeItems, type WantedItem } from '../subscriptions/change-items.ts'
import { changeSubscription } from '../subscriptions/change-subscription.ts'
import { endBilled } from '../subscriptions/end-billed.ts'
import { onTrial, startTrial } from '../subscriptions/start-trial.ts'
import { subscribe } from '../subscriptions/subscribe.ts'
import { phaseOfSubscription } from './schedule-object.ts'

/** Does what falls due for a schedule now: its start, the change to its next phase, or its end. */
export function advanceSchedule(
  account: Account,
  schedule: SubscriptionSchedule,
  renew: (account: Account, subscription: Subscription) => void,
): void {
  const subscription = account.store.subscriptions.find(schedule.subscription ?? '')
  if (subscription === undefined) {
    if (schedule.status === 'not_started') startSchedule(account, schedule)
    return
  }
  if (subscription.status === 'paused') {
    // Its period ended with the pause, and no phase could ever begin.
    releaseSchedule(account, schedule, { keepsEnd: true })
    return
  }
  const now = account.clock.seconds()
  if (subscription.cancel_at !== null && subscription.cancel_at <= now) {
    endBilled(account, subscription.id)
    return
  }
  // The renewal itself enters the phase that starts with the new period, so that both come on one invoice.
  if (periodEnd(subscription) <= now) renew(account, subscription)
  else changeAtBoundary(account, schedule, subscription)
}

/** Starts the subscription of a schedule, with the items of its first phase. */
export function startSchedule(account: Account, schedule: SubscriptionSchedule): SubscriptionSchedule {
  const phase = phaseAt(schedule, account.clock.seconds())
  if (phase === undefined) return schedule
  const subscription = subscribe(account, {
    customer: schedule.customer,
    items: phase.items.map(({ price, quantity, metadata }) => ({ price, quantity, metadata })),
    paymentMethod: phase.default_payment_method ?? schedule.default_settings.default_payment_method,
    metadata: phase.metadata,
    description: phase.description ?? schedule.default_settings.description,
    trialEnd: phase.trial_end,
    missingPaymentMethod: 'create_invoice',
    discounts: phase.discounts,
    taxation: phase,
  })
  changeSubscription(account, subscription.id, { schedule: schedule.id, ...endOf(schedule) })
  return changeSchedule(account, schedule.id, {
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
    status: 'active',
    subscription: subscription.id,
  })
}

/**
 * At the end of a period: the subscription as the phase that starts now has it. Where no phase starts, it is answered
 * as it is; a schedule that is over lets go of it.
 */
export function enterPhaseAtRenewal(account: Account, subscription: Subscription): Subscription {
  const schedule = findScheduleOf(account.store, subscription)
  if (schedule === undefined || schedule.status !== 'active') return subscription
  const now = account.clock.seconds()
  if ((schedule.current_phase?.end_date ?? Infinity) > now) return subscription
  const phase = phaseAt(schedule, now)
  if (phase === undefined) return finishSchedule(account, schedule, subscription)
  moveTo(account, schedule, phase)
  const entered = asPhase(account, get(account.store.subscriptions, subscription.id), phase, redeemFor)
  endOthers(account, subscription, entered.discounts)
  return entered
}

/**
 * A subscription with what a phase says, its discounts (`redeem` makes them) and its trial among it; without a trial its
 * period is left as it is. The subscription is not stored.
 */
export function asPhase(account: Account, current: Subscription, phase: SchedulePhase, redeem: Redeem): Subscription {
  const now = account.clock.seconds()
  const [first] = current.items
  const items = wantedItems(current, phase).map((wanted) => {
    const kept = current.items.find((item) => item.id === wanted.id)
    return {
      id: kept?.id ?? account.identifiers.next('si'),
      created: kept?.created ?? now,
      current_period_start: kept?.current_period_start ?? first?.current_period_start ?? now,
      current_period_end: kept?.current_period_end ?? first?.current_period_end ?? now,
      metadata: wanted.metadata,
      price: wanted.price,
      quantity: wanted.quantity,
    }
  })
  const changed = { ...current, ...patchOf(current, phase), items, discounts: redeem(account, current, phase.discounts) }
  const { start_date, trial_end } = phase
  return trial_end === null || trial_end <= start_date ? changed : onTrial(changed, start_date, trial_end)
}

/** Lets go of a subscription, which goes on as it is. */
export function releaseSchedule(
  account: Account,
  schedule: SubscriptionSchedule,
  options: { readonly keepsEnd: boolean },
): SubscriptionSchedule {
  const released = account.store.subscriptionSchedules.save({
    ...schedule,
    current_phase: null,
    released_at: account.clock.seconds(),
    released_subscription: schedule.subscription,
    status: 'released',
    subscription: null,
  })
  account.emit('subscription_schedule.released', released)
  if (schedule.subscription !== null) {
    const isEnding = schedule.end_behavior === 'cancel' && !options.keepsEnd
    const end = isEnding ? { cancel_at: null, canceled_at: null } : {}
    changeSubscription(account, schedule.subscription, { schedule: null, ...end })
  }
  return released
}

/**
 * Brings a schedule's state in line with the phases it has now, and the subscription with the phase that runs. A phase
 * that is entered, or given anew, says which discounts there are from now on.
 */
export function applyPhases(
  account: Account,
  id: string,
  behavior: SchedulePhase['proration_behavior'],
  options: { readonly entersPhase: boolean },
): SubscriptionSchedule {
  const schedule = get(account.store.subscriptionSchedules, id)
  const subscription = account.store.subscriptions.find(schedule.subscription ?? '')
  const phase = phaseAt(schedule, account.clock.seconds())
  if (subscription === undefined || phase === undefined) return schedule
  const end = endOf(schedule)
  const discounts = options.entersPhase ? { discounts: replaceDiscounts(account, subscription, phase.discounts) } : {}
  const patch = { ...patchOf(subscription, phase), ...end, ...discounts }
  if (hasItems(subscription, phase)) changeSubscription(account, subscription.id, patch)
  else {
    const reckoning = { behavior, startsOver: phase.billing_cycle_anchor === 'phase_start' }
    changeItems(account, subscription.id, wantedItems(subscription, phase), reckoning, { declines: 'past-due', patch })
  }
  return get(account.store.subscriptionSchedules, id)
}

/** A change that is made on the subscription itself becomes part of the phase that runs. */
export function followChange(account: Account, subscription: Subscription): void {
  const schedule = findScheduleOf(account.store, subscription)
  if (schedule === undefined || schedule.status !== 'active') return
  const { items } = phaseOfSubscription(account, subscription)
  const now = account.clock.seconds()
  const phases = schedule.phases.map((phase) =>
    phase.start_date <= now && now < phase.end_date ? { ...phase, items } : phase,
  )
  changeSchedule(account, schedule.id, { phases })
}

/** Stores a changed schedule and emits `subscription_schedule.updated`. */
export function changeSchedule(
  account: Account,
  id: string,
  patch: Partial<SubscriptionSchedule>,
): SubscriptionSchedule {
  const before = get(account.store.subscriptionSchedules, id)
  return changeObject(account, 'subscriptionSchedules', before, patch, 'subscription_schedule.updated')
}

/** The phase that runs at an instant. */
export function phaseAt(schedule: Pick<SubscriptionSchedule, 'phases'>, instant: number): SchedulePhase | undefined {
  return schedule.phases.find((phase) => phase.start_date <= instant && instant < phase.end_date)
}

/** A schedule that ends by canceling shows its end on the subscription. */
export function endOf(schedule: SubscriptionSchedule): Pick<Subscription, 'cancel_at' | 'canceled_at'> | object {
  const end = schedule.phases.at(-1)?.end_date
  return schedule.end_behavior === 'cancel' && end !== undefined ? { cancel_at: end } : {}
}

/** The boundary lies within a billing period: what changes is prorated as the phase says. */
function changeAtBoundary(account: Account, schedule: SubscriptionSchedule, subscription: Subscription): void {
  const phase = phaseAt(schedule, account.clock.seconds())
  if (phase === undefined) {
    finishSchedule(account, schedule, subscription)
    return
  }
  moveTo(account, schedule, phase)
  applyPhases(account, schedule.id, phase.proration_behavior, { entersPhase: true })
  if (phase.trial_end !== null && phase.trial_end > account.clock.seconds()) {
    startTrial(account, subscription.id, phase.trial_end, phase.proration_behavior)
  }
}

function finishSchedule(account: Account, schedule: SubscriptionSchedule, subscription: Subscription): Subscription {
  if (schedule.end_behavior === 'release') {
    releaseSchedule(account, schedule, { keepsEnd: true })
    return get(account.store.subscriptions, subscription.id)
  }
  return subscription
}

function moveTo(account: Account, schedule: SubscriptionSchedule, phase: SchedulePhase): void {
  changeSchedule(account, schedule.id, {
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
  })
}

/** An item that is billed by the same price keeps its id; another price is another item. */
export function wantedItems(subscription: Subscription, phase: SchedulePhase): WantedItem[] {
  return phase.items.map((item) => ({
    id: subscription.items.find((existing) => existing.price === item.price)?.id,
    price: item.price,
    quantity: item.quantity,
    metadata: item.metadata,
  }))
}

/** Whether a subscription has the items of a phase already. */
export function hasItems(subscription: Subscription, phase: SchedulePhase): boolean {
  const wanted = wantedItems(subscription, phase)
  return (
    wanted.length === subscription.items.length &&
    wanted.every((item) => {
      const existing = subscription.items.find(({ id }) => id === item.id)
      return existing?.quantity === item.quantity && JSON.stringify(existing.metadata) === JSON.stringify(item.metadata)
    })
  )
}

function patchOf(subscription: Subscription, phase: SchedulePhase): Partial<Subscription> {
  return {
    metadata: { ...subscription.metadata, ...phase.metadata },
    automatic_tax: phase.automatic_tax ?? automaticTax(false),
    default_tax_rates: phase.default_tax_rates,
    ...(phase.description !== null && { description: phase.description }),
    ...(phase.default_payment_method !== null && { default_payment_method: phase.default_payment_method }),
  }
}
