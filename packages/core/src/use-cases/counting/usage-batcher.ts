import type { Instant } from '../../domain/instant.ts'
import { FareboxError, isFareboxError } from '../../errors/error.ts'
import { type Clock, systemClock } from '../../ports/clock.ts'
import { isPromise } from '../../ports/is-promise.ts'
import { mayShare } from '../../ports/may-share.ts'
import { startTimer } from '../../ports/start-timer.ts'
import type { UsageOperation, UsageOutcome, UsageStore } from '../../ports/usage-store.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import type * as FirstTold from './first-told.ts'

/** Options of {@link createUsageBatcher}. */
export interface UsageBatcherOptions {
  /** Operations in one call to the store. */
  readonly most?: number
  /** Operations that may wait for the call under way. */
  readonly waiting?: number
  /** Measures how long a call and its repetition took. */
  readonly clock?: Clock
  /** Whether operations of different requests may share a call; not on Workers, unless said otherwise. */
  readonly shared?: boolean
}

/**
 * Puts operations that are asked for at the same time into one call to the usage store, one call under way at a time, or
 * as many as the store has lanes. A store that answers at once is asked at once, without a promise. Operations keep their order,
 * but for those that a call which hangs has held up for a second: they are asked for beside it.
 *
 * When a call fails, or a part of it, its operations are told apart only where that cannot count twice: misuse
 * (`invalid-request`, which a store refuses before it writes) is narrowed down to the operation at fault; after any other
 * failure, operations that are safe to repeat are tried once more and the others fail, for nobody knows whether they
 * happened. What such a second try finds done by the first is told as done now, not as `repeated`.
 */
export interface UsageBatcher {
  /** @throws FareboxError `overloaded` when too many wait, `unavailable` after `close()`, or what the store threw. */
  submit(operation: UsageOperation): MaybePromise<UsageOutcome>
  /** As `submit`, without a promise: the outcome, or `undefined` where the asker is told later, after this has returned. */
  ask(asker: Asker): UsageOutcome | undefined
  /** Takes nothing more, and answers when everything that was taken has its outcome. */
  close(): Promise<void>
}

/** Who waits for the outcome of an operation; told once, one or the other. Neither throws. */
export interface Asker {
  readonly operation: UsageOperation
  resolve(outcome: UsageOutcome): void
  reject(error: unknown): void
}

type Answer = ReturnType<UsageStore['execute']>

/** Lanes share what waits evenly, down to so many operations a call: below that, two calls cost more than they bring. */
const leastShare = 16

/** Where nothing that waits is taken for so long, every call under way hangs. */
const patience = 1000

