import type { ConsumeOperation, Freshness, UsageBucket, UsageOutcome } from './usage-store.ts'

/** What a store of this process keeps of one customer, with room for a note of its caller. */
export interface UsagePlace {
  /** Which of its own notes the caller wrote for this customer last; -1 where it wrote none. */
  note: number
}

/** The name of a counter that nothing stands beside. Never changes once it was handed over. */
export interface PlainCounter {
  readonly feature: string
  readonly bucket: UsageBucket
}

/** All of a consume operation that stays the same from call to call, where it has one bucket, no gate and no key. */
export interface PlainTake {
  readonly counter: PlainCounter
  readonly freshness: Freshness
}

/**
 * - `taken`, `refused`: as of `execute`; `used` and `reserved` are the counter's now.
 * - `unanswered`: nothing was done, and `execute` has to be asked: the question is stale, or the counter is new.
 */
export type PlainOutcome = 'taken' | 'refused' | 'unanswered'

/**
 * The short way into a store that lives in this process, for questions that were checked when they were made: the same
 * answers as `execute` gives, without the objects that would carry question and answer. It hangs on `execute` itself, so
 * that whoever puts something in the place of `execute` has not left a way around it.
 */
export interface DirectUsage {
  find(customer: string): UsagePlace | undefined
  /** What the counter of the last {@link DirectUsage.count} stands at. */
  readonly used: number
  readonly reserved: number
  /** Counts `amount`, an integer from 1 to 2^53 - 1, if the counter holds it. */
  count(place: UsagePlace, take: PlainTake, amount: number): PlainOutcome
  /** As `execute` of one operation, which is not checked again. */
  consume(operation: ConsumeOperation): UsageOutcome
}
