import type { Instant } from '../../domain/instant.ts'
import type { UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../../storage/counting/customer-usage.ts'
import type { KeyedOutcome } from '../../storage/counting/feature-usage.ts'
import { runOperation } from '../../storage/counting/run-operation.ts'
import type { UsageState } from '../../storage/counting/usage-state.ts'
import type { KeyChange } from '../../storage/rows/row-changes.ts'
import { encodeKeyed } from '../../storage/rows/row-text.ts'
import { encodeDocument } from '../../storage/rows/usage-document.ts'
import type { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Command } from './connection.ts'
import { isBusy, toFareboxError } from './failure.ts'
import type { SyncConnection } from './sync-connection.ts'
import { addKeys, updateDocuments } from './usage-statements.ts'

/** How many customers' documents are kept at hand. */
const mostKnown = 20_000

/** A document as this process has left it. */
interface KnownDocument {
  readonly customer: string
  readonly usage: CustomerUsage
  readonly row: number
  revision: number
  /** The call that touched it last. */
  call: number
}

/** Somebody else wrote a document or a key meanwhile. */
const outdated = new Error('A document was written by somebody else')

/**
 * Counts without asking first, where the documents are those that this process has left: the write of each says which
 * revision it found, and where one of them has another by now, nothing is written and the call asks. Every rule about a
 * customer's rows is in the revision, so an answer that comes with a write is right; one that would come without any,
 * such as a refusal, is not given here.
 */
export class QuickCounting {
  private readonly connection: SyncConnection
  private readonly state: UsageState = { customers: new Map(), created: 0 }
  private readonly known = new Map<string, KnownDocument>()
  private calls = 0

  constructor(connection: SyncConnection) {
    this.connection = connection
  }

  /** Keeps what a call has read and written. */
  learn(set: WorkingSet): void {
    for (const { loaded, usage } of set.simple()) {
      if (loaded.text === null) continue
      if (usage.keys !== undefined) usage.keys = undefined
      this.forget(loaded.id)
      this.known.set(loaded.id, { customer: loaded.id, usage, row: loaded.row, revision: loaded.revision, call: 0 })
      this.state.customers.set(loaded.id, usage)
    }
    for (const customer of this.known.keys()) {
      if (this.known.size <= mostKnown) return
      this.forget(customer)
    }
  }

  /** The outcomes, counted and committed; `undefined` where nothing happened and the call has to ask. */
  count(operations: readonly UsageOperation[], now: Instant): readonly UsageOutcome[] | undefined {
    const touched = this.touch(operations)
    if (touched === undefined) return undefined
    let isCounted = false
    try {
      const outcomes = this.run(operations, touched, now)
      isCounted = outcomes !== undefined
      return outcomes
    } catch (error) {
      if (error === outdated || isBusy(error)) return undefined
      throw toFareboxError(error)
    } finally {
      if (!isCounted) for (const { customer } of touched) this.forget(customer)
    }
  }

  private touch(operations: readonly UsageOperation[]): readonly KnownDocument[] | undefined {
    this.calls += 1
    const touched: KnownDocument[] = []
    for (const { verb, customer } of operations) {
      const known = verb === 'consume' ? this.known.get(customer) : undefined
      if (known === undefined) return undefined
      if (known.call === this.calls) continue
      known.call = this.calls
      touched.push(known)
    }
    return touched
  }

  private run(operations: readonly UsageOperation[], touched: readonly KnownDocument[], now: Instant): readonly UsageOutcome[] | undefined {
    const before = this.state.created
    const outcomes: UsageOutcome[] = []
    const keys: KeyChange[] = []
    for (const operation of operations) {
      const outcome = runOperation(this.state, operation, now)
      if (outcome.kind !== 'taken') return undefined
      outcomes.push(outcome)
      if (operation.verb === 'consume' && operation.key !== null && !outcome.repeated) keys.push(this.keyChange(operation.customer, operation.key))
    }
    // A counter that is new moves others out of the document.
    if (this.state.created - before !== keys.length) return undefined
    this.write(touched, keys, now)
    return outcomes
  }

  /** What is remembered under a key that was just counted; the document's customer goes on without it. */
  private keyChange(customer: string, key: string): KeyChange {
    const outcome: KeyedOutcome | undefined = this.state.customers.get(customer)?.keys?.get(key)
    if (outcome === undefined) throw outdated
    return { customer, key, text: encodeKeyed(outcome), until: outcome.until }
  }

  private write(touched: readonly KnownDocument[], keys: readonly KeyChange[], now: Instant): void {
    const rows = touched.map(({ row, usage, revision }) => [row, encodeDocument(usage, undefined, now), revision + 1] as const)
    const commands = [...updateDocuments(rows), ...addKeys(keys)]
    const [only] = commands
    if (only !== undefined && rows.length + keys.length === 1) {
      // One statement is a transaction of its own.
      this.connection.checkOutside()
      this.writeAll(commands, 1)
    } else {
      this.connection.transact('begin immediate', () => this.writeAll(commands, rows.length + keys.length))
    }
    for (const document of touched) {
      document.revision += 1
      if (document.usage.keys !== undefined) document.usage.keys = undefined
    }
  }

  /** @throws {@link outdated} unless all rows were written. */
  private writeAll(commands: readonly Command[], rows: number): void {
    let written = 0
    for (const { sql, values } of commands) written += this.connection.change(sql, values)
    if (written !== rows) throw outdated
  }

  private forget(customer: string): void {
    this.known.delete(customer)
    this.state.customers.delete(customer)
  }
}
