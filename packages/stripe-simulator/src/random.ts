/** A repeatable source of numbers in `[0, 1)`. */
export type Random = () => number

/** The mulberry32 generator: 32 bits of state are plenty to shuffle and drop deliveries. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A shuffled copy (Fisher-Yates). */
export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items]
  for (let index = shuffled.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    const kept = shuffled[index]
    const moved = shuffled[other]
    if (kept === undefined || moved === undefined) continue
    shuffled[index] = moved
    shuffled[other] = kept
  }
  return shuffled
}
