import { type Instant, day, hour } from './instant.ts'

/** How often an allowance starts anew. */
export type UsageInterval = 'hour' | 'day' | 'week' | 'month' | 'year'

export const usageIntervals: readonly [UsageInterval, ...UsageInterval[]] = ['hour', 'day', 'week', 'month', 'year']

/** Half-open `[start, end)`. */
export interface UsagePeriod {
  readonly start: Instant
  readonly end: Instant
}

/** Calendar periods count from here. */
const epoch: Instant = 0
const firstMonday: Instant = 4 * day

/** The anchor that makes periods follow the UTC calendar: months begin on the 1st, weeks on Monday. */
export function calendarAnchor(interval: UsageInterval): Instant {
  return interval === 'week' ? firstMonday : epoch
}

/**
 * The usage period that holds `instant`. Periods never drift, gap or overlap: each boundary is computed from the
 * original anchor, clamped to the month's last day (31 January, 28 February, 31 March), in UTC.
 * The rule is Stripe's for billing cycles: https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function periodAt(anchor: Instant, interval: UsageInterval, instant: Instant): UsagePeriod {
  const index = indexAt(anchor, interval, instant)
  return { start: boundary(anchor, interval, index), end: boundary(anchor, interval, index + 1) }
}

function indexAt(anchor: Instant, interval: UsageInterval, instant: Instant): number {
  const length = fixedLength(interval)
  if (length !== undefined) return Math.floor((instant - anchor) / length)
  const from = new Date(anchor)
  const to = new Date(instant)
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()
  const guess = interval === 'year' ? Math.floor(months / 12) : months
  return boundary(anchor, interval, guess) > instant ? guess - 1 : guess
}

function boundary(anchor: Instant, interval: UsageInterval, index: number): Instant {
  const length = fixedLength(interval)
  if (length !== undefined) return anchor + index * length
  return addMonths(anchor, interval === 'year' ? index * 12 : index)
}

function fixedLength(interval: UsageInterval): number | undefined {
  switch (interval) {
    case 'hour':
      return hour
    case 'day':
      return day
    case 'week':
      return 7 * day
    case 'month':
    case 'year':
      return undefined
    default:
      return interval satisfies never
  }
}

function addMonths(anchor: Instant, months: number): Instant {
  const from = new Date(anchor)
  const month = from.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const dayOfMonth = Math.min(from.getUTCDate(), lastDay)
  const timeOfDay = anchor - Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate())
  return Date.UTC(from.getUTCFullYear(), month, dayOfMonth) + timeOfDay
}
