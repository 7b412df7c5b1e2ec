import type { BucketView } from '@farebox/core/protocol'
import { describe, expect, it } from 'vitest'
import { deriveBalance } from './derive-balance.ts'

function bucket(amount: number | null, used: number, reserved = 0): BucketView {
  return { source: 'grant', key: `${amount}`, amount, used, reserved, priority: 50, expiresAt: null, reason: null }
}

describe('deriveBalance', () => {
  it.each([
    [bucket(100, 0), 100, 0],
    [bucket(100, 40), 60, 0.4],
    [bucket(100, 40, 10), 50, 0.5],
    [bucket(100, 100), 0, 1],
    // A limit that was lowered.
    [bucket(100, 120, 5), 0, 1],
    [bucket(0, 0), 0, 0],
    [bucket(null, 40), null, 0],
  ])('of %o leaves %s', (given, left, ratio) => {
    expect(deriveBalance([given])).toEqual([{ ...given, left, ratio }])
  })

  it('keeps the order in which they are drawn', () => {
    expect(deriveBalance([bucket(3, 0), bucket(1, 0), bucket(2, 0)]).map(({ key }) => key)).toEqual(['3', '1', '2'])
  })
})
