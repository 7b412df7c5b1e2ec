import type { LeasePolicy } from '../../domain/feature.ts'
import type { Instant, Milliseconds } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import { isPromise } from '../../ports/is-promise.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Random } from '../../ports/random.ts'
import { startTimer } from '../../ports/start-timer.ts'
import type {
  ConsumeOperation, DirectUsage, ReleaseOperation, UsageOperation, UsageOutcome, UsageQuery, UsageReading,
} from '../../ports/usage-store.ts'
import type { UsageBatcher } from '../counting/usage-batcher.ts'
import { type MaybePromise, chain } from '../maybe-promise.ts'
import { DirectLeases, type LeasedPlace } from './direct-leases.ts'
import { partsOf, storeNowOf, takeBack } from './lease.ts'
import { createLeaseEndings } from './lease-endings.ts'
import { type Backlog, type LeasedCounter, createLeasedCounter } from './leased-counter.ts'

/** What {@link createLeases} is given. */
export interface LeaseParts {
  readonly batcher: UsageBatcher
  /** By feature. All others ask the store. */
  readonly policies: ReadonlyMap<string, LeasePolicy>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/**
 * Spends usage that was taken ahead, a block at a time, so that a busy customer's requests need no call to the store. A
 * block is a reservation, so all that is granted never passes the limit; one that is lost with its instance is counted in
 * full when it expires, and with it at most one block per instance, customer and feature. Refusals come from the store,
 * each asked for after the request came: so whoever has just paid is let in. Overage is never taken ahead.
 *
 * Blocks are given back when they were kept for `idle` (seen by calls that follow, by `sweep()`, and by a timer that runs
 * while there are any), when the customer's question changes, and by `close()`. A store that answers at once is asked at once.
 */
export interface Leases extends Omit<UsageBatcher, 'ask'> {
  /** Readings with what was spent here: in the store a block is held, here most of it is free. */
  tell(queries: readonly UsageQuery[], readings: readonly UsageReading[]): readonly UsageReading[]
  /** Gives back what was taken for an older version of the customer's entitlements. */
  outdate(customer: string, version: number): void
  /** Gives back what is idle; answers how many blocks that were. */
  sweep(): Promise<number>
  readonly direct: DirectUsage
}

/** Customers that may have blocks at the same time; all others ask the store. */
const mostPlaces = 10_000

/** The least between two looks at all blocks. */
const shortestWatch: Milliseconds = 100

export function createLeases({ batcher, policies, clock, random, logger }: LeaseParts): Leases {
  const places = new Map<string, LeasedPlace>()
  const endings = createLeaseEndings(batcher, clock, logger)
  let answersAtOnce: boolean | undefined
  let closed = false
  let round = visitAll()
  let stopWatch: (() => void) | undefined
  const backlog: Backlog = { size: 0 }
  const watchEvery = Math.max(shortestWatch, Math.min(...Array.from(policies.values(), ({ idle }) => idle)))

  function* visitAll(): Generator<readonly [LeasedCounter, () => void], undefined> {
    for (const [customer, { counters }] of places) {
      for (const [feature, counter] of counters) yield [counter, () => counters.delete(feature)]
      if (counters.size === 0) places.delete(customer)
    }
  }

  /** Looks after one of the blocks, so that calls see to all of them in time. */
  function goRound(now: Instant): void {
    endings.retry(now)
    const { value, done } = round.next()
    if (done) round = visitAll()
    else endIdle(value, now)
  }

  /** Gives back what is idle; answers how many blocks that were. */
  function endAllIdle(): number {
    const now = clock.now()
    let ended = 0
    endings.retry(now)
    for (const visited of visitAll()) if (endIdle(visited, now)) ended += 1
    return ended
  }

  /** An instance that nobody calls any more keeps nothing either. */
  function watch(): void {
    stopWatch ??= startTimer(() => {
      stopWatch = undefined
      endAllIdle()
      if (!closed && (places.size > 0 || endings.isOwing())) watch()
    }, watchEvery)
  }

  function consume(operation: ConsumeOperation, policy: LeasePolicy): MaybePromise<UsageOutcome> {
    const now = clock.now()
    goRound(now)
    const counter = counterOf(operation) ?? addCounter(operation, policy)
    return counter === undefined || operation.amount > policy.most ? direct(operation) : counter.take(operation, now)
  }

  function counterOf({ customer, feature }: Pick<UsageOperation, 'customer' | 'feature'>): LeasedCounter | undefined {
    return places.get(customer)?.counters.get(feature)
  }

  function addCounter({ customer, feature }: ConsumeOperation, policy: LeasePolicy): LeasedCounter | undefined {
    let place = places.get(customer)
    if (answersAtOnce !== false || (place === undefined && places.size >= mostPlaces)) return undefined
    if (place === undefined) places.set(customer, (place = { note: -1, counters: new Map<string, LeasedCounter>() }))
    const counter = createLeasedCounter({ batcher, endings, clock, random, policy, backlog })
    place.counters.set(feature, counter)
    watch()
    return counter
  }

  /** Asks the store, and tells its counters as `tell` does. Before it refuses, what this instance holds of the very same is given back. */
  function direct(operation: UsageOperation): MaybePromise<UsageOutcome> {
    const answer = batcher.submit(operation)
    answersAtOnce ??= !isPromise(answer)
    return chain(answer, (outcome) => {
      const isEmpty = outcome.kind === 'refused' && outcome.by === 'bucket'
      if (isEmpty && counterOf(operation)?.giveBack() === true) return batcher.submit(operation)
      return 'buckets' in outcome ? withBlock(operation, outcome) : outcome
    })
  }

  /** Counters as they stand in the store, where a block is held, with what was spent of it here. */
  function withBlock<Seen extends Pick<UsageReading, 'buckets'>>(place: Pick<UsageOperation, 'customer' | 'feature'>, seen: Seen): Seen {
    const lease = counterOf(place)?.lease
    if (!lease) return seen
    const buckets = seen.buckets.map(({ id, used, reserved }) => {
      const [spent, held] = partsOf(lease, id)
      return { id, used: used + spent, reserved: Math.max(0, reserved - held) }
    })
    return { ...seen, buckets }
  }

  /** What the block did not pay last is given back by the store, which is told before what was spent of it. */
  function release(operation: ReleaseOperation): MaybePromise<UsageOutcome> {
    const { target } = operation
    const counter = counterOf(operation)
    if (target.by === 'drawn' && counter?.lease) {
      const { lease } = counter
      if (takeBack(lease, target.drawn)) {
        return { kind: 'ended', now: storeNowOf(lease, clock.now()), amount: 0, repeated: false, drawn: target.drawn }
      }
      counter.giveBack()
    }
    return batcher.submit(operation)
  }

  return {
    submit(operation) {
      if (closed) throw new FareboxError('unavailable', 'The leases are closed')
      const policy = policies.get(operation.feature)
      if (policy === undefined || answersAtOnce === true) return batcher.submit(operation)
      switch (operation.verb) {
        case 'consume':
          return operation.key === null ? consume(operation, policy) : direct(operation)
        case 'reserve':
          return direct(operation)
        case 'release':
          return release(operation)
        case 'settle':
          return batcher.submit(operation)
        default:
          return operation satisfies never
      }
    },
    tell: (queries, readings) =>
      readings.map((reading, index) => {
        const query = queries[index]
        return query === undefined ? reading : withBlock(query, reading)
      }),
    outdate(customer, version) {
      for (const counter of places.get(customer)?.counters.values() ?? []) {
        if (counter.lease !== null && counter.lease.version < version) counter.giveBack()
      }
    },
    direct: new DirectLeases(places, clock),
    async sweep() {
      const ended = endAllIdle()
      await endings.finish()
      return ended
    },
    async close() {
      closed = true
      stopWatch?.()
      for (const [counter, drop] of visitAll()) {
        await counter.settled()
        counter.giveBack()
        drop()
      }
      await endings.finish()
      await batcher.close()
    },
  }
}

/** Gives back a block that was kept too long, or forgets a counter that has none. */
function endIdle([counter, drop]: readonly [LeasedCounter, () => void], now: Instant): boolean {
  if (!counter.isIdle(now)) return false
  if (counter.giveBack()) return true
  drop()
  return false
}
