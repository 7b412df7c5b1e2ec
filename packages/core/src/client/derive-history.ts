import type { UsageHistoryView } from '../protocol/usage-history.ts'

/** A usage period as a chart draws it. */
export interface HistoryBar {
  readonly periodStart: string
  readonly used: number
  readonly overage: number
  /** Its place, counted from the first period; periods in which nothing was used leave theirs empty. */
  readonly slot: number
  /** The heights of both parts, from 0 to 1 of the highest tick. */
  readonly usedRatio: number
  readonly overageRatio: number
}

/** What a chart of past usage draws. */
export interface History {
  readonly bars: readonly HistoryBar[]
  /** How many places there are. */
  readonly slots: number
  /** Round whole amounts from 0 up, evenly spaced; the last is not below any bar. */
  readonly ticks: readonly number[]
  /** How long a period is, by the shortest of them, in milliseconds; `Infinity` where there are less than two. */
  readonly period: number
  /** Whether anything was billed beyond an allowance. */
  readonly hasOverage: boolean
}

/** The mean month of the calendar in milliseconds, to a few minutes. */
const month = 2_630_000_000

/** What a chart needs to know. Pure. Used and overage of a bar together never leave 0 to 1. */
export function deriveHistory({ periods }: Pick<UsageHistoryView, 'periods'>): History {
  const starts = periods.map(({ periodStart }) => Date.parse(periodStart))
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? start))
  const period = Math.min(...gaps)
  const ticks = deriveTicks(Math.max(0, ...periods.map(({ used, overage }) => used + overage)))
  // Months differ in length: the shortest is contained in a year more than twelve times.
  const usual = Math.round(period / month) * month || period
  const top = ticks.at(-1) ?? 1
  let slot = 0
  const bars = periods.map(({ periodStart, used, overage }, index): HistoryBar => {
    if (index > 0) slot += Math.round((gaps[index - 1] ?? usual) / usual)
    return { periodStart, used, overage, slot, usedRatio: used / top, overageRatio: overage / top }
  })
  return { bars, slots: bars.length && slot + 1, ticks, period, hasOverage: periods.some(({ overage }) => overage > 0) }
}

/**
 * Round whole amounts from 0 to `most` or a little above, evenly spaced by 1, 2 or 5 times a power of ten. Pure.
 *
 * @param wanted about how many steps; there are at least one and at most that many.
 */
export function deriveTicks(most: number, wanted = 4): readonly number[] {
  const rough = Math.max(1, most / wanted)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, index) => index * step)
}
