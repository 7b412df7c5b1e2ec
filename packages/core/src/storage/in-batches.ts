import type { Instant } from '../domain/instant.ts'
import { FareboxError } from '../errors/error.ts'
import { type Clock, systemClock } from '../ports/clock.ts'
import { mayShare } from '../ports/may-share.ts'
import { startTimer } from '../ports/start-timer.ts'

/** How calls travel together. */
export interface Batching<Item, Answer> {
  /** Runs all items in one call and answers in their order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>
  /** Items in one call. Where as many wait while a call is under way, a second one takes them. */
  readonly most?: number
  /** Items that may wait for the call under way. */
  readonly waiting?: number
  /** The host's clock, which tells a call that hangs. */
  readonly clock?: Clock
  /** Whether a call that failed like this did nothing, so that its items may be tried apart: then one at fault fails alone. */
  readonly isUndone: (error: unknown) => boolean
  /** Whether items of different requests may share a call; not on Workers, unless said otherwise. */
  readonly shared?: boolean
}

/** A call that takes longer than this holds up nothing else: what comes then is called beside it, so many times at most. */
const patience = 1000
const mostBeside = 8

/** A call that takes longer than this may never come back, and keeps no place. */
const lost = 10_000

/** Calls side by side while none hangs: the process works on the answer of one while the store works on the other. */
const mostAbreast = 2

/**
 * Answers a function that runs one item. What is asked for in one turn travels together, and so does what is asked for while a
 * call is under way, in the next one; none changes the outcome of another. A call that hangs holds up only its own items, be it for
 * ever, and others for a second. Where requests may not share, each item is a call of its own.
 *
 * @throws FareboxError `overloaded` when too many wait, or what `run` threw.
 */
export function inBatches<Item, Answer>(batching: Batching<Item, Answer>): (item: Item) => Promise<Answer> {
  const { run, most = 32, waiting = 10_000, clock = systemClock, isUndone, shared = mayShare } = batching
  interface Waiting {
    readonly item: Item
    readonly resolve: (answer: Answer) => void
    readonly reject: (error: unknown) => void
  }
  let queue: Waiting[] = []
  /** The calls under way, each with when it was begun. */
  const underWay = new Set<{ begunAt: Instant }>()
  let isGathering = false
  let stopWatch: (() => void) | undefined

  /** Those who were answered together go on together: each asks for the next thing in this very turn. */
  async function gather(): Promise<void> {
    isGathering = true
    await Promise.resolve()
    isGathering = false
    while (mayBegin()) void drain()
    if (queue.length > 0) watch()
  }

  /** Looks again at what waits, for nobody may come who would. */
  function watch(): void {
    stopWatch ??= startTimer(() => {
      stopWatch = undefined
      if (!isGathering) void gather()
    }, patience + 1)
  }

  function mayBegin(): boolean {
    return mayGoOn(undefined) && underWay.size < mostBeside
  }

  /** Whether what waits is worth a call beside those of others that do not hang. */
  function mayGoOn(own: object | undefined): boolean {
    if (queue.length === 0) return false
    let others = 0
    for (const call of underWay) {
      const age = clock.now() - call.begunAt
      if (call !== own && age <= patience) others += 1
      if (age > lost) underWay.delete(call)
    }
    return others === 0 || (others < mostAbreast && queue.length >= most)
  }

  async function drain(): Promise<void> {
    const own = { begunAt: clock.now() }
    do {
      own.begunAt = clock.now()
      underWay.add(own)
      const batch = queue.slice(0, most)
      queue = queue.slice(most)
      await deliver(batch)
    } while (mayGoOn(own))
    underWay.delete(own)
  }

  async function deliver(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await run(batch.map(({ item }) => item))
      if (answers.length !== batch.length) throw new FareboxError('unavailable', 'The store left a call without an answer')
      // As many answers as items, each at the place of its item.
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer)
    } catch (error) {
      if (batch.length > 1 && isUndone(error)) {
        const middle = Math.ceil(batch.length / 2)
        await deliver(batch.slice(0, middle))
        await deliver(batch.slice(middle))
      } else {
        for (const { reject } of batch) reject(error)
      }
    }
  }

  return async (item) => {
    if (!shared) return new Promise<Answer>((resolve, reject) => void deliver([{ item, resolve, reject }]))
    if (queue.length >= waiting) throw new FareboxError('overloaded', 'Too many calls wait for the store')
    return new Promise<Answer>((resolve, reject) => {
      queue.push({ item, resolve, reject })
      if (isGathering) return
      if (mayBegin()) void gather()
      else watch()
    })
  }
}
