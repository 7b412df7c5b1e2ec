import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveHistory, deriveTicks } from './derive-history.ts'

const day = 86_400_000

function period(start: string, used: number, overage = 0) {
  return { periodStart: `${start}T00:00:00.000Z`, used, overage }
}

describe('deriveHistory', () => {
  it('stacks used and overage to the highest tick', () => {
    const history = deriveHistory({ periods: [period('2026-08-31', 50), period('2026-09-30', 100, 60), period('2026-10-31', 0)] })
    expect(history).toMatchObject({ slots: 3, ticks: [0, 50, 100, 150, 200], period: 30 * day, hasOverage: true })
    expect(history.bars).toEqual([
      { ...period('2026-08-31', 50), slot: 0, usedRatio: 0.25, overageRatio: 0 },
      { ...period('2026-09-30', 100, 60), slot: 1, usedRatio: 0.5, overageRatio: 0.3 },
      { ...period('2026-10-31', 0), slot: 2, usedRatio: 0, overageRatio: 0 },
    ])
  })

  it('leaves room for periods in which nothing was used, however long months are', () => {
    const months = ['2026-01-31', '2026-02-28', '2026-04-30', '2026-08-31', '2026-09-30']
    expect(deriveHistory({ periods: months.map((month) => period(month, 1)) }).bars.map(({ slot }) => slot)).toEqual([0, 1, 3, 7, 8])
  })

  it('counts the places of periods as the calendar does, however many are left out', () => {
    const steps = { hour: [3_600_000, 0], day: [day, 0], week: [7 * day, 0], month: [0, 1], year: [0, 12] } as const
    const unit = fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[]))
    const anchor = fc.record({ month: fc.nat(11), date: fc.integer({ min: 1, max: 31 }) })
    fc.assert(
      fc.property(unit, anchor, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }), (interval, { month, date }, gaps) => {
        const [length, months] = steps[interval]
        // The second period follows the first, so that the shortest of them is one.
        const slots = [1, ...gaps].reduce<readonly number[]>((known, gap) => [...known, (known.at(-1) ?? 0) + gap], [0])
        const startOf = (slot: number): string => {
          const after = month + slot * months
          const last = new Date(Date.UTC(2024, after + 1, 0)).getUTCDate()
          return new Date(Date.UTC(2024, after, Math.min(date, last)) + slot * length).toISOString()
        }
        const history = deriveHistory({ periods: slots.map((slot) => ({ periodStart: startOf(slot), used: 1, overage: 0 })) })
        expect(history.bars.map(({ slot }) => slot)).toEqual(slots)
      }),
    )
  })

  it('draws nothing of nothing, and one period alone', () => {
    expect(deriveHistory({ periods: [] })).toEqual({ bars: [], slots: 0, ticks: [0, 1], period: Infinity, hasOverage: false })
    expect(deriveHistory({ periods: [period('2026-11-01', 0)] })).toMatchObject({ slots: 1, ticks: [0, 1], hasOverage: false })
  })

  it('keeps every bar within the chart, in a place of its own', () => {
    const amount = fc.oneof(fc.nat(20), fc.nat(2 ** 40))
    const entries = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 9 }), used: amount, overage: amount }), { maxLength: 40 })
    fc.assert(
      fc.property(entries, (list) => {
        let days = 0
        const periods = list.map(({ gap, ...amounts }) => ({ periodStart: new Date((days += gap) * day).toISOString(), ...amounts }))
        const { bars, slots, ticks } = deriveHistory({ periods })
        expect(bars.map(({ periodStart, used, overage }) => ({ periodStart, used, overage }))).toEqual(periods)
        let last = -1
        for (const { slot, used, overage, usedRatio, overageRatio } of bars) {
          expect(slot).toBeGreaterThan(last)
          expect(Math.min(usedRatio, overageRatio)).toBeGreaterThanOrEqual(0)
          expect(usedRatio + overageRatio).toBeLessThanOrEqual(1 + 1e-9)
          expect((usedRatio + overageRatio) * (ticks.at(-1) ?? Number.NaN)).toBeCloseTo(used + overage, 2)
          last = slot
        }
        expect(slots).toBe(last + 1)
      }),
    )
  })
})

describe('deriveTicks', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [5, [0, 2, 4, 6]],
    [100, [0, 50, 100]],
    [505, [0, 200, 400, 600]],
    [1000, [0, 500, 1000]],
  ])('reach %d', (most, ticks) => {
    expect(deriveTicks(most)).toEqual(ticks)
  })

  it('are whole, round, evenly spaced and no more than wanted', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(1000), fc.nat(Number.MAX_SAFE_INTEGER)), fc.integer({ min: 1, max: 12 }), (most, wanted) => {
        const ticks = deriveTicks(most, wanted)
        const [first, step = Number.NaN] = ticks
        expect(first).toBe(0)
        expect(ticks.length - 1).toBeLessThanOrEqual(wanted)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most)
        expect(String(step)).toMatch(/^[125]0*$|^[125]e\+\d+$/)
        expect(ticks).toEqual(ticks.map((_, index) => index * step))
      }),
    )
  })
})
