import { isWithin } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ConsumeOperation, DirectUsage, PlainOutcome, PlainTake, UsageOutcome, UsagePlace } from '../../ports/usage-store.ts'
import { canSpend, isOpen, storeNowOf } from './lease.ts'
import type { LeasedCounter } from './leased-counter.ts'

/** What an instance holds of one customer. */
export interface LeasedPlace extends UsagePlace {
  readonly counters: Map<string, LeasedCounter>
}

/** The short way into blocks: pays what they can, and answers nothing else. */
export class DirectLeases implements DirectUsage {
  used = 0
  reserved = 0
  readonly keyUntil = null
  private notes = 0
  private readonly places: ReadonlyMap<string, LeasedPlace>
  private readonly clock: Clock

  constructor(places: ReadonlyMap<string, LeasedPlace>, clock: Clock) {
    this.places = places
    this.clock = clock
  }

  find(customer: string): LeasedPlace | undefined {
    return this.places.get(customer)
  }

  nextNote(): number {
    return this.notes++
  }

  count(place: LeasedPlace, { counter: { feature, bucket }, freshness }: PlainTake, amount: number, key: string | null): PlainOutcome {
    const counter = key === null ? place.counters.get(feature) : undefined
    const lease = counter?.lease
    if (counter === undefined || lease === undefined || lease === null || counter.hasWaiting) return 'unanswered'
    const [state] = lease.base
    const [known] = lease.buckets
    const now = this.clock.now()
    if (
      state === undefined || lease.base.length > 1 || known?.id !== bucket.id || known.limit !== bucket.limit || lease.gates.length > 0 ||
      freshness.version !== lease.version || !isOpen(lease, now) || !isWithin(freshness, storeNowOf(lease, now)) || !canSpend(lease, amount)
    ) return 'unanswered'
    lease.spent += amount
    this.used = state.used + lease.spent
    this.reserved = state.reserved
    return 'taken'
  }

  /** Where a block cannot pay, the answer is `stale`: the whole way has to be gone. */
  consume(operation: ConsumeOperation): UsageOutcome {
    const now = this.clock.now()
    const counter = operation.key === null ? this.places.get(operation.customer)?.counters.get(operation.feature) : undefined
    const outcome = counter === undefined || counter.hasWaiting ? undefined : counter.pay(operation, now)
    return outcome ?? { kind: 'stale', now, marker: null }
  }
}
