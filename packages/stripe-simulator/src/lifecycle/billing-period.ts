import { addMonths } from '../clock.ts'
import type { Interval } from '../objects.ts'

/** How often a price recurs. */
export interface Recurrence {
  readonly interval: Interval
  readonly interval_count: number
}

/**
 * The boundary after `boundary` (seconds), counted from the original anchor, so a subscription anchored on January 31
 * renews on the last day of February and on March 31.
 */
export function nextBoundary(anchor: number, recurrence: Recurrence, boundary: number): number {
  switch (recurrence.interval) {
    case 'day':
      return boundary + recurrence.interval_count * 86_400
    case 'week':
      return boundary + recurrence.interval_count * 7 * 86_400
    case 'month':
      return monthsFromAnchor(anchor, boundary, recurrence.interval_count)
    case 'year':
      return monthsFromAnchor(anchor, boundary, recurrence.interval_count * 12)
  }
}

/** Whether two prices recur at the same rhythm. */
export function isSameRecurrence(left: Recurrence, right: Recurrence): boolean {
  return left.interval === right.interval && left.interval_count === right.interval_count
}

function monthsFromAnchor(anchor: number, boundary: number, months: number): number {
  const from = new Date(anchor * 1000)
  const to = new Date(boundary * 1000)
  const passed =
    (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()
  return addMonths(anchor * 1000, passed + months) / 1000
}
