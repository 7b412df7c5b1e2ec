import type { Draw } from '../../domain/decision.ts'
import type { Instant } from '../../domain/instant.ts'
import type { ConsumeOperation, UsageOperation, UsageOutcome } from '../../ports/usage-store.ts'
import { CustomerUsage } from '../../storage/counting/customer-usage.ts'
import { take } from '../../storage/counting/take.ts'
import { hasRoomFor, isPlain, takePlain } from '../../storage/counting/take-plain.ts'
import type { UsageState } from '../../storage/counting/usage-state.ts'
import { escapeName } from '../../storage/rows/names.ts'
import { encodeKeyed } from '../../storage/rows/row-text.ts'
import { decodeDocument, encodeDocument } from '../../storage/rows/usage-document.ts'
import type { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Value } from './client.ts'
import type { Command } from './connection.ts'
import { isBusy, isTaken, toFareboxError } from './failure.ts'
import { type KnownDocument, KnownDocuments } from './known-documents.ts'
import type { SyncConnection } from './sync-connection.ts'
import { nameOf, textOf } from './usage-rows.ts'
import { addKeys, findDocuments, findNobody, updateDocument, updateDocuments } from './usage-statements.ts'

/** Customer, key, outcome and until. */
const columnsOfKeys = 4

/** Somebody else wrote a document or a key meanwhile. */
const outdated = new Error('A document was written by somebody else')

/**
 * Counts without asking first, where the documents are those that this process has left: the write of each says which
 * revision it found, and where one of them has another by now, nothing is written and the call asks. Documents that are
 * not at hand are read before, and they alone. Every rule about a customer's rows is in the revision, so an answer that
 * comes with a write is right; one that would come without any, such as a refusal, is not given here.
 */
export class QuickCounting {
  private readonly connection: SyncConnection
  private readonly state: UsageState = { customers: new Map(), created: 0, forgetsKeys: true }
  private readonly known = new KnownDocuments()
  private calls = 0
  private last = { feature: '', amount: 0, bucket: '', kind: '', text: '' }

  constructor(connection: SyncConnection) {
    this.connection = connection
  }

  /** Keeps what a call has read and written. */
  learn(set: WorkingSet): void {
    for (const { loaded, usage } of set.simple()) {
      if (loaded.text !== null) this.keep(loaded.id, usage, loaded.notes.archived, loaded.row, loaded.revision)
    }
    this.known.trim()
  }

  /** The outcomes, counted and committed; `undefined` where nothing happened and the call has to ask. */
  count(operations: readonly UsageOperation[], now: Instant): readonly UsageOutcome[] | undefined {
    let documents: readonly KnownDocument[] | undefined
    let isCounted = false
    try {
      documents = this.documentsOf(operations)
      const outcomes = documents && this.run(operations, documents, now)
      isCounted = outcomes !== undefined
      return outcomes
    } catch (error) {
      if (error === outdated || isBusy(error) || isTaken(error)) return undefined
      throw toFareboxError(error)
    } finally {
      if (!isCounted) for (const { customer } of documents ?? []) this.known.forget(customer)
      this.known.trim()
    }
  }

  /** The document of each operation; `undefined` where one of them has none that says all. */
  private documentsOf(operations: readonly UsageOperation[]): readonly KnownDocument[] | undefined {
    const documents: KnownDocument[] = []
    const unknown = new Set<string>()
    for (const { verb, customer } of operations) {
      if (verb !== 'consume') return undefined
      const known = this.known.find(customer)
      if (known === undefined) unknown.add(customer)
      else documents.push(known)
    }
    if (unknown.size === 0) return documents
    this.load([...unknown])
    const found = operations.flatMap(({ customer }) => this.known.find(customer) ?? [])
    return found.length === operations.length ? found : undefined
  }

  private load(customers: readonly string[]): void {
    this.connection.checkOutside()
    const { sql, values } = findDocuments(customers)
    for (const [row, customer, text, revision] of this.connection.rows(sql, values)) {
      const usage = new CustomerUsage()
      const { archived, expiries } = decodeDocument(textOf(text), usage)
      if (expiries === undefined) this.keep(nameOf(customer), usage, archived, Number(row), Number(revision))
    }
  }

  private keep(customer: string, usage: CustomerUsage, archived: ReadonlySet<string> | undefined, row: number, revision: number): void {
    usage.keys = undefined
    this.known.keep({ customer, name: escapeName(customer), usage, archived, row, revision, call: 0 })
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
      const outcome = this.take(operation, document, now)
      if (outcome?.kind !== 'taken') return undefined
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

  private take(operation: ConsumeOperation, { customer, usage, archived }: KnownDocument, now: Instant): UsageOutcome | undefined {
    if (archived?.has(operation.feature) === true && !holdsAll(usage, operation)) return undefined
    if (isPlain(operation) && hasRoomFor(usage, operation)) return takePlain(this.state, usage, operation, now)
    this.state.customers.set(customer, usage)
    const outcome = take(this.state, operation, now)
    this.state.customers.delete(customer)
    return outcome
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
      const text = encodeDocument(only.usage, only.archived, now)
      const { revision, row } = only
      if (this.connection.change(updateDocument, [text, revision + 1, row, revision]) !== 1) throw outdated
    } else {
      const rows: Value[] = []
      for (const { row, usage, archived, revision } of touched) rows.push(row, encodeDocument(usage, archived, now), revision + 1)
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
}

/** Whether every counter that an operation names is in the document, and none in a row of its own. */
function holdsAll({ plain, ledger }: CustomerUsage, { feature, buckets }: ConsumeOperation): boolean {
  if (ledger === undefined) return plain?.feature === feature && buckets.every(({ id }) => id === plain.bucket.id)
  const counters = ledger.find(feature)?.counters
  return buckets.every(({ id }) => counters?.find(id) !== undefined)
}
