import { FareboxError, isFareboxError } from '../errors/error.ts'
import type { UsageOperation, UsageOutcome, UsageStore } from '../ports/usage-store.ts'
import type { MaybePromise } from './maybe-promise.ts'

/** Options of {@link createUsageBatcher}. */
export interface UsageBatcherOptions {
  /** Operations in one call to the store. */
  readonly most?: number
  /** Operations that may wait for the call under way. */
  readonly waiting?: number
}

/**
 * Puts operations that are asked for at the same time into one call to the usage store, one call under way at a time. A
 * store that answers at once is asked at once, without a promise. Operations keep their order.
 *
 * When a call fails, its operations are told apart only where that cannot count twice: misuse (`invalid-request`, which a
 * store refuses before it writes) is narrowed down to the operation at fault; after any other failure, operations that
 * are safe to repeat are tried once more and the others fail, for nobody knows whether they happened.
 */
export interface UsageBatcher {
  /** @throws FareboxError `overloaded` when too many wait, `unavailable` after `close()`, or what the store threw. */
  submit(operation: UsageOperation): MaybePromise<UsageOutcome>
  /** Takes nothing more, and answers when everything that was taken has its outcome. */
  close(): Promise<void>
}

interface Waiting {
  readonly operation: UsageOperation
  readonly resolve: (outcome: UsageOutcome) => void
  readonly reject: (error: unknown) => void
}

export function createUsageBatcher(
  store: UsageStore,
  { most = 500, waiting = 10_000 }: UsageBatcherOptions = {},
): UsageBatcher {
  let queue: Waiting[] = []
  let underWay: Promise<void> | undefined
  let answersAtOnce = true
  let closed = false

  function enqueue(operation: UsageOperation): Promise<UsageOutcome> {
    if (queue.length >= waiting) throw new FareboxError('overloaded', 'Too many usage operations wait for the store')
    return new Promise((resolve, reject) => {
      queue.push({ operation, resolve, reject })
    })
  }

  async function drain(): Promise<void> {
    // Whatever else is asked for in this tick travels along.
    await Promise.resolve()
    while (queue.length > 0) {
      const batch = queue.slice(0, most)
      queue = queue.slice(most)
      await deliver(batch, true)
    }
    underWay = undefined
  }

  async function deliver(batch: readonly Waiting[], mayRepeat: boolean): Promise<void> {
    try {
      const answer = store.execute(batch.map((item) => item.operation))
      answersAtOnce = !(answer instanceof Promise)
      const outcomes = answer instanceof Promise ? await answer : answer
      const answered = batch.map((item, index) => ({ item, outcome: outcomeAt(outcomes, index) }))
      for (const { item, outcome } of answered) item.resolve(outcome)
    } catch (error) {
      await settleFailure(batch, error, mayRepeat)
    }
  }

  async function settleFailure(batch: readonly Waiting[], error: unknown, mayRepeat: boolean): Promise<void> {
    if (batch.length > 1 && isFareboxError(error) && error.code === 'invalid-request') {
      const middle = Math.ceil(batch.length / 2)
      await deliver(batch.slice(0, middle), mayRepeat)
      await deliver(batch.slice(middle), mayRepeat)
      return
    }
    const again: Waiting[] = []
    for (const item of batch) {
      if (mayRepeat && batch.length > 1 && isRepeatable(item.operation)) again.push(item)
      else item.reject(error)
    }
    if (again.length > 0) await deliver(again, false)
  }

  function submit(operation: UsageOperation): MaybePromise<UsageOutcome> {
    if (closed) throw new FareboxError('unavailable', 'The usage batcher is closed')
    if (underWay === undefined && answersAtOnce) {
      const answer = store.execute([operation])
      if (!(answer instanceof Promise)) return outcomeAt(answer, 0)
      answersAtOnce = false
      const outcome = answer.then((outcomes) => outcomeAt(outcomes, 0))
      underWay = outcome.then(drain, drain)
      return outcome
    }
    const outcome = enqueue(operation)
    underWay ??= drain()
    return outcome
  }

  return {
    submit,
    async close() {
      closed = true
      await underWay
    },
  }
}

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

function outcomeAt(outcomes: readonly UsageOutcome[], index: number): UsageOutcome {
  const outcome = outcomes[index]
  if (outcome === undefined) throw new FareboxError('unavailable', 'The usage store left an operation without an answer')
  return outcome
}
