import type { BucketKind } from '../domain/bucket.ts'
import type { BucketState, Draw } from '../domain/decision.ts'
import type { Gate } from '../domain/gate.ts'
import type { Instant, Milliseconds, Validity } from '../domain/instant.ts'
import type { FareboxError } from '../errors/error.ts'

/** How far a store's exactness goes. Overage and paid grants need `linearizable` of the usage store, seats of the record store. */
export type StoreLabel = 'linearizable' | 'lossy-on-failover' | 'best-effort'

/** A bucket as the store sees it: a counter's name and its limit (`null` for none). */
export interface UsageBucket {
  readonly id: string
  readonly kind: BucketKind
  readonly limit: number | null
  /** The counter may be forgotten after this instant; `null` keeps it until the customer is forgotten. */
  readonly keepUntil: Instant | null
}

/** What the caller knows, in which interval it holds, and how the caller knows it. */
export interface Freshness extends Validity {
  /** The entitlement version the caller decided with. */
  readonly version: number
  /** The caller read the records for this very call: it is not refused as stale, and the marker rises to `version`. */
  readonly loaded: boolean
}

interface Take {
  readonly customer: string
  readonly feature: string
  /** An integer from 1 to 2^53 - 1. */
  readonly amount: number
  /** The caller's name for this attempt within the customer; `null` for none. */
  readonly key: string | null
  /** How long the key is remembered. */
  readonly keyFor: Milliseconds
  readonly freshness: Freshness
  readonly gates: readonly Gate[]
  /**
   * How many requests each gate admits with this operation, all of them or none: 1 unless said otherwise, whatever the
   * amount; a lease passes the gates for all that it will serve. At most the smallest burst of the gates.
   */
  readonly requests?: number
  /** In burn order. */
  readonly buckets: readonly UsageBucket[]
}

/** Count `amount` if all gates admit and the buckets hold it: all of it or nothing. */
export interface ConsumeOperation extends Take {
  readonly verb: 'consume'
}

/** Hold `amount` under `reservation`, an id that was never used before. */
export interface ReserveOperation extends Take {
  readonly verb: 'reserve'
  readonly reservation: string
  readonly expiresIn: Milliseconds
  /** What the reservation becomes when nobody ends it. */
  readonly onExpiry: 'release' | 'settle'
  /** How far a settlement may go above what is held. */
  readonly overdraft: number
  /** Counts what a settlement takes beyond the limits. */
  readonly overdraftBucket: UsageBucket
}

/** Count the true amount, up to what is held plus the overdraft; the rest goes back to where it came from, last drawn first. */
export interface SettleOperation {
  readonly verb: 'settle'
  readonly customer: string
  readonly feature: string
  readonly reservation: string
  /** An integer from 0. */
  readonly amount: number
}

/** What a release undoes: a keyed consumption, a reservation, or the draws of a consumption without a key. */
export type ReleaseTarget =
  | { readonly by: 'key'; readonly key: string }
  | { readonly by: 'reservation'; readonly reservation: string }
  | { readonly by: 'drawn'; readonly drawn: readonly Draw[] }

/**
 * Give back, to the buckets that paid. No gate is refunded. A released key is forgotten: the same key counts anew. Draws
 * are given back all or not at all.
 */
export interface ReleaseOperation {
  readonly verb: 'release'
  readonly customer: string
  readonly feature: string
  readonly target: ReleaseTarget
}

/** One question to the store, answered by a {@link UsageOutcome}. */
export type UsageOperation = ConsumeOperation | ReserveOperation | SettleOperation | ReleaseOperation

/** A gate's counter after the operation. */
export interface UsageGateState {
  readonly id: string
  readonly remaining: number
  readonly resetsAt: Instant
}

interface Seen {
  /** The store's clock. */
  readonly now: Instant
  /** One entry for each bucket that was asked about, in the order asked. */
  readonly buckets: readonly BucketState[]
  readonly gates: readonly UsageGateState[]
}

/**
 * What became of an operation. A refusal stored nothing and burnt nothing, gates included.
 *
 * - `taken`: counted or held. `repeated` says that it was before, under the same key; then `drawn` is the first answer's.
 * - `refused`: `by` names the first that said no; `retryAt` is when the last closed gate opens (`null` for buckets).
 * - `stale`: the version is not the marker's, or there is no marker, or `now` is outside the caller's interval.
 * - `conflict`: the key was used for another feature, amount or verb, or the reservation's id was used before.
 * - `ended`: settled or released; `amount` is what was counted in the end, `drawn` what was counted or given back.
 *   `repeated` says that the same was done before: released again, or settled again with the same amount.
 * - `over`: a settlement above what is held plus the overdraft; nothing was changed.
 * - `unknown`: the feature has no such reservation, key or draw: it never was, or it has ended another way (`as`). The
 *   end of a reservation is remembered for a day.
 * - `failed`: the part of the call that this operation travelled in failed, and the others did not: another slot of a
 *   cluster, another customer's object. As with a call that throws, the operation may or may not have happened.
 */
export type UsageOutcome =
  | (Seen & {
      readonly kind: 'taken'
      readonly repeated: boolean
      readonly drawn: readonly Draw[]
      readonly keyUntil: Instant | null
      readonly reservation: string | null
      readonly expiresAt: Instant | null
    })
  | (Seen & { readonly kind: 'refused'; readonly by: 'gate' | 'bucket'; readonly retryAt: Instant | null })
  | { readonly kind: 'stale'; readonly now: Instant; readonly marker: number | null }
  | (Seen & { readonly kind: 'conflict' })
  | { readonly kind: 'ended'; readonly now: Instant; readonly amount: number; readonly repeated: boolean; readonly drawn: readonly Draw[] }
  | { readonly kind: 'over'; readonly now: Instant; readonly most: number }
  | { readonly kind: 'unknown'; readonly now: Instant; readonly as: 'settled' | 'released' | 'expired' | null }
  | { readonly kind: 'failed'; readonly error: FareboxError }

