import type { Instant } from '../../domain/instant.ts'
import type { UsageHistoryEntry, UsageOperation, UsageOutcome, UsageQuery, UsageReading } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../counting/customer-usage.ts'
import { ensureCustomer } from '../counting/ensure-customer.ts'
import { featureAt } from '../counting/reservation.ts'
import { runOperation } from '../counting/run-operation.ts'
import { markerAt, raiseMarker } from '../counting/marker.ts'
import { type UsageState, bucketStateOf, ensureFeature, gateStatesOf } from '../counting/usage-state.ts'
import { gatherFollowing, gatherNamed, gatherTouched } from './gather-needs.ts'
import { LoadedCustomer } from './loaded-customer.ts'
import { periodStartOf } from './period-bucket.ts'
import { ChangesList, type RowChanges } from './row-changes.ts'
import { NeedsList, type RowNeeds } from './row-needs.ts'
import { decodeKeyed, decodeReservation } from './row-text.ts'
import { type SweptUsage, sweepUsage } from './sweep-usage.ts'
import { decodeDocument } from './usage-document.ts'

/**
 * The rows that one call is about, as the counters of `storage/counting`. A driver says what the call asks for, fetches
 * what `needs()` names until nothing is missing, runs the call, and writes `changes()`, all of them or none:
 *
 * ```
 * const set = new WorkingSet(now)
 * set.ask(operations)
 * for (let needs = set.needs(); needs !== undefined; needs = set.needs()) fetch rows, set.addDocument(...), set.addKey(...)
 * const outcomes = set.run()
 * write set.changes()
 * ```
 *
 * It is exact where nobody else writes the rows of these customers between the first fetch and the write: under a lock, or
 * where the write finds every document at the revision it was fetched with and is tried anew otherwise.
 */
export class WorkingSet {
  private readonly now: Instant
  private readonly state: UsageState = { customers: new Map(), created: 0 }
  private readonly loaded = new Map<string, LoadedCustomer>()
  private operations: readonly UsageOperation[] = []
  private queries: readonly UsageQuery[] = []
  private gathered = new NeedsList()
  /** Rows came that may call for others. */
  private mayNeedMore = false

  constructor(now: Instant) {
    this.now = now
  }

  /** The operations of the call, which are checked by `checkOperation` before. */
  ask(operations: readonly UsageOperation[]): void {
    this.operations = operations
    for (const operation of operations) gatherNamed(this.gathered, this.touch(operation.customer), operation)
  }

  askReadings(queries: readonly UsageQuery[]): void {
    this.queries = queries
    for (const { customer } of queries) this.touch(customer)
  }

  /** A customer whose document is needed for its own sake. */
  touch(id: string): LoadedCustomer {
    const known = this.loaded.get(id)
    if (known !== undefined) return known
    const customer = new LoadedCustomer(id)
    this.loaded.set(id, customer)
    this.gathered.documents.push(id)
    return customer
  }

  /** What is to be fetched next; `undefined` when nothing is missing. Each name is told once. */
  needs(): RowNeeds | undefined {
    if (this.mayNeedMore) this.gatherMore()
    const { gathered } = this
    if (gathered.isEmpty()) return undefined
    this.gathered = new NeedsList()
    return gathered
  }

  /**
   * A document that was found. `row` is where the driver keeps it, if that helps to write it.
   *
   * @throws FareboxError `unavailable` (`corrupt-row`), as all that add a row.
   */
  addDocument(customer: string, text: string, revision: number, row = 0): void {
    const loaded = this.touch(customer)
    loaded.text = text
    loaded.revision = revision
    loaded.row = row
    loaded.notes = decodeDocument(text, ensureCustomer(this.state, customer))
    if (loaded.notes.archived !== undefined || loaded.notes.expiries !== undefined) this.mayNeedMore = true
  }

  addKey(customer: string, key: string, text: string, until: Instant): void {
    const outcome = decodeKeyed(text, until)
    this.touch(customer).keys?.set(key, outcome)
    const usage = ensureCustomer(this.state, customer)
    usage.keys ??= new Map()
    usage.keys.set(key, outcome)
    this.mayNeedMore = true
  }

  addReservation(customer: string, feature: string, id: string, text: string, at: Instant): void {
    const reservation = decodeReservation(text, at)
    const loaded = this.touch(customer)
    const known = loaded.reservationsOf(feature)
    // One that was named and is due is fetched twice.
    if (known.get(id) !== undefined) return
    known.set(id, reservation)
    const usage = ensureFeature(ensureCustomer(this.state, customer), feature)
    if ('as' in reservation) usage.ended = (usage.ended ?? new Map<string, typeof reservation>()).set(id, reservation)
    else usage.held = (usage.held ?? new Map<string, typeof reservation>()).set(id, reservation)
    this.mayNeedMore = true
  }

