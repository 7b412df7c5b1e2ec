import type { BucketState } from '../../domain/decision.ts'
import type { LeasePolicy } from '../../domain/feature.ts'
import { type Instant, type Milliseconds, minute } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { ConsumeOperation, ReserveOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { UsageBatcher } from '../counting/usage-batcher.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import { misfit } from '../misfit.ts'
import { type Lease, canSpend, isOpen, isSame, judge, openLease, spend, storeNowOf } from './lease.ts'
import type { LeaseEndings } from './lease-endings.ts'
import { type Block, admitsOf, blockFor, leasable, roomIn } from './lease-size.ts'

/** What a {@link LeasedCounter} works with. */
export interface LeasedCounterParts {
  readonly batcher: UsageBatcher
  readonly endings: LeaseEndings
  readonly clock: Clock
  readonly random: Random
  readonly policy: LeasePolicy
  readonly backlog: Backlog
}

/** How many wait, at all counters of an instance. */
export interface Backlog {
  size: number
}

/** One feature of one customer, in this instance: its block, and those who wait for the next one. */
export interface LeasedCounter {
  readonly lease: Lease | null
  /** Whether others came first. */
  readonly hasWaiting: boolean
  /** The answer that the block can give, if it can. */
  pay(operation: ConsumeOperation, now: Instant): UsageOutcome | undefined
  /** Pays out of the block, or waits for an answer of the store. One question is under way at a time. */
  take(operation: ConsumeOperation, now: Instant): MaybePromise<UsageOutcome>
  /** Gives back what is not spent. Answers whether there was a block. */
  giveBack(): boolean
  isIdle(now: Instant): boolean
  /** Answers when nobody waits. */
  settled(): Promise<void>
}

interface Waiting {
  readonly operation: ConsumeOperation
  readonly resolve: (outcome: UsageOutcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * A reservation outlives its block by this much, so that an instance which stood still can give it back, and one that ended
 * with its period is settled to what was spent. It is the old period's: in the new one it holds nothing.
 */
const margin: Milliseconds = 5 * minute

const mostWaiting = 10_000

export function createLeasedCounter({ batcher, endings, clock, random, policy, backlog }: LeasedCounterParts): LeasedCounter {
  let lease: Lease | null = null
  let waiting: Waiting[] = []
  let asking: Promise<void> | undefined
  let askedAt: Instant = Number.NEGATIVE_INFINITY
  /** How much was asked for last. */
  let asked = 0
  /** What the store held last and how many requests its gates would have admitted; `null` where it was not asked yet. */
  let room: number | null = null
  let admits: number | null = null
  let seen: readonly BucketState[] = []

  function pay(operation: ConsumeOperation, now: Instant): UsageOutcome | undefined {
    if (lease === null || !isOpen(lease, now)) return undefined
    const verdict = judge(lease, operation, now)
    if (verdict === 'stale') return { kind: 'stale', now: storeNowOf(lease, now), marker: lease.version }
    return verdict === 'pays' && canSpend(lease, operation.amount) ? spend(lease, operation.amount, now) : undefined
  }

  /** Asks the store until nobody waits. Never rejects. */
  async function ask(): Promise<void> {
    // Whatever else is asked for in this tick is spoken for.
    await Promise.resolve()
    let isRefused = false
    for (let first = serve(); first !== undefined; first = serve()) isRefused = !(await askOnce(first.operation, isRefused))
    asking = undefined
  }

  /** Pays those who came first, as far as the block goes. Answers the first who is left. */
  function serve(): Waiting | undefined {
    const now = clock.now()
    for (const [index, item] of waiting.entries()) {
      const outcome = pay(item.operation, now)
      if (outcome === undefined) {
        keep(waiting.slice(index))
        return item
      }
      item.resolve(outcome)
    }
    keep([])
    return undefined
  }

  /** One question to the store, for all who wait and ask the same as the first of them. Answers whether a block could be had. */
  async function askOnce(first: ConsumeOperation, isRefused: boolean): Promise<boolean> {
    const mates = waiting.filter(({ operation }) => isMate(first, operation))
    const demand = mates.reduce((sum, { operation }) => sum + operation.amount, 0)
    const now = clock.now()
    const isOver = lease === null ? now - askedAt >= policy.idle : now >= lease.until
    // Kept to its end, what was spent is enough; spent before its time, it takes more.
    const pace = isOver ? (lease?.spent ?? 0) : lease === null || !canSpend(lease, first.amount) ? asked * 4 : asked
    room = room === null || lease === null ? room : room + lease.amount - lease.spent
    giveBack()
    const block = isRefused ? null : blockFor({ demand, count: mates.length, first: first.amount, pace, most: policy.most, room, admits, gates: first.gates })
    const known = leasable(first.buckets).length < first.buckets.length ? null : isRefused ? 0 : room
    if (block === null && !(await askForEach(mates, known ?? Number.POSITIVE_INFINITY))) return true
    askedAt = now
    asked = block?.amount ?? demand
    return block === null || askForBlock(first, mates, block)
  }

  /**
   * Each for itself, in one call, as far as what is `known` to be there goes, and one more: where it got nothing, that is the answer
   * to all of whom it is true, for they came before it was asked for. Answers whether anybody was taken or refused.
   */
  async function askForEach(mates: readonly Waiting[], known: number): Promise<boolean> {
    let isAnswered = false
    const askers = upTo(known, mates, 1)
    const settled = await Promise.allSettled(askers.map(async ({ operation }) => batcher.submit(operation)))
    leave(askers)
    const rest = mates.slice(askers.length)
    const lost: unknown[] = []
    for (const [index, { operation, resolve, reject }] of askers.entries()) {
      const result = settled[index]
      if (result?.status !== 'fulfilled') {
        lost.push(result?.reason)
        reject(result?.reason)
        continue
      }
      const { value } = result
      learn(operation, value)
      if ('buckets' in value) {
        seen = value.buckets
        isAnswered = true
      }
      resolve(value)
      if (index === askers.length - 1) answer(rest.filter((mate) => isTrueOf(value, operation, mate.operation)), value)
    }
    // The store cannot be reached: nobody waits until as many tries have failed one after the other.
    if (lost.length === askers.length) for (const { reject } of leave(rest)) reject(lost[0])
    return isAnswered
  }

  /** Answers whether there was one, after those whom it can pay have their answers. Never rejects. */
  async function askForBlock(first: ConsumeOperation, mates: readonly Waiting[], block: Block): Promise<boolean> {
    const begun = clock.now()
    try {
      const operation = reservationOf(first, block)
      const outcome = await endings.ask(operation)
      learn(operation, outcome)
      switch (outcome.kind) {
        case 'taken': {
          const now = clock.now()
          const opened = openLease(operation, outcome, block, first.buckets, seen, { begun, now, idle: policy.idle })
          lease = opened
          // The store has answered for as many as it pays for, however long that took.
          for (const mate of leave(upTo(block.amount, mates, 0))) mate.resolve(spend(opened, mate.operation.amount, now))
          return true
        }
        case 'stale':
          answer(mates, outcome)
          return true
        case 'refused':
          return false
        default:
          throw misfit(outcome)
      }
    } catch (error) {
      for (const mate of leave(mates)) mate.reject(error)
      return false
    }
  }

  function reservationOf(asker: ConsumeOperation, { amount, requests }: Block): ReserveOperation {
    const { customer, feature, freshness, gates } = asker
    const buckets = leasable(asker.buckets)
    const [overdraftBucket] = buckets
    if (overdraftBucket === undefined) throw new FareboxError('unavailable', 'There is no bucket')
    const expiresIn = policy.idle + margin
    const take = { customer, feature, amount, key: null, keyFor: 0, freshness, gates, requests, buckets }
    return { verb: 'reserve', ...take, reservation: random.id(), expiresIn, onExpiry: 'settle', overdraft: 0, overdraftBucket }
  }

  function learn({ buckets }: ConsumeOperation | ReserveOperation, outcome: UsageOutcome): void {
    if (!('buckets' in outcome)) return
    room = roomIn(leasable(buckets), outcome.buckets)
    admits = admitsOf(outcome.gates)
  }

  function keep(rest: Waiting[]): void {
    backlog.size += rest.length - waiting.length
    waiting = rest
  }

  /** Takes those who are answered out of the queue. */
  function leave(mates: readonly Waiting[]): readonly Waiting[] {
    const answered = new Set(mates)
    keep(waiting.filter((item) => !answered.has(item)))
    return mates
  }

  function answer(mates: readonly Waiting[], outcome: UsageOutcome): void {
    for (const mate of leave(mates)) mate.resolve(outcome)
  }

  function giveBack(): boolean {
    if (lease === null) return false
    const { operation, spent, expiresAt } = lease
    lease = null
    endings.end(operation, spent, expiresAt)
    return true
  }

  return {
    get lease() {
      return lease
    },
    get hasWaiting() {
      return waiting.length > 0
    },
    pay,
    take(operation, now) {
      const outcome = waiting.length === 0 ? pay(operation, now) : undefined
      if (outcome !== undefined) return outcome
      if (backlog.size >= mostWaiting) throw new FareboxError('overloaded', 'Too many usage operations wait for the store')
      return new Promise((resolve, reject) => {
        backlog.size += 1
        waiting.push({ operation, resolve, reject })
        asking ??= ask()
      })
    },
    giveBack,
    isIdle: (now) => asking === undefined && (lease === null ? Math.abs(now - askedAt) >= policy.idle : !isOpen(lease, now)),
    settled: async () => asking,
  }
}

/** Whether an answer to `first` speaks for the other too. What the records said a moment ago is true for all who know the same. */
function isMate(first: ConsumeOperation, other: ConsumeOperation): boolean {
  const isKnown = first.freshness.version === other.freshness.version && (first.freshness.loaded || !other.freshness.loaded)
  return isKnown && first.freshness.validUntil === other.freshness.validUntil && isSame(first, other)
}

/** Whether what `asker` was told would have been told to the other, who asks the same. */
function isTrueOf(outcome: UsageOutcome, asker: ConsumeOperation, other: ConsumeOperation): boolean {
  if (outcome.kind === 'stale') return !other.freshness.loaded
  if (outcome.kind !== 'refused') return false
  return outcome.by === 'gate' || other.amount >= asker.amount || other.amount > roomIn(other.buckets, outcome.buckets)
}

/** Those who came first, as far as `amount` goes, and so many `more`. */
function upTo(amount: number, mates: readonly Waiting[], more: number): readonly Waiting[] {
  let rest = amount
  const last = mates.findIndex(({ operation }) => (rest -= operation.amount) < 0)
  return last < 0 ? mates : mates.slice(0, last + more)
}
