import type { Grant, Override } from '../domain/grant.ts'
import type { Instant } from '../domain/instant.ts'
import type { Subscription } from '../domain/subscription.ts'
import type { ChangeIntent, PaymentIntent, PaymentStep, StepOutcome } from './payments.ts'
import type { StoreLabel } from './usage-store.ts'

/** Who pays. One row a customer; its id is the customer's own id. */
export interface CustomerRow {
  /** The entitlement version. */
  readonly version: number
  /** Whole seconds. */
  readonly createdAt: Instant
  /** Stripe's id of this customer, once there is one. */
  readonly paymentCustomer: string | null
  readonly email: string | null
  /** The e-mail address in small letters, by which the customer is found. Absent without one, `null` for one that is too long. */
  readonly emailKey?: string | null
  readonly name: string | null
  /** The plan that handlers were last told of. */
  readonly plan: string
  /**
   * When what the customer is entitled to changes by itself, or handlers are to be reminded of something, as this version
   * knows it: then a sweep makes the next one.
   */
  readonly changesAt: Instant | null
  /**
   * How often what the payment service says was stored. A reading is stored only if this is what it was before it was read:
   * so whoever commits has read later than everybody who committed before.
   */
  readonly converged: number
  readonly convergedAt: Instant | null
  /** When a reading last showed that something else is paid for than before: another price or quantity, or a pause that began or ended. Absent where none did. */
  readonly repricedAt?: Instant
  /**
   * How many seats of each feature are held, as many as there are rows of them. Who takes or gives back a seat writes this, so
   * no two do at once, nor does one while what the customer is entitled to changes. Absent where nobody ever held one.
   */
  readonly seats?: Readonly<Record<string, number>>
  /** How often, and when last, what was bought once was read and stored along. */
  readonly purchaseReads?: number
  readonly purchasesReadAt?: Instant
}

/** The open checkout of a customer, so that two clicks share one session. */
export interface CheckoutRow {
  /** Names the attempt; Stripe's idempotency key is derived from it. */
  readonly operation: string
  readonly plan: string
  readonly interval: string
  readonly quantity: number
  readonly currency: string | null
  readonly promotionCode: string | null
  readonly session: string | null
  readonly url: string | null
  readonly expiresAt: Instant | null
}

/**
 * An intent that takes several writes to Stripe, stored before the first of them. There is one at most, so an open one is
 * the customer's lock: whoever meets it finishes it. What is planned and what each step came to is stored, so that
 * everybody makes the same writes under the same keys.
 */
export interface OperationRow {
  /** Names the operation; Stripe's idempotency keys are derived from it. */
  readonly operation: string
  readonly subscription: string
  readonly intent: PaymentIntent
  readonly steps: readonly PaymentStep[]
  /** Of the first steps; as many as are done. */
  readonly outcomes: readonly StepOutcome[]
  /**
   * `abandoned`: nothing came of it. `waiting`: it takes effect with a payment; what it put aside for that is kept, and what is left
   * of its steps follows the payment; it is no lock. `lapsed`: that payment never came, or Stripe refused it, so that what it put aside is to come back.
   */
  readonly state: 'open' | 'done' | 'refused' | 'abandoned' | 'waiting' | 'lapsed'
  /** What was scheduled before and had to make way; of what is planned again with discounts of its own, the same without them. */
  readonly putAside?: PutAsideChange
  /** An error code, never a message from outside. */
  readonly failure: string | null
  readonly createdAt: Instant
  /** From when on a sweep finishes it; `null` once it is over. */
  readonly dueAt: Instant | null
}

/** A scheduled change that made way for one that has to be paid first, and of which price and quantity it was scheduled. */
export interface PutAsideChange {
  readonly intent: ChangeIntent
  readonly price: string
  readonly quantity: number
  /** The step that is to be paid, where that is one of an operation before. */
  readonly awaits?: PaymentStep
}

/** The one trial of a customer's life. It outlives the subscription that it was of. */
export interface TrialRow {
  readonly plan: string | null
  readonly subscription: string
  readonly startedAt: Instant
  readonly endsAt: Instant
}

/** A fact that handlers were told of, named by its id, so that none is told twice however often it is read. */
export interface ReminderRow {
  readonly event: string
  readonly toldAt: Instant
}

/** A seat that somebody holds until it is given back. One row for each feature and member. */
export interface SeatRow {
  readonly feature: string
  readonly member: string
  readonly since: Instant
}

/** How often a customer may have Stripe asked over HTTP: the state of a gate, in microseconds. */
export interface CooldownRow {
  readonly state: number
}

/** A Stripe event that was done, or failed. Rows are kept 35 days, longer where they were put aside. */
export interface InboxRow {
  readonly type: string
  readonly state: 'done' | 'failed' | 'parked'
  /** How often in a row it failed in the same way. */
  readonly attempts: number
  /** How often in a row a worker began with it of whom nothing was heard since, and when the last one did; absent where none did. */
  readonly begun?: number
  readonly begunAt?: Instant
  /** When a sweep last heard nothing from Stripe about it: others go first. */
  readonly sweptAt?: Instant
  readonly outcome: 'applied' | 'superseded' | 'ignored' | null
  /** An error code, never a message from outside. */
  readonly failure: string | null
  readonly receivedAt: Instant
  /** What it names in Stripe, where it failed before it was known whose that is. */
  readonly about?: string
  /** `null` until it is done: what failed, or was put aside, is not forgotten. */
  readonly keepUntil: Instant | null
}

/**
 * Something that must happen after a commit. Rows of state carry no payload and send the latest; rows of fact keep
 * theirs. Order holds per customer and destination, by `sequence`.
 */
