import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { GrantView } from '../protocol/snapshot.ts'
import { deriveCredits } from './derive-credits.ts'

function grant(feature: string, remaining: number, expiresAt: string | null, id = ''): GrantView {
  return { id, feature, amount: 100, used: 100 - remaining, remaining, priority: 50, effectiveAt: '2026-11-01T00:00:00.000Z', expiresAt }
}

const december = '2026-12-01T00:00:00.000Z'
const january = '2027-01-01T00:00:00.000Z'

it('adds up what is left of each feature, and tells what ends first', () => {
  const grants = [
    grant('calls', 0, '2026-11-22T00:00:00.000Z'), grant('calls', 20, january), grant('calls', 10, december), grant('calls', 5, december),
    grant('tokens', 7, null), grant('calls', 1, null), grant('seats', 0, december),
  ]
  expect(deriveCredits(grants)).toEqual([
    { feature: 'calls', remaining: 36, expiring: { remaining: 15, at: december } },
    { feature: 'tokens', remaining: 7, expiring: null },
    { feature: 'seats', remaining: 0, expiring: null },
  ])
  expect(deriveCredits([])).toEqual([])
})

it('loses nothing and invents nothing', () => {
  const one = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(1000), fc.constantFrom(null, december, january))
  fc.assert(
    fc.property(fc.array(one), (list) => {
      const grants = list.map(([feature, remaining, at]) => grant(feature, remaining, at))
      const credits = deriveCredits(grants)
      expect(credits.reduce((sum, { remaining }) => sum + remaining, 0)).toBe(list.reduce((sum, [, remaining]) => sum + remaining, 0))
      for (const { remaining, expiring } of credits) {
        if (expiring === null) continue
        expect(expiring.remaining).toBeGreaterThan(0)
        expect(expiring.remaining).toBeLessThanOrEqual(remaining)
      }
    }),
  )
})
