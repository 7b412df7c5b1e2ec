import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'
import type { StepOutcome } from '../../ports/payments.ts'
import { type GivenDiscount, givenDiscounts } from './change-discounts.ts'
import { type WantedItem, diffItems, wantedOf } from './change-items.ts'
import type { StripePhase, StripePhaseDiscount, StripeReference, StripeSchedule, StripeSubscription, StripeSubscriptionItem } from './subscription-shape.ts'

/** What a schedule is known by: its id, and when its present phase began. */
export interface ScheduleValues extends Readonly<Record<string, string | number>> {
  readonly schedule: string
  readonly start: number
}

/** What a step that plans phases is stored with, the schedule along where there was one. Instants in seconds. */
export interface PlannedPhases {
  readonly present: readonly WantedItem[]
  readonly next: readonly WantedItem[]
  readonly until: number
  readonly interval: string
  readonly trialEnd?: number | undefined
  readonly schedule?: ScheduleValues | undefined
  /** What is taken off until then, and from then on. */
  readonly discounts: readonly GivenDiscount[]
  readonly following: readonly GivenDiscount[]
  /** Prices among them that are no longer sold. */
  readonly retired?: readonly string[] | undefined
  /** How the subscription is taxed, apart from its items. */
  readonly taxes?: PhaseTaxes | undefined
}

/** What a phase has to say of taxes, so that they go on as they are. */
interface PhaseTaxes {
  readonly automatic_tax?: { readonly enabled: boolean; readonly liability?: { readonly type: string; readonly account?: string | undefined } | undefined } | undefined
  readonly default_tax_rates?: readonly string[] | undefined
}

const scheduleValues: z.ZodMiniType<ScheduleValues> = z.object({ schedule: z.string(), start: z.int() })
const rateIds = z.optional(z.array(z.string()))
const wantedItems = z.array(z.object({ price: z.string(), quantity: z.optional(z.int()), tax_rates: rateIds, discounts: z.optional(givenDiscounts) }))
const liability = z.object({ type: z.string(), account: z.optional(z.string()) })

export const phasesShape: z.ZodMiniType<PlannedPhases> = z.object({
  present: wantedItems,
  next: wantedItems,
  until: z.int(),
  interval: z.string(),
  trialEnd: z.optional(z.int()),
  schedule: z.optional(scheduleValues),
  discounts: givenDiscounts,
  following: givenDiscounts,
  retired: z.optional(z.array(z.string())),
  taxes: z.optional(
    z.object({ automatic_tax: z.optional(z.object({ enabled: z.boolean(), liability: z.optional(liability) })), default_tax_rates: rateIds }),
  ),
})

/** What later steps need of a schedule. */
export function valuesOf(schedule: StripeSchedule): ScheduleValues {
  const start = schedule.current_phase?.start_date ?? schedule.phases[0]?.start_date
  if (start === undefined) {
    throw new FareboxError('payments-failed', 'The schedule has no present phase', { reason: 'schedule-without-phase' })
  }
  return { schedule: schedule.id, start }
}

/**
 * What else a phase has to say: it takes away what it does not name. Stripe works out the tax of a phase only where the phase,
 * or the schedule's default, says so: https://docs.stripe.com/tax/subscription-schedules/automatic-tax-default
 */
export function taxesOf({ automatic_tax, default_tax_rates }: StripeSubscription): { readonly taxes?: PhaseTaxes } {
  const rates = idsOf(default_tax_rates)
  const { type, account } = automatic_tax?.liability ?? {}
  const owed = type === undefined ? {} : { liability: { type, ...(account !== undefined && { account: idOf(account) }) } }
  const taxes = {
    ...(automatic_tax?.enabled === true && { automatic_tax: { enabled: true, ...owed } }),
    ...(rates.length > 0 && { default_tax_rates: rates }),
  }
  return Object.keys(taxes).length === 0 ? {} : { taxes }
}