export interface OutboxRow {
  readonly destination: string
  readonly sequence: number
  readonly payload: Readonly<Record<string, unknown>> | null
  readonly attempts: number
  readonly dueAt: Instant
  readonly fencing: number
  readonly failure: string | null
}

/** Who changed what a customer is entitled to, written in the same commit as the change. Kept 400 days. */
export interface AuditRow {
  readonly at: Instant
  /** Who asked for it; `null` where the app's own code did and named nobody. */
  readonly actor: string | null
  readonly action: 'grant' | 'void-grant' | 'override' | 'end-override'
  /** What was changed; instants are ISO 8601. */
  readonly detail: Readonly<Record<string, string | number | null>>
  readonly keepUntil: Instant
}

/** Each declared collection and the shape of its rows. A new collection is a migration, not driver code. */
export interface RecordCollections {
  readonly customers: CustomerRow
  readonly subscriptions: Subscription
  readonly grants: Grant
  readonly overrides: Override
  readonly checkouts: CheckoutRow
  readonly operations: OperationRow
  readonly trials: TrialRow
  readonly reminders: ReminderRow
  readonly seats: SeatRow
  readonly cooldowns: CooldownRow
  readonly audit: AuditRow
  readonly inbox: InboxRow
  readonly outbox: OutboxRow
}

/** The name of a declared collection. */
export type CollectionName = keyof RecordCollections

/** The fields by which rows can be found across customers. */
export interface RecordIndexes {
  readonly customers: 'paymentCustomer' | 'createdAt' | 'changesAt' | 'emailKey'
  readonly subscriptions: never
  readonly grants: never
  readonly overrides: never
  readonly checkouts: never
  readonly operations: 'dueAt'
  readonly trials: never
  readonly reminders: never
  readonly seats: never
  readonly cooldowns: never
  readonly audit: 'keepUntil'
  readonly inbox: 'state' | 'keepUntil'
  readonly outbox: 'dueAt'
}

/** {@link RecordIndexes} as data, for drivers. */
export const recordIndexes: { readonly [Name in CollectionName]: readonly RecordIndexes[Name][] } = {
  customers: ['paymentCustomer', 'createdAt', 'changesAt', 'emailKey'],
  subscriptions: [],
  grants: [],
  overrides: [],
  checkouts: [],
  operations: ['dueAt'],
  trials: [],
  reminders: [],
  seats: [],
  cooldowns: [],
  audit: ['keepUntil'],
  inbox: ['state', 'keepUntil'],
  outbox: ['dueAt'],
}

/** A stored row. `revision` starts at 1 and grows by one with each write. */
export interface RecordEntry<Name extends CollectionName> {
  readonly customer: string
  readonly id: string
  readonly revision: number
  readonly value: RecordCollections[Name]
}

/** Which rows of a collection are read: all of them where it is not named. */
export type RowIds = { readonly [Name in CollectionName]?: readonly string[] }

/** All rows of a customer in the collections that were asked for, read in one moment. */
export interface RecordReading<Name extends CollectionName> {
  /** The store's clock. */
  readonly now: Instant
  readonly rows: { readonly [Key in Name]: readonly RecordEntry<Key>[] }
}

/** One write. `expect` is the row's revision, or 0 for "not there"; without it the write is unconditional. */
export type RecordWrite = {
  [Name in CollectionName]: {
    readonly collection: Name
    readonly id: string
    readonly expect?: number
    /** `null` deletes the row. */
    readonly value: RecordCollections[Name] | null
  }
}[CollectionName]

/** `conflict` names a row that is not as it was expected; then nothing was written. */
export type CommitOutcome =
  | { readonly kind: 'committed'; readonly now: Instant }
  | { readonly kind: 'conflict'; readonly collection: CollectionName; readonly id: string }

/** Where a row stands in an index. */
export interface RecordPlace {
  /** The indexed value. */
  readonly value: string | number
  readonly customer: string
  readonly id: string
}

/**
 * Rows of any customer, by a declared index, in ascending order of the indexed value. Rows of the same value come in an
 * order of the store's own, which stays the same.
 */
export interface RecordQuery<Name extends CollectionName> {
  readonly collection: Name
  readonly index: RecordIndexes[Name]
  readonly where: { readonly equals: string | number } | { readonly atMost: number }
  /** Only rows behind this place, whether there is still a row or not: for reading on page by page. */
  readonly after?: RecordPlace
  /** At most 1,000. */
  readonly limit: number
}

/**
 * Keeps what must not be lost. A commit writes all of its rows or none, and only if every expectation holds; it is
 * durable once it answers. Writes apply in their order: a row written twice is expected as the first write left it. Rows
 * are plain JSON values and come back equal, frozen or copied: never shared with a caller. Row ids are unique within
 * customer and collection. A row whose indexed value is `null` is in no index.
 *
 * @throws FareboxError `invalid-request` before anything is written, for unknown names and for what JSON cannot carry.
 * @throws FareboxError `unavailable` when the store cannot answer; then a commit may or may not have happened.
 */
export interface RecordStore {
  readonly label: StoreLabel
  /**
   * A store that lives in this process may answer at once, without a promise; so may `commit`. Of collections named in
   * `only`, rows of these ids alone.
   */
  load<Name extends CollectionName>(
    customer: string,
    collections: readonly Name[],
    only?: RowIds,
  ): RecordReading<Name> | Promise<RecordReading<Name>>
  commit(customer: string, writes: readonly RecordWrite[]): CommitOutcome | Promise<CommitOutcome>
  find<Name extends CollectionName>(query: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]>
  /** Erases every row of a customer. */
  forget(customer: string): Promise<void>
}
