import type { Draw } from '../../domain/decision.ts'
import type { Instant } from '../../domain/instant.ts'
import type { UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../../storage/counting/customer-usage.ts'
import { runOperation } from '../../storage/counting/run-operation.ts'
import type { UsageState } from '../../storage/counting/usage-state.ts'
import { escapeName } from '../../storage/rows/names.ts'
import { encodeKeyed } from '../../storage/rows/row-text.ts'
import { encodeDocument } from '../../storage/rows/usage-document.ts'
import type { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Value } from './client.ts'
import type { Command } from './connection.ts'
import { isBusy, toFareboxError } from './failure.ts'
import type { SyncConnection } from './sync-connection.ts'
import { addKeys, updateDocument, updateDocuments } from './usage-statements.ts'

/** How many customers' documents are kept at hand. */
const mostKnown = 20_000

/** Customer, key, outcome and until. */
const columnsOfKeys = 4

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
    const keys: Value[] = []
    for (const operation of operations) {
      const outcome = runOperation(this.state, operation, now)
      if (outcome.kind !== 'taken') return undefined
      outcomes.push(outcome)
      if (outcome.keyUntil !== null && !outcome.repeated) addKey(keys, operation, outcome.drawn, outcome.keyUntil)
    }
    // A counter that is new moves others out of the document.
    if (this.state.created !== before) return undefined
    this.write(touched, keys, now)
    if (keys.length > 0) this.forgetKeys(operations)
    return outcomes
  }

  /** Keys are not kept at hand: there is no end of them. */
  private forgetKeys(operations: readonly UsageOperation[]): void {
    for (const operation of operations) {
      if (operation.verb === 'consume' && operation.key !== null) this.state.customers.get(operation.customer)?.keys?.delete(operation.key)
    }
  }

  private write(touched: readonly KnownDocument[], keys: readonly Value[], now: Instant): void {
    const [only] = touched
    if (touched.length === 1 && only !== undefined && keys.length === 0) {
      // One statement is a transaction of its own.
      this.connection.checkOutside()
      const text = encodeDocument(only.usage, undefined, now)
      const { revision, row } = only
      if (this.connection.change(updateDocument, [text, revision + 1, row, revision]) !== 1) throw outdated
    } else {
      const rows: Value[] = []
      for (const { row, usage, revision } of touched) rows.push(row, encodeDocument(usage, undefined, now), revision + 1)
      const commands = [...updateDocuments(rows), ...addKeys(keys)]
      this.connection.transact('begin immediate', () => this.writeAll(commands, touched.length + keys.length / columnsOfKeys))
    }
    for (const document of touched) document.revision += 1
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

/** What is remembered under a key that was just counted. */
function addKey(keys: Value[], operation: UsageOperation, drawn: readonly Draw[], until: Instant): void {
  if (operation.verb !== 'consume' || operation.key === null) return
  const { verb, customer, key, feature, amount } = operation
  keys.push(escapeName(customer), escapeName(key), encodeKeyed({ verb, feature, amount, drawn, reservation: null, expiresAt: null, until }), until)
}
