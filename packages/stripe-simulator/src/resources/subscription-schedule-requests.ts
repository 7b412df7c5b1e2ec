import type { Account } from '../account.ts'
import type { ProrationBehavior, SchedulePhase, SubscriptionSchedule } from '../billing-objects.ts'
import { exclusiveParameters, invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { get, getCustomer, getPrice } from '../get.ts'
import { nextBoundary } from '../lifecycle/billing-period.ts'
import { readDiscounts, redemptionOf, type GivenDiscount } from '../lifecycle/discounts/coupon-validity.ts'
import { endOfDuration, newPhase } from '../lifecycle/schedules/schedule-object.ts'
import { recurrenceOf } from '../lifecycle/subscriptions/subscribe.ts'
import type { Interval, Subscription } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { resolvePaymentMethod } from './payment-methods.ts'
import { readItems } from './subscription-requests.ts'
import { type GivenTaxes, readTaxes, taxParameters } from './tax-rates.ts'

export interface GivenPhase extends GivenTaxes {
  readonly billing_cycle_anchor?: 'automatic' | 'phase_start'
  readonly collection_method?: string
  readonly currency?: string
  readonly default_payment_method?: string
  readonly description?: string | null
  readonly discounts?: readonly GivenDiscount[] | null
  readonly duration?: { readonly interval: Interval; readonly interval_count?: number }
  readonly end_date?: number | 'now'
  readonly items?: readonly { readonly price?: string; readonly quantity?: number; readonly metadata?: MetadataChange }[]
  readonly metadata?: MetadataChange
  readonly proration_behavior?: ProrationBehavior
  readonly start_date?: number | 'now'
  readonly trial?: boolean
  readonly trial_end?: number | 'now'
}

/** Parameters of a phase that have their effect. */
export const phaseParameters: readonly string[] = [
  ...taxParameters('phases.'),
  'phases.billing_cycle_anchor',
  'phases.collection_method',
  'phases.currency',
  'phases.default_payment_method',
  'phases.description',
  'phases.discounts',
  'phases.duration',
  'phases.end_date',
  'phases.items.metadata',
  'phases.items.price',
  'phases.items.quantity',
  'phases.metadata',
  'phases.proration_behavior',
  'phases.trial',
  'phases.trial_end',
]

/** Who and what the phases are for. */
export interface PhaseContext {
  readonly customer: string
  /** The subscription that is managed already. */
  readonly subscription: Subscription | undefined
}

/** Phases in order from `start` (seconds) on, each at its instants. */
export function readPhases(
  account: Account,
  given: readonly GivenPhase[],
  start: number,
  context: PhaseContext,
): SchedulePhase[] {
  const phases: SchedulePhase[] = []
  for (const [index, phase] of given.entries()) {
    const from: number = phases.at(-1)?.end_date ?? start
    if (index > 0 && phase.start_date !== undefined && instantOf(account, phase.start_date) !== from) {
      throw invalidRequest('The end date of a phase should be equal to the start date of the next phase.', {
        param: `phases[${index}][start_date]`,
      })
    }
    phases.push(readPhase(account, phase, index, from, context))
  }
  return phases
}

/**
 * The phases of a schedule after an update: those that are over, then the given ones. The first given phase is the one
 * that runs (its start stays as it is) or says from when the rest counts; a phase may start `now`.
 */
export function replacePhases(
  account: Account,
  schedule: SubscriptionSchedule,
  given: readonly GivenPhase[],
): SchedulePhase[] {
  const now = account.clock.seconds()
  const [first] = given
  const anchored = given.findIndex((phase) => phase.start_date !== undefined)
  if (first === undefined || anchored < 0) {
    throw invalidRequest('The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.', {
      param: 'phases',
    })
  }
  const subscription = account.store.subscriptions.find(schedule.subscription ?? '')
  const context = { customer: schedule.customer, subscription }
  const start = startOf(account, schedule, given)
  const isCurrent = schedule.current_phase === null || start === schedule.current_phase.start_date
  const isKnown = schedule.phases.some((phase) => phase.start_date === start)
  if (!isCurrent && !isKnown && start !== now) {
    throw invalidRequest('You can not modify the start date of the current phase.', { param: 'phases[0][start_date]' })
  }
  const phases = readPhases(account, withEnds(account, given), start, context)
  const over = schedule.phases.filter((phase) => phase.end_date <= start)
  const cut = schedule.phases.filter((phase) => phase.start_date < start && phase.end_date > start)
  const last = phases.at(-1)
  if (schedule.current_phase !== null && last !== undefined && last.end_date <= now) {
    throw invalidRequest('The last phase of a subscription schedule must end in the future.', {
      param: `phases[${given.length - 1}][end_date]`,
    })
  }
  return [...over, ...cut.map((phase) => ({ ...phase, end_date: start })), ...phases]
}

/** The instant that a date names. */
export function instantOf(account: Account, date: number | 'now'): number {
  return date === 'now' ? account.clock.seconds() : date
}

function startOf(account: Account, schedule: SubscriptionSchedule, given: readonly GivenPhase[]): number {
  const first = given[0]?.start_date
  if (first !== undefined) return instantOf(account, first)
  return schedule.current_phase?.start_date ?? schedule.phases[0]?.start_date ?? account.clock.seconds()
}

/** A phase without an end of its own ends where the next one is said to start. */
function withEnds(account: Account, given: readonly GivenPhase[]): GivenPhase[] {
  return given.map((phase, index) => {
    const next = given[index + 1]?.start_date
    if (phase.end_date !== undefined || phase.duration !== undefined || next === undefined) return phase
    return { ...phase, end_date: instantOf(account, next) }
  })
}

function readPhase(
  account: Account,
  given: GivenPhase,
  index: number,
  start: number,
  context: PhaseContext,
): SchedulePhase {
  const path = `phases[${index}]`
  if (given.collection_method === 'send_invoice') throw unsupported('invoices that are sent', `${path}[collection_method]`)
  if (given.items === undefined || given.items.length === 0) throw missingParameter(`${path}[items]`)
  const items = readItems(account, undefined, given.items, { path: `${path}[items]`, currency: given.currency ?? context.subscription?.currency })
  const end = endOf(account, given, path, start, items, context)
  if (end <= start) {
    throw invalidRequest('The end date of a phase must be after its start date.', { param: `${path}[end_date]` })
  }
  const trialEnd = trialEndOf(account, given, path, start, end)
  const method = given.default_payment_method
  const currency = context.subscription?.currency ?? given.currency ?? getPrice(account.store, items[0]?.price ?? '').currency
  const redemption = redemptionOf(account, context.customer, items, currency)
  const customer = getCustomer(account.store, context.customer)
  return newPhase({
    currency,
    discounts: readDiscounts(account, given.discounts ?? [], redemption, `${path}[discounts]`),
    items: items.map(({ price, quantity, metadata }) => ({ price, quantity, metadata, discounts: [] })),
    ...readTaxes(account, given, `${path}[default_tax_rates]`),
    start_date: start,
    end_date: end,
    metadata: changeMetadata({}, given.metadata),
    description: given.description ?? null,
    trial_end: trialEnd,
    ...(given.billing_cycle_anchor !== undefined && { billing_cycle_anchor: given.billing_cycle_anchor }),
    ...(given.proration_behavior !== undefined && { proration_behavior: given.proration_behavior }),
    ...(method !== undefined && {
      default_payment_method: resolvePaymentMethod(account, method, customer, `${path}[default_payment_method]`).id,
    }),
  })
}

/** Without an end and a duration a phase lasts one interval of its price. */
function endOf(
  account: Account,
  given: GivenPhase,
  path: string,
  start: number,
  items: readonly { readonly price: string }[],
  { subscription }: PhaseContext,
): number {
  if (given.end_date !== undefined && given.duration !== undefined) {
    throw exclusiveParameters(['duration', 'end_date'], `${path}[duration]`)
  }
  if (given.end_date !== undefined) return instantOf(account, given.end_date)
  if (given.duration !== undefined) {
    const count = given.duration.interval_count ?? 1
    if (count < 1) {
      throw invalidRequest('Invalid interval_count: must be at least 1', {
        code: 'parameter_invalid_integer',
        param: `${path}[duration][interval_count]`,
      })
    }
    return endOfDuration(start, given.duration.interval, count)
  }
  const isOnPeriod = subscription?.items.some((item) => item.current_period_end === start) === true
  const anchor = isOnPeriod ? subscription.billing_cycle_anchor : start
  return nextBoundary(anchor, recurrenceOf(account, items), start)
}

function trialEndOf(account: Account, given: GivenPhase, path: string, start: number, end: number): number | null {
  if (given.trial === true && given.trial_end !== undefined) {
    throw exclusiveParameters(['trial', 'trial_end'], `${path}[trial]`)
  }
  if (given.trial === true) return end
  if (given.trial_end === undefined || given.trial_end === 'now') return null
  const at = instantOf(account, given.trial_end)
  if (at <= start || at > end) {
    throw invalidRequest('`trial_end` must lie within its phase.', { param: `${path}[trial_end]` })
  }
  return at
}

/** The schedule that an operation may still change. */
export function getOpenSchedule(account: Account, id: string, verb: string): SubscriptionSchedule {
  const schedule = get(account.store.subscriptionSchedules, id)
  if (schedule.status === 'active' || schedule.status === 'not_started') return schedule
  const message = `You cannot ${verb} a subscription schedule that is currently in the \`${schedule.status}\` status. It must be in one of the following statuses: \`not_started\`, \`active\`.`
  throw invalidRequest(message)
}