/** What to read of one feature. */
export interface UsageQuery {
  readonly customer: string
  readonly feature: string
  readonly buckets: readonly string[]
  readonly gates: readonly Gate[]
}

/** What {@link UsageStore.read} tells of a feature. `marker`: the customer's, `null` where there is none. */
export interface UsageReading extends Seen {
  readonly marker: number | null
}

/** Usage of a past or present period: the counters whose name holds the period's start. */
export interface UsageHistoryEntry {
  readonly bucket: string
  readonly used: number
}

/** How many of each were dropped. */
export interface UsageSweep {
  readonly reservations: number
  readonly keys: number
  readonly counters: number
  readonly markers: number
}

/** What a store of this process keeps of one customer, with room for a note of its caller. */
export interface UsagePlace {
  /** The number of the note that a caller keeps of this customer; -1 where there is none. */
  note: number
}

/** The name of a counter that nothing stands beside. Never changes once it was handed over. */
export interface PlainCounter {
  readonly feature: string
  readonly bucket: UsageBucket
}

/** All of a consume operation that stays the same from call to call, where it has one bucket and no gate. */
export interface PlainTake {
  readonly counter: PlainCounter
  readonly freshness: Freshness
}

/**
 * - `taken`, `refused`: as of `execute`; `used` and `reserved` are the counter's now.
 * - `unanswered`: nothing was done, and `execute` has to be asked: the question is stale, the key is known, or the counter is new.
 */
export type PlainOutcome = 'taken' | 'refused' | 'unanswered'

/**
 * The short way into a store that lives in this process, for questions that were checked when they were made: the same
 * answers as `execute` gives, without the objects that would carry question and answer. It hangs on `execute` itself, so
 * that whoever puts something in the place of `execute` has not left a way around it.
 */
export interface DirectUsage {
  find(customer: string): UsagePlace | undefined
  /** A number for a note that nobody who uses this store has been given. */
  nextNote(): number
  /** What the counter of the last {@link DirectUsage.count} stands at. */
  readonly used: number
  readonly reserved: number
  /** Until when it remembers the key; `null` where none was given. */
  readonly keyUntil: Instant | null
  /** Counts `amount`, an integer from 1 to 2^53 - 1, if the counter holds it. A key that is known is not answered. */
  count(place: UsagePlace, take: PlainTake, amount: number, key: string | null, keyFor: Milliseconds): PlainOutcome
  /** As `execute` of one operation, which is not checked again; `undefined` where only `execute` can answer, and nothing was done. */
  consume(operation: ConsumeOperation): UsageOutcome | undefined
}

/** A store that lives in this process may answer at once, without a promise, and offer a shorter way. */
export interface Execute {
  (operations: readonly UsageOperation[]): readonly UsageOutcome[] | Promise<readonly UsageOutcome[]>
  readonly direct?: DirectUsage
}

/**
 * Counts usage, atomically. Each operation is one indivisible step, independent of its neighbours in the array; outcomes
 * come in the order of the operations. The checks come in this order: key, version and interval, gates, buckets. A
 * repeated key answers the first allowed outcome, never `stale`; keys are the customer's own. Expired reservations end by
 * themselves in the call that meets them, and one that is given back frees its key. The store's clock decides; at the
 * instant of an end it is over. Markers only ever rise, and expire 15 minutes after they were last asked for at their own
 * version or a later one: so one that no record bears out, after a change that failed halfway, is gone in time. A bucket is named once in an
 * operation; one without a limit counts up to 2^53 - 1.
 *
 * @throws FareboxError `invalid-request` before anything of the call is written, where an operation would corrupt a count.
 * A store whose calls go to several places at once answers what it can, and `failed` for the rest; where nothing could be
 * answered, it throws.
 *
 * @throws FareboxError `unavailable` when the store cannot answer; then the operation may or may not have happened.
 */
export interface UsageStore {
  readonly label: StoreLabel
  readonly execute: Execute
  /**
   * How many calls are quicker side by side than one after the other, because they are sent on while an answer is awaited;
   * 1 unless said otherwise. Calls that are made in an order are carried out in it.
   */
  readonly lanes?: number
  /** Counters that do not exist read as zero. */
  read(queries: readonly UsageQuery[]): Promise<readonly UsageReading[]>
  /**
   * What was counted in usage periods that start in `[from, to)`: the counters `allowance:<start>`, `overage:<start>` and
   * `overdraft:<start>` that are above zero, oldest first.
   */
  history(request: {
    readonly customer: string
    readonly feature: string
    readonly from: Instant
    readonly to: Instant
  }): Promise<readonly UsageHistoryEntry[]>
  /** Sets the customer's marker to `version`, or leaves it where it is higher. */
  raiseVersion(customer: string, version: number): Promise<void>
  /** Drops what has expired, a bounded amount at a time. Never needed for correctness. */
  sweep(): Promise<UsageSweep>
  /** Erases everything of a customer. */
  forget(customer: string): Promise<void>
  /**
   * What about the server's configuration breaks the label, one sentence each, with what to do about it. Asked once, when a
   * farebox that has a logger starts, and told to it.
   */
  inspect?(): Promise<readonly string[]>
}
