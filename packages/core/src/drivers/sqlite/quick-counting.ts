import type { BucketKind } from '../../domain/bucket.ts'
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
import { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Value } from './client.ts'
import { isBusy, isTaken, toFareboxError } from './failure.ts'
import { type KnownDocument, KnownDocuments } from './known-documents.ts'
import { type SplitDocument, splitDocument } from './split-document.ts'
import type { SyncConnection } from './sync-connection.ts'
import { addDocument } from './usage-rows.ts'
import { addKeys, findDocuments, findNobody, updateCounts, updateDocuments } from './usage-statements.ts'

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
  /** As `SyncConnection` keeps the latest of what calls make. */
  private readonly kept: { set?: WorkingSet } = {}
  private last: { feature: string; amount: number; bucket: string | undefined; kind: BucketKind | undefined; text: string } = {
    feature: '', amount: 0, bucket: undefined, kind: undefined, text: '',
  }

  constructor(connection: SyncConnection) {
    this.connection = connection
  }

  /** Keeps what a call has read and written. */
  learn(set: WorkingSet): void {
    for (const { loaded, usage } of set.simple()) {
      const { id: customer, text, notes, row, revision } = loaded
      if (text === null) continue
      usage.keys = undefined
      const known = { customer, name: escapeName(customer), usage, archived: notes.archived, row, revision, call: 0, plain: null, marker: 0 }
      noteText(known, splitDocument(text))
      this.known.keep(known)
    }
    this.known.trim()
    this.kept.set = set
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
    this.connection.checkOutside()
    const { sql, values } = findDocuments([...unknown])
    const set = new WorkingSet(0)
    for (const row of this.connection.rows(sql, values)) addDocument(set, row)
    this.learn(set)
    const found = operations.flatMap(({ customer }) => this.known.find(customer) ?? [])
    return found.length === operations.length ? found : undefined
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
    let { last } = this
    const [draw] = drawn
    const bucket = drawn.length === 1 ? draw?.bucket : undefined
    if (bucket === undefined || last.feature !== feature || last.amount !== amount || last.bucket !== bucket || last.kind !== draw?.kind) {
      const text = encodeKeyed({ verb, feature, amount, drawn, reservation: null, expiresAt: null, until })
      this.last = last = { feature, amount, bucket, kind: draw?.kind, text }
    }
    keys.push(customer, escapeName(key), last.text, until)
  }

  /** @throws {@link outdated} unless all rows were written. */
  private write(touched: readonly KnownDocument[], keys: readonly Value[], now: Instant): void {
    const counts: Value[] = []
    const texts: Value[] = []
    for (const document of touched) {
      const { row, usage, archived, plain, marker } = document
      document.revision += 1
      if (plain !== null && usage.plain === plain && usage.marker === marker) {
        counts.push(usage.used, usage.markerUntil, row, document.revision)
      } else {
        const split = splitDocument(encodeDocument(usage, archived, now))
        noteText(document, split)
        texts.push(...split, row, document.revision)
      }
    }
    const commands = [...updateCounts(counts), ...updateDocuments(texts), ...addKeys(keys)]
    const writeAll = (): void => {
      let written = 0
      for (const { sql, values } of commands) written += this.connection.change(sql, values)
      const isWritten = written === touched.length + keys.length / columnsOfKeys && (touched.length === 1 || this.connection.rows(findNobody, []).length === 0)
      if (!isWritten) throw outdated
    }
    if (commands.length > 1 || touched.length > 1) this.connection.transact('begin immediate', writeAll)
    else this.connection.transactOne(writeAll)
  }
}

/** Notes what the text of a document's row says, where two numbers stand beside it. */
function noteText(document: KnownDocument, [, used]: SplitDocument): void {
  document.plain = used === null ? null : document.usage.plain
  document.marker = document.usage.marker
}

/** Whether every counter that an operation names is in the document, and none in a row of its own. */
function holdsAll({ plain, ledger }: CustomerUsage, { feature, buckets }: ConsumeOperation): boolean {
  if (ledger === undefined) return plain?.feature === feature && buckets.every(({ id }) => id === plain.bucket.id)
  const counters = ledger.find(feature)?.counters
  return buckets.every(({ id }) => counters?.find(id) !== undefined)
}
