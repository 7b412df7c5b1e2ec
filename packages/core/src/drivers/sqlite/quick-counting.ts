import type { Draw } from '../../domain/decision.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ConsumeOperation, UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'
import type { CustomerUsage } from '../../storage/counting/customer-usage.ts'
import { take } from '../../storage/counting/take.ts'
import { hasRoomFor, isPlain, takePlain } from '../../storage/counting/take-plain.ts'
import type { UsageState } from '../../storage/counting/usage-state.ts'
import { escapeName } from '../../storage/rows/names.ts'
import { encodeKeyed } from '../../storage/rows/row-text.ts'
import { encodeDocument } from '../../storage/rows/usage-document.ts'
import type { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Value } from './client.ts'
import type { Command } from './connection.ts'
import { isBusy, isTaken, toFareboxError } from './failure.ts'
import type { SyncConnection } from './sync-connection.ts'
import { addKeys, findNobody, updateDocument, updateDocuments } from './usage-statements.ts'

/** How many customers' documents are kept at hand. */
const mostKnown = 20_000

/** Customer, key, outcome and until. */
const columnsOfKeys = 4

/** A document as this process has left it. */
interface KnownDocument {
  readonly customer: string
  /** The customer as the rows name it. */
  readonly name: string
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
  private readonly state: UsageState = { customers: new Map(), created: 0, forgetsKeys: true }
  private readonly known = new Map<string, KnownDocument>()
  private calls = 0
  private last = { feature: '', amount: 0, bucket: '', kind: '', text: '' }

  constructor(connection: SyncConnection) {
    this.connection = connection
  }

  /** Keeps what a call has read and written. */
  learn(set: WorkingSet): void {
    for (const { loaded, usage } of set.simple()) {
      if (loaded.text === null) continue
      const { id, row, revision } = loaded
      usage.keys = undefined
      this.forget(id)
      this.known.set(id, { customer: id, name: escapeName(id), usage, row, revision, call: 0 })
      this.state.customers.set(id, usage)
    }
    for (const customer of this.known.keys()) {
      if (this.known.size <= mostKnown) return
      this.forget(customer)
    }
  }

  /** The outcomes, counted and committed; `undefined` where nothing happened and the call has to ask. */
  count(operations: readonly UsageOperation[], now: Instant): readonly UsageOutcome[] | undefined {
    const documents = this.documentsOf(operations)
    if (documents === undefined) return undefined
    let isCounted = false
    try {
      const outcomes = this.run(operations, documents, now)
      isCounted = outcomes !== undefined
      return outcomes
    } catch (error) {
      if (error === outdated || isBusy(error) || isTaken(error)) return undefined
      throw toFareboxError(error)
    } finally {
      if (!isCounted) for (const { customer } of documents) this.forget(customer)
    }
  }

  /** The document of each operation. */
  private documentsOf(operations: readonly UsageOperation[]): readonly KnownDocument[] | undefined {
    const documents: KnownDocument[] = []
    for (const { verb, customer } of operations) {
      const known = verb === 'consume' ? this.known.get(customer) : undefined
      if (known === undefined) return undefined
      documents.push(known)
    }
    return documents
  }

  private run(operations: readonly UsageOperation[], documents: readonly KnownDocument[], now: Instant): readonly UsageOutcome[] | undefined {
    const before = this.state.created
    const outcomes: UsageOutcome[] = []
    const touched: KnownDocument[] = []
    const keys: Value[] = []
    this.calls += 1
    for (const document of documents) {
      const operation = operations[outcomes.length]
      if (operation?.verb !== 'consume') return undefined
      const { usage } = document
      const isInPlace = isPlain(operation) && hasRoomFor(usage, operation)
      const outcome = isInPlace ? takePlain(this.state, usage, operation, now) : take(this.state, operation, now)
      if (outcome.kind !== 'taken') return undefined
      outcomes.push(outcome)
      if (outcome.keyUntil !== null) this.addKey(keys, document.name, operation, outcome.drawn, outcome.keyUntil)
      if (document.call === this.calls) continue
      document.call = this.calls
      touched.push(document)
    }
    // A counter that is new moves others out of the document.
    if (this.state.created !== before) return undefined
    this.write(touched, keys, now)
    return outcomes
  }

  /** What is remembered under a key that was just counted: of most, what the last one said. */
  private addKey(keys: Value[], customer: string, { verb, key, feature, amount }: ConsumeOperation, drawn: readonly Draw[], until: Instant): void {
    if (key === null) return
    const { last } = this
    const [draw] = drawn
    const isSame = drawn.length === 1 && last.feature === feature && last.amount === amount && last.bucket === draw?.bucket && last.kind === draw.kind
    const text = isSame ? last.text : encodeKeyed({ verb, feature, amount, drawn, reservation: null, expiresAt: null, until })
    if (!isSame && draw !== undefined && drawn.length === 1) this.last = { feature, amount, bucket: draw.bucket, kind: draw.kind, text }
    keys.push(customer, escapeName(key), text, until)
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
    if (written !== rows || this.connection.rows(findNobody.sql, findNobody.values).length > 0) throw outdated
  }

  private forget(customer: string): void {
    this.known.delete(customer)
    this.state.customers.delete(customer)
  }
}
