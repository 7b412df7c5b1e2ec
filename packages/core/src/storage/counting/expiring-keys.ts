import type { Instant } from '../../domain/instant.ts'
import type { CustomerUsage } from './customer-usage.ts'
import type { KeyedOutcome } from './feature-usage.ts'

/** Keys added together; the last chunk is still being filled. */
interface Chunk {
  readonly customers: CustomerUsage[]
  readonly keys: string[]
  readonly outcomes: KeyedOutcome[]
}

const chunkSize = 1024

/**
 * Every key of a store in the order in which they were added, which is that of their ends where all are kept equally
 * long. So what is over is found at the front, and nothing that is alive is looked at. A key that is kept shorter than one
 * before it waits for that one.
 */
export class ExpiringKeys {
  private chunks: Chunk[] = []
  private at = 0

  add(customer: CustomerUsage, key: string, outcome: KeyedOutcome): void {
    let last = this.chunks[this.chunks.length - 1]
    if (last === undefined || last.keys.length >= chunkSize) {
      last = { customers: [], keys: [], outcomes: [] }
      this.chunks.push(last)
    }
    last.customers.push(customer)
    last.keys.push(key)
    last.outcomes.push(outcome)
  }

  /** Drops what is over, at most so many keys. A key that was freed or used anew meanwhile is left alone. */
  drop(now: Instant, most: number): number {
    let dropped = 0
    for (let step = 0; step < most; step += 1) {
      const [first] = this.chunks
      const outcome = first?.outcomes[this.at]
      if (first === undefined || outcome === undefined || outcome.until > now) break
      if (this.end(first.customers[this.at], first.keys[this.at], outcome)) dropped += 1
      this.at += 1
      if (this.at === chunkSize) {
        this.chunks.shift()
        this.at = 0
      }
    }
    return dropped
  }

  private end(customer: CustomerUsage | undefined, key: string | undefined, outcome: KeyedOutcome): boolean {
    if (customer?.keys === undefined || key === undefined || customer.keys.get(key) !== outcome) return false
    customer.keys.delete(key)
    if (customer.keys.size === 0) customer.keys = undefined
    return true
  }
}
