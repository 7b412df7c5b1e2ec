import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { GrantView, UsageView } from '../protocol/snapshot.ts'
import { deriveCredits } from './derive-credits.ts'

function grant(feature: string, remaining: number, expiresAt: string | null, id = ''): GrantView {
  return { id, feature, amount: 100, used: 100 - remaining, remaining, priority: 50, effectiveAt: '2026-11-01T00:00:00.000Z', expiresAt }
}

const calls: UsageView = {
  used: 0, reserved: 0, limit: 5, remaining: 5, overage: 0, unit: 'call', gates: [],
  periodStart: '2026-11-01T00:00:00.000Z', periodEnd: '2026-12-01T00:00:00.000Z',
}
const usage = { calls }

const december = '2026-12-01T00:00:00.000Z'
const january = '2027-01-01T00:00:00.000Z'

it('adds up what is left of each feature, and tells what ends first', () => {
  const grants = [
    grant('calls', 0, '2026-11-22T00:00:00.000Z'), grant('calls', 20, january), grant('calls', 10, december), grant('calls', 5, december),
    grant('tokens', 7, null), grant('calls', 1, null), grant('seats', 0, december),
  ]
  const own = (feature: string) => grants.filter((one) => one.feature === feature)
  expect(deriveCredits({ grants, usage })).toEqual([
    { feature: 'calls', unit: 'call', grants: own('calls'), remaining: 36, expiring: { remaining: 15, at: december } },
    { feature: 'tokens', unit: '', grants: own('tokens'), remaining: 7, expiring: null },
    { feature: 'seats', unit: '', grants: own('seats'), remaining: 0, expiring: null },
  ])
  expect(deriveCredits({ grants: [], usage })).toEqual([])
})

it('loses nothing and invents nothing', () => {
  const entry = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(1000), fc.constantFrom(null, december, january))
  fc.assert(
    fc.property(fc.array(entry), (list) => {
      const grants = list.map(([feature, remaining, at]) => grant(feature, remaining, at))
      const credits = deriveCredits({ grants, usage })
      expect(credits.flatMap((one) => one.grants)).toHaveLength(grants.length)
      expect(credits.reduce((sum, { remaining }) => sum + remaining, 0)).toBe(list.reduce((sum, [, remaining]) => sum + remaining, 0))
      for (const { remaining, expiring } of credits) {
        if (expiring === null) continue
        expect(expiring.remaining).toBeGreaterThan(0)
        expect(expiring.remaining).toBeLessThanOrEqual(remaining)
      }
    }),
  )
})
