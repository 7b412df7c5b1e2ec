import type { Instant, Milliseconds } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ConsumeOperation, DirectUsage, Freshness, PlainCounter, PlainOutcome, PlainTake, UsageOutcome } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../../storage/counting/customer-usage.ts'
import { passMarker } from '../../storage/counting/marker.ts'
import { add, fits, rememberPlain } from '../../storage/counting/take-plain.ts'
import type { UsageState } from '../../storage/counting/usage-state.ts'
import type { WholeCounting } from './whole-counting.ts'

/** Counts in place what needs nothing else, and hands everything else to the whole, once that is there. */
export class DirectCounting implements DirectUsage {
  used = 0
  reserved = 0
  keyUntil: Instant | null = null
  /** `undefined` until something else than a plain count was asked for. */
  whole: WholeCounting | undefined
  private notes = 0
  private readonly state: UsageState
  private readonly clock: Clock
  private readonly dropSomeExpired: (now: Instant) => void

  constructor(state: UsageState, clock: Clock, dropSomeExpired: (now: Instant) => void) {
    this.state = state
    this.clock = clock
    this.dropSomeExpired = dropSomeExpired
  }

  find(customer: string): CustomerUsage | undefined {
    return this.state.customers.get(customer)
  }

  nextNote(): number {
    return this.notes++
  }

  count(customer: CustomerUsage, question: PlainTake, amount: number, key: string | null, keyFor: Milliseconds): PlainOutcome {
    const { counter, freshness } = question
    const now = this.clock.now()
    if (key !== null && customer.keys?.has(key) === true) return 'unanswered'
    const isInPlace = customer.plain === counter || customer.hasRoomFor(counter.feature, counter.bucket.id)
    const outcome = isInPlace
      ? this.countInPlace(customer, counter, freshness, amount, now)
      : (this.whole?.countInLedger(this, customer, counter, freshness, amount, now) ?? 'unanswered')
    this.keyUntil = null
    if (key !== null && outcome === 'taken') this.keyUntil = rememberPlain(this.state, customer, counter, amount, key, keyFor, now)
    if (this.state.created > 0 && outcome !== 'unanswered') this.dropSomeExpired(now)
    return outcome
  }

  consume(operation: ConsumeOperation): UsageOutcome | undefined {
    if (this.whole === undefined) return undefined
    const now = this.clock.now()
    const outcome = this.whole.take(this.state, operation, now)
    if (this.state.created > 0) this.dropSomeExpired(now)
    return outcome
  }

  private countInPlace(
    customer: CustomerUsage,
    counter: PlainCounter,
    freshness: Freshness,
    amount: number,
    now: Instant,
  ): PlainOutcome {
    if (!passMarker(customer, freshness, now)) return 'unanswered'
    const isTaken = fits(customer, counter.bucket, amount)
    if (isTaken) add(this.state, customer, counter, amount)
    this.used = customer.used
    this.reserved = 0
    return isTaken ? 'taken' : 'refused'
  }
}
