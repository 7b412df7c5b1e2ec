import { describe, expect, it } from 'vitest'
import { seededRandom } from './seeded-random.ts'

function draw(seed: number): readonly number[] {
  const random = seededRandom(seed)
  return Array.from({ length: 20 }, () => random.next())
}

describe('seededRandom()', () => {
  it('repeats itself for the same seed, and not for another', () => {
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
    expect(draw(0).every((value) => value >= 0 && value < 1)).toBe(true)
  })

  it('picks every value about as often, and stays in its bounds', () => {
    const random = seededRandom(1)
    const counts = [0, 0, 0, 0, 0]
    for (let index = 0; index < 10_000; index += 1) {
      const value = random.integer(0, 4)
      counts[value] = (counts[value] ?? 0) + 1
    }

    expect(counts).toHaveLength(5)
    for (const count of counts) expect(count).toBeGreaterThan(1800)
  })

  it('shuffles without losing anything', () => {
    const values = Array.from({ length: 100 }, (_, index) => index)

    const shuffled = seededRandom(3).shuffle(values)

    expect(shuffled).not.toEqual(values)
    expect(shuffled.toSorted((first, second) => first - second)).toEqual(values)
  })

  it('picks one of the values, and throws where there is none', () => {
    expect(['a', 'b']).toContain(seededRandom(1).pick(['a', 'b']))
    expect(() => seededRandom(1).pick([])).toThrow(RangeError)
  })

  it('gives names that differ', () => {
    const random = seededRandom(9)

    expect(new Set(Array.from({ length: 1000 }, () => random.id())).size).toBe(1000)
  })
})
