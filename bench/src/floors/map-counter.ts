/** The least that counting against a limit can cost: one map, one window, a look at the clock, and no promise. */
export class MapCounter {
  private readonly windows = new Map<string, { used: number; endsAt: number }>()
  private readonly limit: number
  private readonly length = 3_600_000

  constructor(limit: number) {
    this.limit = limit
  }

  /** What is left, or -1 when the limit holds it no more. */
  take(key: string): number {
    const now = Date.now()
    const window = this.windows.get(key)
    if (window === undefined || window.endsAt <= now) {
      if (this.limit < 1) return -1
      this.windows.set(key, { used: 1, endsAt: now + this.length })
      return this.limit - 1
    }
    if (window.used >= this.limit) return -1
    window.used += 1
    return this.limit - window.used
  }
}

/** The same, where a name that was used before counts nothing. Remembers between one and two generations of names. */
export class NamedMapCounter {
  private readonly counter: MapCounter
  private young = new Map<string, number>()
  private old: ReadonlyMap<string, number> = new Map()
  private readonly generation = 50_000

  constructor(limit: number) {
    this.counter = new MapCounter(limit)
  }

  take(key: string, name: string): number {
    const known = this.young.get(name) ?? this.old.get(name)
    if (known !== undefined) return known
    const left = this.counter.take(key)
    if (this.young.size >= this.generation) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(name, left)
    return left
  }
}