/** An item as a phase has it: with tax rates and discounts of its own, which stay with it when it becomes another plan. */
export function phaseItemsOf(items: readonly StripeSubscriptionItem[], wanted: readonly WantedItem[] = items.map(wantedOf)): readonly WantedItem[] {
  return wanted.map((item, index) => {
    const rates = idsOf(items[index]?.tax_rates)
    const discounts = idsOf(items[index]?.discounts).map((discount) => ({ discount }))
    return { ...item, ...(rates.length > 0 && { tax_rates: rates }), ...listed(discounts) }
  })
}

/**
 * The whole of what a schedule shall be: what there is until the period ends, then the new items, from when on the
 * subscription is free of it. Source: https://docs.stripe.com/billing/subscriptions/subscription-schedules#downgrade
 */
export function phasesOf(
  parameters: PlannedPhases,
  outcomes: readonly StepOutcome[],
): { readonly schedule: string; readonly change: object } {
  const made = outcomes.flatMap((outcome) => scheduleValues.safeParse('values' in outcome ? outcome.values : null).data ?? [])
  const [found] = [...made, ...(parameters.schedule === undefined ? [] : [parameters.schedule])]
  if (found === undefined) throw new FareboxError('payments-failed', 'The schedule is not known', { reason: 'schedule-unknown' })
  const { schedule, start } = found
  const { present, next, until, interval, trialEnd, discounts, following, taxes } = parameters
  const phases = [
    { items: present, start_date: start, end_date: until, ...taxes, ...listed(discounts), ...(trialEnd !== undefined && { trial_end: trialEnd }) },
    { items: next, duration: { interval, interval_count: 1 }, proration_behavior: 'none', ...taxes, ...listed(following) },
  ]
  return { schedule, change: { end_behavior: 'release', proration_behavior: 'none', phases } }
}

function listed(discounts: readonly GivenDiscount[]): { readonly discounts?: readonly GivenDiscount[] } {
  return discounts.length > 0 ? { discounts } : {}
}

/** Whether a schedule leads to these items next, and by the codes among these discounts. */
export function isPlanned(schedule: StripeSchedule | null, items: readonly WantedItem[], discounts: readonly GivenDiscount[]): boolean {
  const next = nextItemsOf(schedule)
  if (next === null || diffItems(next.map((item, index) => ({ id: String(index), ...item })), items).length > 0) return false
  const planned = nextDiscountsOf(schedule)
  return discounts.every(({ promotion_code: code }) => code === undefined || planned.some(({ promotion_code }) => promotion_code === code))
}

/** All that is taken off what a schedule turns its subscription into next. */
export function nextDiscountsOf(schedule: StripeSchedule | null): readonly GivenDiscount[] {
  return (nextPhaseOf(schedule)?.discounts ?? []).map(discountOf).filter((discount) => discount !== undefined)
}

function nextPhaseOf(schedule: StripeSchedule | null): StripePhase | undefined {
  const end = schedule?.current_phase?.end_date
  return schedule?.phases.find(({ start_date }) => start_date === end)
}

/** What a schedule turns its subscription into next; `null` where it has no further phase. */
export function nextItemsOf(schedule: StripeSchedule | null): readonly WantedItem[] | null {
  const next = nextPhaseOf(schedule)
  if (next === undefined) return null
  return next.items.map(({ price, quantity }) => ({
    price: typeof price === 'string' ? price : price.id,
    ...(quantity !== undefined && { quantity }),
  }))
}

function discountOf({ coupon, discount, promotion_code }: StripePhaseDiscount): GivenDiscount | undefined {
  for (const [name, value] of Object.entries({ discount, promotion_code, coupon })) {
    const id = idOf(value)
    if (id !== undefined) return { [name]: id }
  }
  return undefined
}

function idsOf(references: readonly StripeReference[] | null | undefined): readonly string[] {
  return (references ?? []).flatMap((reference) => idOf(reference) ?? [])
}

export function idOf(value: StripeReference | null | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.id
}
