import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'
import type { StepOutcome } from '../../ports/payments.ts'
import type { WantedItem } from './change-items.ts'
import type { StripePhase, StripePhaseDiscount, StripeSchedule } from './subscription-shape.ts'

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
}

const scheduleValues: z.ZodMiniType<ScheduleValues> = z.object({ schedule: z.string(), start: z.int(), discounts: z.string() })
const wantedItems = z.array(z.object({ price: z.string(), quantity: z.optional(z.int()) }))

export const phasesShape: z.ZodMiniType<PlannedPhases> = z.object({
  present: wantedItems,
  next: wantedItems,
  until: z.int(),
  interval: z.string(),
  trialEnd: z.optional(z.int()),
  schedule: z.optional(scheduleValues),
})

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
  const discounts: unknown = JSON.parse(found.discounts)
  const carried = Array.isArray(discounts) && discounts.length > 0 ? { discounts } : {}
  const { present, next, until, interval, trialEnd } = parameters
  const phases = [
    { items: present, start_date: start, end_date: until, ...carried, ...(trialEnd !== undefined && { trial_end: trialEnd }) },
    { items: next, duration: { interval, interval_count: 1 }, proration_behavior: 'none', ...carried },
  ]
  return { schedule, change: { end_behavior: 'release', proration_behavior: 'none', phases } }
}

/** What a schedule turns its subscription into next; `null` where it has no further phase. */
export function nextItemsOf(schedule: StripeSchedule | null): readonly WantedItem[] | null {
  const end = schedule?.current_phase?.end_date
  const next = schedule?.phases.find(({ start_date }) => start_date === end)
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
    if (value !== undefined && value !== null) return { [name]: typeof value === 'string' ? value : value.id }
  }
  return undefined
}
