/**
 * A map that holds its first entry in place. Most customers use one feature out of one bucket: then there is no hash
 * table to allocate, and one less jump through memory on each call.
 */
export class CompactMap<Value> {
  private firstKey: string | undefined
  private firstValue: Value | undefined
  private more: Map<string, Value> | undefined

  find(key: string): Value | undefined {
    return key === this.firstKey ? this.firstValue : this.more?.get(key)
  }

  /** Adds an entry whose key is not there yet. */
  add(key: string, value: Value): void {
    if (this.firstKey === undefined) {
      this.firstKey = key
      this.firstValue = value
      return
    }
    this.more ??= new Map()
    this.more.set(key, value)
  }

  delete(key: string): void {
    if (key === this.firstKey) {
      this.firstKey = undefined
      this.firstValue = undefined
    } else {
      this.more?.delete(key)
    }
  }

  get size(): number {
    return (this.firstKey === undefined ? 0 : 1) + (this.more === undefined ? 0 : this.more.size)
  }

  isEmpty(): boolean {
    return this.firstKey === undefined && (this.more === undefined || this.more.size === 0)
  }

  *entries(): Generator<readonly [string, Value]> {
    if (this.firstKey !== undefined && this.firstValue !== undefined) yield [this.firstKey, this.firstValue]
    if (this.more !== undefined) yield* this.more
  }
}
