import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageView } from '../protocol/snapshot.ts'
import { type UsageTone, deriveUsage } from './derive-usage.ts'

function view(more: Partial<UsageView>): UsageView {
  const { used = 0, reserved = 0, limit = 100 } = more
  const remaining = limit === null ? null : Math.max(0, limit - used - reserved)
  const period = { periodStart: '2026-11-01T00:00:00.000Z', periodEnd: '2026-12-01T00:00:00.000Z' }
  return { used, reserved, limit, remaining, overage: 0, unit: 'call', gates: [], ...period, ...more }
}

const order: readonly UsageTone[] = ['ok', 'warn', 'critical', 'over']

describe('deriveUsage', () => {
  it.each([
    ['little', view({ used: 79 }), 'ok', 0.79],
    ['most', view({ used: 80 }), 'warn', 0.8],
    ['nearly all', view({ used: 95 }), 'critical', 0.95],
    ['everything', view({ used: 100 }), 'critical', 1],
    ['everything of a small limit', view({ used: 1, limit: 1 }), 'critical', 1],
    ['what is held counts as used', view({ used: 40, reserved: 40 }), 'warn', 0.8],
    ['more than a limit that was lowered', view({ used: 120 }), 'over', 1],
    ['billed beyond the allowance', view({ used: 100, overage: 20 }), 'over', 1],
    ['of something without a limit', view({ used: 1e9, limit: null }), 'unlimited', 0],
    ['of something the plan does not have', view({ used: 0, limit: 0 }), 'ok', 0],
  ] as const)('shows %s', (_, given, tone, ratio) => {
    expect(deriveUsage(given)).toMatchObject({ tone, ratio })
  })

  it('tells apart what is used up from what was never included', () => {
    expect(deriveUsage(view({ limit: 0 })).isIncluded).toBe(false)
    expect(deriveUsage(view({ limit: 0, used: 1 })).isIncluded).toBe(true)
    expect(deriveUsage(view({ limit: 1, used: 1 })).isIncluded).toBe(true)
    expect(deriveUsage(view({ limit: null })).isIncluded).toBe(true)
  })

  it.each([
    ['what is held apart', view({ used: 40, reserved: 20 }), [0.4, 0.2, 0]],
    ['where the limit stands, once it is passed', view({ used: 100, overage: 25 }), [0.8, 0, 0.2]],
    ['what is held where more is used than the limit', view({ used: 90, reserved: 20, overage: 90 }), [0.4, 0.1, 0.5]],
    ['all of it beyond a limit of nothing', view({ used: 3, limit: 0 }), [0, 0, 1]],
    ['nothing without a limit', view({ used: 3, reserved: 3, limit: null }), [0, 0, 0]],
  ] as const)('parts the bar: %s', (_, given, parts) => {
    const { usedRatio, reservedRatio, overRatio } = deriveUsage(given)
    for (const [index, part] of [usedRatio, reservedRatio, overRatio].entries()) expect(part).toBeCloseTo(parts[index] ?? Number.NaN, 12)
  })

  it('keeps the ratio in bounds and never turns milder with more usage', () => {
    const count = fc.integer({ min: 0, max: 2 ** 40 })
    const limit = fc.option(fc.oneof(count, fc.integer({ min: 0, max: 20 })))
    fc.assert(
      fc.property(count, count, count, limit, fc.integer({ min: 1, max: 1000 }), (used, reserved, overage, most, more) => {
        const less = deriveUsage(view({ used, reserved, overage, limit: most }))
        const later = deriveUsage(view({ used: used + more, reserved, overage, limit: most }))
        for (const usage of [less, later]) {
          expect(usage.ratio).toBeGreaterThanOrEqual(0)
          expect(usage.ratio).toBeLessThanOrEqual(1)
          const parts = [usage.usedRatio, usage.reservedRatio, usage.overRatio]
          expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
          expect(parts.reduce((sum, part) => sum + part)).toBeCloseTo(usage.ratio, 12)
          expect(usage.overRatio > 0).toBe(usage.tone === 'over')
          expect(usage.tone === 'unlimited').toBe(most === null)
          expect(usage.total).toBe(usage.used + reserved + overage)
        }
        if (most === null) return
        expect(order.indexOf(later.tone)).toBeGreaterThanOrEqual(order.indexOf(less.tone))
        expect(less.tone === 'over').toBe(used + reserved + overage > most)
      }),
    )
  })
})