export function createUsageBatcher(
  store: UsageStore,
  { most = 512, waiting = 10_000, clock = systemClock, shared = mayShare }: UsageBatcherOptions = {},
): UsageBatcher {
  let queue: Asker[] = []
  const lanes = store.lanes ?? 1
  /** Lanes that have a call under way, or are about to take what waits; those of a former generation hang and are not counted. */
  let open = 0
  let generation = 0
  let isWatched = false
  let isGathering = false
  /** Operations that are under way. */
  let flying = 0
  let answersAtOnce = true
  let closed = false
  const underWay = new Set<Promise<void>>()
  /** The latest is kept: where none is left at a collection, the engine forgets the code that was fast on them. */
  const kept: { asker?: Asker } = {}

  function openLane(): void {
    open += 1
    isGathering = true
    keep(drain(generation))
  }

  function watch(): void {
    if (isWatched) return
    isWatched = true
    const seen = queue
    startTimer(() => {
      isWatched = false
      if (queue.length === 0) return
      if (queue !== seen || flying >= waiting) return watch()
      generation += 1
      open = 0
      openLane()
    }, patience)
  }

  async function drain(own: number): Promise<void> {
    // Whatever else is asked for in this tick travels along.
    await Promise.resolve()
    isGathering = false
    while (queue.length > 0 && own === generation) {
      const fair = Math.max(leastShare, Math.ceil((queue.length + flying) / lanes))
      const size = Math.min(most, lanes === 1 ? queue.length : fair)
      const batch = size < queue.length ? queue.slice(0, size) : queue
      queue = size < queue.length ? queue.slice(size) : []
      if (queue.length > 0 && open < lanes) openLane()
      flying += batch.length
      await deliver(batch, null)
      flying -= batch.length
    }
    if (own === generation) open -= 1
  }

  /** `since` is when the first try of these operations began, `null` when this is it. Never rejects. */
  async function deliver(batch: readonly Asker[], since: Instant | null, given?: Answer): Promise<void> {
    const begun = since ?? clock.now()
    let failures: Map<Asker, unknown> | undefined
    try {
      const answer = given ?? store.execute(batch.map((asker) => asker.operation))
      answersAtOnce = !isPromise(answer)
      const outcomes = isPromise(answer) ? await answer : answer
      if (outcomes.length !== batch.length) throw unanswered()
      const told = since === null ? outcomes : await toldFirst(batch, outcomes, clock.now() - since)
      let index = 0
      for (const asker of batch) {
        const outcome = outcomeAt(told, index++)
        if (outcome.kind === 'failed') (failures ??= new Map()).set(asker, outcome.error)
        else asker.resolve(outcome)
      }
    } catch (error) {
      if (batch.length > 1 && isMisuse(error)) {
        const middle = Math.ceil(batch.length / 2)
        await deliver(batch.slice(0, middle), since)
        return deliver(batch.slice(middle), since)
      }
      failures = new Map(batch.map((asker) => [asker, error]))
    }
    if (failures === undefined) return
    const again: Asker[] = []
    for (const [asker, error] of failures) {
      if (since === null && isRepeatable(asker.operation) && !isMisuse(error)) again.push(asker)
      else asker.reject(error)
    }
    if (again.length > 0) await deliver(again, begun)
  }

  function ask(asker: Asker): UsageOutcome | undefined {
    if (closed) throw new FareboxError('unavailable', 'The usage batcher is closed')
    if (!shared || (open === 0 && answersAtOnce)) return askAlone(asker)
    if (queue.length >= waiting) throw new FareboxError('overloaded', 'Too many usage operations wait for the store')
    queue.push(asker)
    kept.asker = asker
    if (isGathering) return undefined
    if (open < lanes) openLane()
    else watch()
    return undefined
  }

  function askAlone(asker: Asker): UsageOutcome | undefined {
    const answer = store.execute([asker.operation])
    if (!isPromise(answer)) return only(answer)
    const delivery = deliver([asker], null, answer)
    if (shared) open += 1
    const own = generation
    keep(shared ? delivery.then(() => drain(own)) : delivery)
    return undefined
  }

  return {
    submit(operation) {
      const asker = new AwaitedOutcome(operation)
      return ask(asker) ?? asker.wait()
    },
    ask,
    async close() {
      closed = true
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }

  function keep(delivery: Promise<void>): void {
    underWay.add(delivery)
    void delivery.then(() => underWay.delete(delivery))
  }
}

/** An asker that waits for a promise. */
class AwaitedOutcome implements Asker {
  readonly operation: UsageOperation
  resolve: Asker['resolve'] = ignore
  reject: Asker['reject'] = ignore

  constructor(operation: UsageOperation) {
    this.operation = operation
  }

  wait(): Promise<UsageOutcome> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }
}

const ignore = (): void => undefined

/** Whether doing it again counts nothing twice, should it have happened already. */
function isRepeatable(operation: UsageOperation): boolean {
  switch (operation.verb) {
    case 'consume':
    case 'reserve':
      return operation.key !== null
    case 'settle':
      return true
    case 'release':
      return operation.target.by === 'reservation'
    default:
      return operation satisfies never
  }
}

function isMisuse(error: unknown): boolean {
  return isFareboxError(error) && error.code === 'invalid-request'
}

/** A second try is rare, so what makes first answers of its outcomes is loaded for it. */
async function toldFirst(...second: Parameters<typeof FirstTold.firstTold>): Promise<readonly UsageOutcome[]> {
  const { firstTold } = await import('./first-told.ts')
  return firstTold(...second)
}

function only(outcomes: readonly UsageOutcome[]): UsageOutcome {
  const outcome = outcomeAt(outcomes, 0)
  if (outcome.kind === 'failed') throw outcome.error
  return outcome
}

function outcomeAt(outcomes: readonly UsageOutcome[], index: number): UsageOutcome {
  const outcome = outcomes[index]
  if (outcome === undefined) throw unanswered()
  return outcome
}

function unanswered(): FareboxError {
  return new FareboxError('unavailable', 'The usage store left an operation without an answer')
}
