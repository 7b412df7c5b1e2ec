import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { UsageView } from '../protocol/snapshot.ts'
import { deriveUsageOrder } from './derive-usage-order.ts'
import { deriveUsage } from './derive-usage.ts'

function view(used: number, limit: number | null): UsageView {
  const remaining = limit === null ? null : Math.max(0, limit - used)
  const period = { periodStart: '2026-11-01T00:00:00.000Z', periodEnd: '2026-12-01T00:00:00.000Z' }
  return { used, reserved: 0, limit, remaining, overage: 0, unit: 'call', gates: [], ...period }
}

const usage = {
  free: view(9, null), calm: view(1, 100), near: view(85, 100), foreign: view(0, 0), full: view(100, 100), beyond: view(120, 100), calmToo: view(70, 100),
}

it('leaves out what the plan does not have, and keeps the order of the catalog', () => {
  expect(deriveUsageOrder(usage)).toEqual(['free', 'calm', 'near', 'full', 'beyond', 'calmToo'])
})

it('begins with what is nearest to its limit, if asked', () => {
  expect(deriveUsageOrder(usage, 'pressing')).toEqual(['beyond', 'full', 'near', 'calm', 'calmToo', 'free'])
})

it('names each meter once, and moves none as long as no threshold is crossed', () => {
  const meter = fc.record({ used: fc.integer({ min: 0, max: 130 }), limit: fc.option(fc.constant(100), { freq: 5 }) })
  fc.assert(
    fc.property(fc.array(meter, { maxLength: 30 }), fc.nat(), fc.integer({ min: 1, max: 30 }), (meters, at, more) => {
      const of = (list: typeof meters): Record<string, UsageView> =>
        Object.fromEntries(list.map(({ used, limit }, index) => [`feature${index}`, view(used, limit)]))
      const before = of(meters)
      const later = of(meters.map((one, index) => (index === at % meters.length ? { ...one, used: one.used + more } : one)))
      const order = deriveUsageOrder(before, 'pressing')
      expect(order.toSorted()).toEqual(Object.keys(before).toSorted())
      const isCrossed = Object.keys(before).some((key) => deriveUsage(before[key]!).tone !== deriveUsage(later[key]!).tone)
      fc.pre(!isCrossed)
      expect(deriveUsageOrder(later, 'pressing')).toEqual(order)
    }),
  )
})
