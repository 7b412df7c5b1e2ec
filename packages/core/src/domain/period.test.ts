import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type UsageInterval, calendarAnchor, periodAt, usageIntervals } from './period.ts'

const years = 100

/** A time zone of the process, and its offset in January 2026, by which one sees that it is in force. */
const zones: readonly (readonly [string, number])[] = [
  ['UTC', 0], ['America/New_York', 300], ['Australia/Lord_Howe', -660], ['Pacific/Apia', -780], ['Asia/Kathmandu', -345],
]

/** The n-th month after an anchor, worked out from calendar tables alone: no Date is involved. */
function expectedBoundary(year: number, month: number, dayOfMonth: number, time: string, months: number): string {
  const counted = year * 12 + (month - 1) + months
  const [thenYear, thenMonth] = [Math.floor(counted / 12), (counted % 12) + 1]
  const isLeap = thenYear % 4 === 0 && (thenYear % 100 !== 0 || thenYear % 400 === 0)
  const lastDay = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][thenMonth - 1]!
  return `${thenYear}-${pad(thenMonth)}-${pad(Math.min(dayOfMonth, lastDay))}T${time}Z`
}

describe('usage periods never drift, gap or overlap', () => {
  const zoneBefore = process.env['TZ']
  afterEach(() => {
    if (zoneBefore === undefined) delete process.env['TZ']
    else process.env['TZ'] = zoneBefore
  })

  it.each(zones)(`every anchor day of 31, each month of ${years} years, in a process in %s`, (zone, offset) => {
    process.env['TZ'] = zone
    expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(offset)
    const faults: string[] = []
    let months = 0
    for (let dayOfMonth = 1; dayOfMonth <= 31; dayOfMonth += 1) {
      const time = '23:30:15.250'
      const anchor = Date.parse(expectedBoundary(2024, 1, dayOfMonth, time, 0))
      for (let index = 0; index < years * 12; index += 1) {
        const start = Date.parse(expectedBoundary(2024, 1, dayOfMonth, time, index))
        const end = Date.parse(expectedBoundary(2024, 1, dayOfMonth, time, index + 1))
        for (const instant of [start, start + 1, end - 1]) {
          const period = periodAt(anchor, 'month', instant)
          if (period.start !== start || period.end !== end) {
            faults.push(`day ${dayOfMonth}, month ${index}: ${JSON.stringify(period)}`)
          }
        }
        months += 1
      }
    }
    expect(faults).toEqual([])
    expect(months).toBe(31 * 12 * years)
  })

  const instants = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) })
  it.each(usageIntervals)('each instant lies in exactly one period, its neighbours touch it: per %s', (interval) => {
    fc.assert(fc.property(instants, instants, (anchor, instant) => {
      const period = periodAt(anchor, interval, instant)
      expect(period.start).toBeLessThanOrEqual(instant)
      expect(instant).toBeLessThan(period.end)
      expect(periodAt(anchor, interval, period.start)).toEqual(period)
      expect(periodAt(anchor, interval, period.end - 1)).toEqual(period)
      expect(periodAt(anchor, interval, period.end)).toMatchObject({ start: period.end })
      expect(periodAt(anchor, interval, period.start - 1)).toMatchObject({ end: period.start })
    }))
  })

  it.each(usageIntervals)('the anchor begins period 0, also for instants before it: per %s', (interval) => {
    fc.assert(fc.property(instants, (anchor) => {
      expect(periodAt(anchor, interval, anchor)).toMatchObject({ start: anchor })
      expect(periodAt(anchor, interval, anchor - 1)).toMatchObject({ end: anchor })
    }))
  })
})

describe('periodAt', () => {
  it('clamps to the last day of a month and comes back from it', () => {
    expect(startsOf('2026-01-31', 'month', '2026-02-27', '2026-02-28', '2026-03-30', '2026-03-31', '2026-04-30'))
      .toEqual(['2026-01-31', '2026-02-28', '2026-02-28', '2026-03-31', '2026-04-30'])
  })

  it('counts years from 29 February', () => {
    expect(startsOf('2024-02-29', 'year', '2025-02-27', '2025-02-28', '2028-02-28', '2028-02-29', '2101-01-01'))
      .toEqual(['2024-02-29', '2025-02-28', '2027-02-28', '2028-02-29', '2100-02-28'])
  })

  it('counts backwards from an anchor that is yet to come, as during a trial', () => {
    expect(startsOf('2026-03-31', 'month', '2026-03-30', '2026-02-28', '2026-02-27', '2025-12-30'))
      .toEqual(['2026-02-28', '2026-02-28', '2026-01-31', '2025-11-30'])
  })

  it('follows the UTC calendar when asked to', () => {
    const instant = Date.UTC(2026, 10, 21, 6, 30)
    const startOf = (interval: UsageInterval): string =>
      new Date(periodAt(calendarAnchor(interval), interval, instant).start).toISOString()
    expect(Object.fromEntries(usageIntervals.map((interval) => [interval, startOf(interval)]))).toEqual({
      hour: '2026-11-21T06:00:00.000Z',
      day: '2026-11-21T00:00:00.000Z',
      week: '2026-11-16T00:00:00.000Z',
      month: '2026-11-01T00:00:00.000Z',
      year: '2026-01-01T00:00:00.000Z',
    })
  })
})

function startsOf(anchor: string, interval: UsageInterval, ...instants: readonly string[]): readonly string[] {
  return instants.map((instant) => new Date(periodAt(Date.parse(anchor), interval, Date.parse(instant)).start).toISOString().slice(0, 10))
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
