import type { Milliseconds } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'

/** What one caller asks for. */
export interface Call {
  readonly operations: readonly UsageOperation[]
  /** A marker to raise. */
  readonly raise: { readonly customer: string; readonly version: number } | null
}

type Outcomes = readonly UsageOutcome[]

/** How long a call waits for the one under way. To go ahead after that is exact too, and at worst one more try. */
const longestWait: Milliseconds = 2000

/** How long a call that travels with another one waits for the answer. */
const longestTravel: Milliseconds = 10_000

/** Calls that wait. */
const mostWaiting = 10_000

/** Operations in one round trip. */
const mostOperations = 500

interface Waiting {
  readonly call: Call
  /** It travels with another call, or leads one itself. */
  isTaken: boolean
  readonly tell: (news: Outcomes | 'lead') => void
  readonly fail: (error: unknown) => void
}

/**
 * One call under way at a time, so that an isolate never races itself for a customer's rows; what is asked for meanwhile
 * travels together in the next one.
 *
 * Each call is made by one of those who wait for it, and each who waits keeps a timer: on Workers what a request began
 * ends with it, and a request that does nothing but wait for another one is taken for hung.
 *
 * @throws FareboxError `overloaded` when too many wait, `unavailable` (`timeout`) when the request that took a call along does not come back.
 */
export function createSharedCalls(run: (calls: readonly Call[]) => Promise<Outcomes>): (call: Call) => Promise<Outcomes> {
  let queue: Waiting[] = []
  let isUnderWay = false

  async function wait(call: Call): Promise<Outcomes> {
    if (queue.length >= mostWaiting) throw new FareboxError('overloaded', 'Too many calls wait for the D1 database')
    const { waiting, news } = createWaiting(call)
    queue.push(waiting)
    const first = await within(news, longestWait)
    if (first === undefined && !waiting.isTaken) {
      queue = queue.filter((other) => other !== waiting)
      return lead(call, [])
    }
    const told = first ?? (await within(news, longestTravel))
    if (told === undefined) throw new FareboxError('unavailable', 'The request that took a call along did not come back', { reason: 'timeout' })
    return told === 'lead' ? lead(call, takeAlong(call)) : told
  }

  async function lead(call: Call, others: readonly Waiting[]): Promise<Outcomes> {
    try {
      const outcomes = await run([call, ...others.map((other) => other.call)])
      let start = call.operations.length
      for (const { call: own, tell } of others) {
        tell(outcomes.slice(start, start + own.operations.length))
        start += own.operations.length
      }
      return outcomes.slice(0, call.operations.length)
    } catch (error) {
      for (const { fail } of others) fail(error)
      throw error
    } finally {
      handOver()
    }
  }

  function takeAlong(call: Call): readonly Waiting[] {
    let operations = call.operations.length
    const taken: Waiting[] = []
    for (const waiting of queue) {
      operations += waiting.call.operations.length
      if (operations > mostOperations) break
      waiting.isTaken = true
      taken.push(waiting)
    }
    queue = queue.slice(taken.length)
    return taken
  }

  function handOver(): void {
    const [next, ...others] = queue
    queue = others
    isUnderWay = next !== undefined
    if (next === undefined) return
    next.isTaken = true
    next.tell('lead')
  }

  return async (call) => {
    if (isUnderWay) return wait(call)
    isUnderWay = true
    return lead(call, [])
  }
}

function createWaiting(call: Call): { readonly waiting: Waiting; readonly news: Promise<Outcomes | 'lead'> } {
  const parts: Pick<Waiting, 'tell' | 'fail'>[] = []
  const news = new Promise<Outcomes | 'lead'>((resolve, reject) => void parts.push({ tell: resolve, fail: reject }))
  const [{ tell, fail } = { tell: ignore, fail: ignore }] = parts
  return { waiting: { call, isTaken: false, tell, fail }, news }
}

function ignore(): void {
  // Only the promise that was made above is told.
}

/** `undefined` where the news does not come in time. */
async function within<News>(news: Promise<News>, length: Milliseconds): Promise<News | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const expired = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, length, undefined)
  })
  try {
    return await Promise.race([news, expired])
  } finally {
    clearTimeout(timer)
  }
}
