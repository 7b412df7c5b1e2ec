import { describe, expect, it } from 'vitest'
import { median, quantile, shuffled } from './statistics.ts'

describe('median', () => {
  it('is the middle value of an odd count', () => {
    expect(median([9, 1, 5])).toBe(5)
  })

  it('lies between the two middle values of an even count', () => {
    expect(median([1, 9, 4, 5])).toBe(4.5)
  })

  it('of nothing is refused', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})

describe('quantile', () => {
  it('reaches from the smallest to the largest value', () => {
    expect([quantile([30, 10, 20], 0), quantile([30, 10, 20], 1)]).toEqual([10, 30])
  })

  it('sorts by number, not by text', () => {
    expect(quantile([100, 20, 3], 0)).toBe(3)
  })
})

describe('shuffled', () => {
  it('keeps every item and leaves the original alone', () => {
    const items = [1, 2, 3, 4, 5]
    expect(shuffled(items).toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5])
    expect(items).toEqual([1, 2, 3, 4, 5])
  })
})
