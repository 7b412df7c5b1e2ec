import type { ChangeIntent } from '../../ports/payments.ts'
import { type GivenDiscount, presentDiscounts } from './change-discounts.ts'
import type { WantedItem } from './change-items.ts'
import type { ChangeReading } from './change-reading.ts'
import { nextItemsOf, phaseItemsOf, phasesOf, taxesOf, valuesOf } from './schedule-phases.ts'

/**
 * By what the bill after a change is previewed where something else is scheduled: Stripe previews a subscription with what its schedule
 * has for it, and the change replaces that. `null` where nothing is scheduled, or what is there is no longer sold, which Stripe may
 * refuse in a phase. Source: https://docs.stripe.com/api/invoices/create_preview#create_create_preview-schedule_details
 */
export function phasesInstead(
  { subscription, items, schedule, periodEnd: until }: ChangeReading,
  wanted: readonly WantedItem[],
  { when, interval }: ChangeIntent,
  taken: readonly GivenDiscount[] | null,
  { proration_behavior }: Readonly<Record<string, unknown>>,
): { readonly schedule: string; readonly schedule_details: object } | null {
  if (schedule === null || nextItemsOf(schedule) === null || items.some(({ price }) => price.active === false)) return null
  const { status, trial_end } = subscription
  const discounts = presentDiscounts(subscription)
  const next = phaseItemsOf(items, wanted)
  const planned = phasesOf({
    present: when === 'now' ? next : phaseItemsOf(items),
    next,
    until,
    interval,
    discounts,
    following: taken ?? discounts,
    ...taxesOf(subscription),
    schedule: valuesOf(schedule),
    ...(trial_end !== null && status === 'trialing' && { trialEnd: trial_end }),
  }, [])
  return { schedule: planned.schedule, schedule_details: { ...planned.change, proration_behavior } }
}