  addCounter(customer: string, feature: string, bucket: string, used: number, keepUntil: Instant | null): void {
    this.touch(customer).apart?.get(feature)?.set(bucket, true)
    const { counters } = ensureFeature(ensureCustomer(this.state, customer), feature)
    if (counters.find(bucket) === undefined) counters.add(bucket, { used, reserved: 0, keepUntil: keepUntil ?? Number.POSITIVE_INFINITY })
  }

  /** The outcomes of all operations, in their order. */
  run(): readonly UsageOutcome[] {
    return this.operations.map((operation) => runOperation(this.state, operation, this.now))
  }

  /** The answers to all queries. Reservations that are due count as ended; that is written by a call that may write. */
  read(): readonly UsageReading[] {
    return this.queries.map((query) => {
      const customer = this.state.customers.get(query.customer)
      const feature = featureAt(customer, query.feature, this.now)
      return {
        now: this.now,
        marker: markerAt(customer, this.now),
        buckets: query.buckets.map((id) => bucketStateOf(feature, id)),
        gates: gateStatesOf(feature, query.gates, this.now),
      }
    })
  }

  /** As `UsageStore.history`, of a customer who was touched. `archived` are the feature's counters that have rows. */
  history(
    customer: string,
    name: string,
    span: { readonly from: Instant; readonly to: Instant },
    archived: Iterable<readonly [bucket: string, used: number]>,
  ): readonly UsageHistoryEntry[] {
    const feature = featureAt(this.state.customers.get(customer), name, this.now)
    const used = new Map(archived)
    for (const [bucket, counter] of feature?.counters.entries() ?? []) used.set(bucket, counter.used)
    return [...used]
      .map(([bucket, amount]) => ({ bucket, used: amount, start: periodStartOf(bucket) }))
      .filter(({ used: amount, start }) => amount > 0 && start !== null && start >= span.from && start < span.to)
      .toSorted((first, second) => (first.start ?? 0) - (second.start ?? 0))
      .map(({ bucket, used: amount }) => ({ bucket, used: amount }))
  }

  /** Sets the marker of a customer who was touched, or leaves it where it is higher. */
  raise(customer: string, version: number): void {
    raiseMarker(ensureCustomer(this.state, customer), version, this.now)
  }

  /** Drops what is over from the documents of all customers who were touched. */
  sweep(): SweptUsage {
    const swept: SweptUsage = { reservations: 0, counters: 0, markers: 0 }
    for (const { id, notes } of this.loaded.values()) {
      const usage = this.state.customers.get(id)
      if (usage !== undefined) sweepUsage(swept, usage, notes.archived, this.now)
    }
    return swept
  }

  /** Everything that is different now. */
  changes(): RowChanges {
    const changes = new ChangesList()
    for (const customer of this.loaded.values()) {
      const usage = this.state.customers.get(customer.id)
      if (usage !== undefined) customer.addChanges(changes, usage, this.operations, this.now)
    }
    return changes
  }

  /** Says where the driver keeps a document that it has just written for the first time. */
  place(customer: string, row: number): void {
    this.touch(customer).row = row
  }

  /** Customers of whom the document said all that was asked: nothing due, apart or reserved. Their counters as the changes leave them. */
  *simple(): Generator<{ readonly loaded: LoadedCustomer; readonly usage: CustomerUsage }> {
    for (const loaded of this.loaded.values()) {
      const usage = this.state.customers.get(loaded.id)
      const { notes, reservations, due, apart, row } = loaded
      const isSimple = (notes.expiries ?? reservations ?? due ?? apart) === undefined
      if (usage !== undefined && isSimple && row > 0) yield { loaded, usage }
    }
  }

  private gatherMore(): void {
    this.mayNeedMore = false
    const { gathered, loaded, now } = this
    for (const customer of loaded.values()) gatherFollowing(gathered, customer, this.state.customers.get(customer.id), now)
    for (const operation of this.operations) {
      gatherTouched(gathered, this.touch(operation.customer), operation, this.state.customers.get(operation.customer))
    }
    for (const { customer, feature, buckets } of this.queries) {
      const known = this.touch(customer)
      if (known.notes.archived?.has(feature) !== true) continue
      for (const bucket of buckets) known.needCounter(gathered, feature, bucket, this.state.customers.get(customer))
    }
  }
}
