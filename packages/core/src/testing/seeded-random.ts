import type { Random } from '../ports/random.ts'

/** Randomness that repeats: the same seed, the same numbers and names. For tests alone: everybody can guess it. */
export interface SeededRandom extends Random {
  /** From 0, below 1. */
  next(): number
  /** An integer in `[least, most]`. */
  integer(least: number, most: number): number
  pick<Value>(values: readonly Value[]): Value
  shuffle<Value>(values: readonly Value[]): readonly Value[]
}

/** @throws RangeError when there is nothing to pick from. */
export function seededRandom(seed: number): SeededRandom {
  let state = Math.imul(seed | 1, 0x9e37_79b1)

  // Xorshift, by George Marsaglia: three shifts that visit every state but zero.
  function next(): number {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }

  function integer(least: number, most: number): number {
    return least + Math.floor(next() * (most - least + 1))
  }

  return {
    next,
    integer,
    pick(values) {
      const chosen = integer(0, values.length - 1)
      for (const value of values.slice(chosen, chosen + 1)) return value
      throw new RangeError('There is nothing to pick from')
    },
    shuffle(values) {
      return values
        .map((value) => ({ value, place: next() }))
        .toSorted((first, second) => first.place - second.place)
        .map(({ value }) => value)
    },
    id: () => Array.from({ length: 4 }, () => integer(0, 0xffff_ffff).toString(16).padStart(8, '0')).join(''),
  }
}
