import { type Instant, day, second } from '../../domain/instant.ts'
import type { UsageHistoryEntry, UsageOperation, UsageOutcome, UsageSweep } from '../../ports/usage-store.ts'
import { WorkingSet } from '../../storage/rows/working-set.ts'
import { ObjectRows } from './object-rows.ts'
import type { ObjectState, ObjectStorage } from './object-storage.ts'
import type { UsageMessage } from './usage-question.ts'

/** Rows looked at on the way of each operation that writes, so that what is over does not pile up. */
const lookedAtPerOperation = 2

/** An object that nobody asks any more looks at itself when something is over, at most once a day and at least this often. */
const longestSleep = 90 * day

/**
 * The object that counts one customer's usage, next to its own SQLite storage. An app exports this class from its Worker
 * and binds it (`new_sqlite_classes`); `durableObjectStore` asks it. Each call is one turn of the object and one
 * transaction of its storage, so it is indivisible; its answer leaves once the storage is durable.
 *
 * The alarm is for what nobody asks for any more: it drops what is over, part by part, and erases the object when nothing is left.
 * No answer depends on it.
 *
 * @example
 * ```ts
 * export { FareboxUsage } from '@farebox/core/drivers/durable-object'
 * ```
 */
export class FareboxUsage {
  private readonly storage: ObjectStorage
  private readonly rows: ObjectRows
  private hasAlarm = false

  /** @param state The object's `ctx`, as workerd gives it. */
  constructor(state: ObjectState, _environment?: unknown) {
    this.storage = state.storage
    this.rows = new ObjectRows(state.storage)
  }

  /** Answers a question of `durableObjectStore`. Only a Worker with the binding reaches an object, nobody from outside. */
  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    // The store beside this class is the only one that asks, and sends this shape.
    const message = (await request.json()) as UsageMessage
    return Response.json(await this.answer(message))
  }

  /** Called by workerd. Drops what is over, and erases the object when nothing is left. */
  async alarm(): Promise<void> {
    const now = Date.now()
    this.hasAlarm = false
    const { isAll } = this.sweep(now)
    if (!isAll) await this.storage.setAlarm(now + second)
    else if (this.rows.isEmpty()) await this.erase()
    else await this.wakeLater(Math.min(this.rows.firstEnd() ?? Number.POSITIVE_INFINITY, now + longestSleep))
  }

  private async answer({ customer, now: given, question }: UsageMessage): Promise<unknown> {
    const now = given ?? Date.now()
    switch (question.verb) {
      case 'execute': {
        const outcomes = this.execute(customer, question.operations, now)
        await this.wakeLater(now)
        return outcomes
      }
      case 'read': {
        const set = new WorkingSet(now)
        set.askReadings(question.queries)
        this.rows.load(set, customer)
        return set.read()
      }
      case 'history':
        return this.history(customer, question, now)
      case 'raiseVersion': {
        this.raiseVersion(customer, question.version, now)
        await this.wakeLater(now)
        return null
      }
      case 'sweep':
        return this.sweep(now).swept
      case 'forget':
        await this.erase()
        return null
      default:
        return question satisfies never
    }
  }

  private execute(customer: string, operations: readonly UsageOperation[], now: Instant): readonly UsageOutcome[] {
    const set = new WorkingSet(now)
    set.ask(operations)
    this.rows.load(set, customer)
    const outcomes = set.run()
    const changes = set.changes()
    if (changes.documents.length === 0) return outcomes
    this.inTransaction(() => {
      this.rows.write(changes)
      this.rows.dropSome(now, lookedAtPerOperation * operations.length)
    })
    return outcomes
  }

  private history(
    customer: string,
    { feature, from, to }: { readonly feature: string; readonly from: Instant; readonly to: Instant },
    now: Instant,
  ): readonly UsageHistoryEntry[] {
    const set = new WorkingSet(now)
    set.touch(customer)
    this.rows.load(set, customer)
    return set.history(customer, feature, { from, to }, this.rows.countersOf(feature))
  }

  private raiseVersion(customer: string, version: number, now: Instant): void {
    const set = new WorkingSet(now)
    set.touch(customer)
    this.rows.load(set, customer)
    set.raise(customer, version)
    this.inTransaction(() => this.rows.write(set.changes()))
  }

  private sweep(now: Instant): { readonly swept: UsageSweep; readonly isAll: boolean } {
    const set = new WorkingSet(now)
    // No row names the customer, and a sweep answers no one.
    const anyone = 'customer'
    set.touch(anyone)
    this.rows.load(set, anyone)
    const swept = set.sweep()
    return this.inTransaction(() => {
      this.rows.write(set.changes())
      const { keys, counters, isAll } = this.rows.dropOver(now)
      return { swept: { ...swept, keys, counters: swept.counters + counters }, isAll }
    })
  }

  /** All of the work or nothing; after a failure the rows are asked anew what is there. */
  private inTransaction<Answer>(work: () => Answer): Answer {
    try {
      return this.storage.transactionSync(work)
    } catch (error) {
      this.rows.forgetTable()
      throw error
    }
  }

  private async erase(): Promise<void> {
    this.rows.forgetTable()
    this.hasAlarm = false
    await this.storage.deleteAll()
  }

  /** Sets the alarm for an object that keeps anything, a day from now or later, unless it is set. */
  private async wakeLater(at: Instant): Promise<void> {
    if (this.hasAlarm || !this.rows.exist()) return
    if ((await this.storage.getAlarm()) === null) await this.storage.setAlarm(Math.max(at, Date.now() + day))
    this.hasAlarm = true
  }
}
