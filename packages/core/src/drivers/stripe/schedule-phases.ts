import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'
import type { StepOutcome } from '../../ports/payments.ts'
import { type WantedItem, diffItems, wantedOf } from './change-items.ts'
import type { StripePhase, StripePhaseDiscount, StripeReference, StripeSchedule, StripeSubscription, StripeSubscriptionItem } from './subscription-shape.ts'

/** What a schedule is known by: its id, when its present phase began, and the discounts it carries on, as JSON. */
export interface ScheduleValues extends Readonly<Record<string, string | number>> {
  readonly schedule: string
  readonly start: number
  readonly discounts: string
}

/** What a step that plans phases is stored with, the schedule along where there was one. Instants in seconds. */
export interface PlannedPhases {
  readonly present: readonly WantedItem[]
  readonly next: readonly WantedItem[]
  readonly until: number
  readonly interval: string
  readonly trialEnd?: number | undefined
  readonly schedule?: ScheduleValues | undefined
  /** What counts from the next phase on, in place of these discounts. */
  readonly promotionCode?: string | undefined
  readonly replaced?: readonly string[] | undefined
  /** How the subscription is taxed, apart from its items. */
  readonly taxes?: PhaseTaxes | undefined
}

/** What a phase has to say of taxes, so that they go on as they are. */
interface PhaseTaxes {
  readonly automatic_tax?: { readonly enabled: boolean; readonly liability?: { readonly type: string; readonly account?: string | undefined } | undefined } | undefined
  readonly default_tax_rates?: readonly string[] | undefined
}

const scheduleValues: z.ZodMiniType<ScheduleValues> = z.object({ schedule: z.string(), start: z.int(), discounts: z.string() })
const rateIds = z.optional(z.array(z.string()))
const wantedItems = z.array(z.object({ price: z.string(), quantity: z.optional(z.int()), tax_rates: rateIds }))
const liability = z.object({ type: z.string(), account: z.optional(z.string()) })

export const phasesShape: z.ZodMiniType<PlannedPhases> = z.object({
  present: wantedItems,
  next: wantedItems,
  until: z.int(),
  interval: z.string(),
  trialEnd: z.optional(z.int()),
  schedule: z.optional(scheduleValues),
  promotionCode: z.optional(z.string()),
  replaced: z.optional(z.array(z.string())),
  taxes: z.optional(
    z.object({ automatic_tax: z.optional(z.object({ enabled: z.boolean(), liability: z.optional(liability) })), default_tax_rates: rateIds }),
  ),
})

const discountsShape = z.array(z.record(z.string(), z.string()))

/** What later steps need of a schedule: its id, when its present phase began, and which discounts it carries on. */
export function valuesOf(schedule: StripeSchedule): ScheduleValues {
  const phase = currentPhaseOf(schedule)
  const start = schedule.current_phase?.start_date ?? phase?.start_date
  if (phase === undefined || start === undefined) {
    throw new FareboxError('payments-failed', 'The schedule has no present phase', { reason: 'schedule-without-phase' })
  }
  const discounts = (phase.discounts ?? []).map(discountOf).filter((discount) => discount !== undefined)
  return { schedule: schedule.id, start, discounts: JSON.stringify(discounts) }
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

/** An item as a phase has it: with its own tax rates, which stay with it when it becomes another plan. */
export function phaseItemsOf(items: readonly StripeSubscriptionItem[], wanted: readonly WantedItem[] = items.map(wantedOf)): readonly WantedItem[] {
  return wanted.map((item, index) => {
    const rates = idsOf(items[index]?.tax_rates)
    return rates.length === 0 ? item : { ...item, tax_rates: rates }
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
  const carried = discountsShape.safeParse(JSON.parse(found.discounts)).data ?? []
  const { present, next, until, interval, trialEnd, promotionCode, replaced = [], taxes } = parameters
  const kept = carried.filter(({ discount = '' }) => !replaced.includes(discount))
  const following = promotionCode === undefined ? carried : [...kept, { promotion_code: promotionCode }]
  const phases = [
    { items: present, start_date: start, end_date: until, ...taxes, ...listed(carried), ...(trialEnd !== undefined && { trial_end: trialEnd }) },
    { items: next, duration: { interval, interval_count: 1 }, proration_behavior: 'none', ...taxes, ...listed(following) },
  ]
  return { schedule, change: { end_behavior: 'release', proration_behavior: 'none', phases } }
}

function listed(discounts: readonly object[]): { readonly discounts?: readonly object[] } {
  return discounts.length > 0 ? { discounts } : {}
}

/** Whether a schedule leads to these items next, and by this code where one is asked for. */
export function isPlanned(schedule: StripeSchedule | null, items: readonly WantedItem[], promotionCode: string | undefined): boolean {
  const next = nextItemsOf(schedule)
  if (next === null || diffItems(next.map((item, index) => ({ id: String(index), ...item })), items).length > 0) return false
  return promotionCode === undefined || codesOf(nextPhaseOf(schedule)).includes(promotionCode)
}

/** The promotion code that comes with what a schedule turns its subscription into next. */
export function nextCodeOf(schedule: StripeSchedule | null): string | undefined {
  const [code] = codesOf(nextPhaseOf(schedule))
  return code
}

function codesOf(phase: StripePhase | undefined): readonly string[] {
  return (phase?.discounts ?? []).flatMap(({ promotion_code }) => idOf(promotion_code) ?? [])
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

function currentPhaseOf({ current_phase, phases }: StripeSchedule): StripePhase | undefined {
  return phases.find(({ start_date }) => start_date === current_phase?.start_date) ?? phases[0]
}

function discountOf({ coupon, discount, promotion_code }: StripePhaseDiscount): Readonly<Record<string, string>> | undefined {
  for (const [name, value] of Object.entries({ discount, coupon, promotion_code })) {
    const id = idOf(value)
    if (id !== undefined) return { [name]: id }
  }
  return undefined
}

function idsOf(references: readonly StripeReference[] | null | undefined): readonly string[] {
  return (references ?? []).flatMap((reference) => idOf(reference) ?? [])
}

function idOf(value: StripeReference | null | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.id
}
