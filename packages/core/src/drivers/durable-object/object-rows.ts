import type { Instant } from '../../domain/instant.ts'
import { corruptRow } from '../../storage/rows/corrupt-row.ts'
import { escapeName, unescapeName } from '../../storage/rows/names.ts'
import type { RowChanges } from '../../storage/rows/row-changes.ts'
import type { RowNeeds } from '../../storage/rows/row-needs.ts'
import type { WorkingSet } from '../../storage/rows/working-set.ts'
import type { ObjectStorage, SqlValue } from './object-storage.ts'

type Kind = 'document' | 'key' | 'reservation' | 'counter'
type RowName = readonly [kind: Kind, feature: string, name: string]

/**
 * One object keeps one customer, so no row names it. One table, for each takes a page of every customer's storage; and no
 * index beside its primary key, for each would be one more row to write, and to pay for, with every write.
 *
 * `number` is what was used of a counter, and 1 for a reservation that is held. `until` is when a row is over: a key, a
 * counter, the memory of a reservation that has ended; and when a held reservation expires.
 */
const table = `CREATE TABLE farebox_usage (kind TEXT NOT NULL, feature TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
  number INTEGER NOT NULL, until INTEGER, PRIMARY KEY (kind, feature, name)) WITHOUT ROWID`

/** Held reservations are never over before the call that meets them has ended them. */
const isOver = "until <= ? AND (kind <> 'reservation' OR number = 0)"

const document: RowName = ['document', '', '']

/** How many rows are dropped at a time. */
const mostDropped = 5000

/** What was dropped because it was over, and whether that is all of it. */
interface Dropped {
  readonly keys: number
  readonly counters: number
  readonly isAll: boolean
}

/** The rows of one customer, in the storage of the customer's object. */
export class ObjectRows {
  private readonly storage: ObjectStorage
  private hasTable: boolean | undefined
  /** Where the last look for what is over stopped. */
  private last: readonly [kind: string, feature: string, name: string] = document

  constructor(storage: ObjectStorage) {
    this.storage = storage
  }

  /** Whether anything was ever written. An object that is only asked keeps nothing. */
  exist(): boolean {
    this.hasTable ??= this.select("SELECT 1 FROM sqlite_master WHERE name = 'farebox_usage'").length > 0
    return this.hasTable
  }

  /** Adds the rows that are needed to the working set, until nothing is missing. */
  load(set: WorkingSet, customer: string): void {
    for (let needs = set.needs(); needs !== undefined; needs = set.needs()) {
      if (this.exist()) this.loadOnce(set, customer, needs)
    }
  }

  /** Writes all changes; the caller runs this in one transaction. */
  write({ documents, keys, reservations, counters }: RowChanges): void {
    if (documents.length === 0) return
    if (!this.exist()) this.run(table)
    this.hasTable = true
    for (const { text } of documents) this.put(document, text, 0, null)
    for (const { key, text, until } of keys) this.put(['key', '', key], text, 0, until)
    for (const { feature, reservation, text, isHeld, at } of reservations) {
      this.put(['reservation', feature, reservation], text, isHeld ? 1 : 0, at)
    }
    for (const { feature, bucket, counter } of counters) {
      this.put(['counter', feature, bucket], counter === null ? null : '', counter?.used ?? 0, counter?.keepUntil ?? null)
    }
  }

  /** A feature's counters that have rows of their own. */
  countersOf(feature: string): readonly (readonly [bucket: string, used: number])[] {
    if (!this.exist()) return []
    const found = this.select("SELECT name, number FROM farebox_usage WHERE kind = 'counter' AND feature = ?", escapeName(feature))
    return found.map(([bucket, used]) => [unescapeName(textOf(bucket)), numberOf(used)])
  }

  /** Drops what is over among the next `most` keys and reservations, round and round; counters, which are few, wait for the alarm. */
  dropSome(now: Instant, most: number): void {
    if (!this.exist()) return
    const after = this.select(
      `SELECT kind, feature, name, ${isOver} FROM farebox_usage WHERE (kind, feature, name) > (?, ?, ?) ORDER BY kind, feature, name LIMIT ?`,
      now,
      ...this.last,
      most,
    )
    this.last = document
    for (const [kind, feature, name, over] of after) {
      const found = [textOf(kind), textOf(feature), textOf(name)] as const
      if (after.length === most) this.last = found
      if (over === 1) this.run('DELETE FROM farebox_usage WHERE kind = ? AND feature = ? AND name = ?', ...found)
    }
  }

  /** Drops what is over, a part at a time: nobody is answered meanwhile. */
  dropOver(now: Instant): Dropped {
    const dropped = { keys: 0, counters: 0, isAll: true }
    if (!this.exist()) return dropped
    const found = `SELECT kind, feature, name FROM farebox_usage WHERE ${isOver} LIMIT ${mostDropped}`
    const rows = this.select(`DELETE FROM farebox_usage WHERE (kind, feature, name) IN (${found}) RETURNING kind`, now)
    for (const [kind] of rows) {
      if (kind === 'key') dropped.keys += 1
      if (kind === 'counter') dropped.counters += 1
    }
    return { ...dropped, isAll: rows.length < mostDropped }
  }

  /** When the first of the rows is over. */
  firstEnd(): Instant | undefined {
    const [first] = this.exist() ? this.select('SELECT min(until) FROM farebox_usage') : []
    return typeof first?.[0] === 'number' ? first[0] : undefined
  }

  isEmpty(): boolean {
    return !this.exist() || this.select('SELECT 1 FROM farebox_usage LIMIT 1').length === 0
  }

  /** The storage was erased, or is as it was before a transaction that failed. */
  forgetTable(): void {
    this.hasTable = undefined
  }

  private loadOnce(set: WorkingSet, customer: string, needs: RowNeeds): void {
    // The revision guards rows against other writers, of which an object has none.
    if (needs.documents.length > 0) this.find(document, (text) => set.addDocument(customer, text, 1))
    for (const [, key] of needs.keys) {
      this.find(['key', '', key], (text, _, until) => set.addKey(customer, key, text, numberOf(until)))
    }
    for (const [, feature, id] of needs.reservations) {
      this.find(['reservation', feature, id], (text, _, until) => set.addReservation(customer, feature, id, text, numberOf(until)))
    }
    for (const [, feature] of needs.due) {
      const held = "SELECT name, text, until FROM farebox_usage WHERE kind = 'reservation' AND feature = ? AND number = 1"
      for (const [name, text, until] of this.select(held, escapeName(feature))) {
        set.addReservation(customer, feature, unescapeName(textOf(name)), textOf(text), numberOf(until))
      }
    }
    for (const [, feature, bucket] of needs.counters) {
      this.find(['counter', feature, bucket], (_, used, until) => {
        set.addCounter(customer, feature, bucket, used, until === null ? null : numberOf(until))
      })
    }
  }

  private find([kind, feature, name]: RowName, add: (text: string, number: number, until: unknown) => void): void {
    const found = this.select(
      'SELECT text, number, until FROM farebox_usage WHERE kind = ? AND feature = ? AND name = ?',
      kind,
      escapeName(feature),
      escapeName(name),
    )
    for (const [text, number, until] of found) add(textOf(text), numberOf(number), until)
  }

  private put([kind, feature, name]: RowName, text: string | null, number: number, until: Instant | null): void {
    const key = [kind, escapeName(feature), escapeName(name)]
    if (text === null) this.run('DELETE FROM farebox_usage WHERE kind = ? AND feature = ? AND name = ?', ...key)
    else this.run('INSERT OR REPLACE INTO farebox_usage VALUES (?, ?, ?, ?, ?, ?)', ...key, text, number, until)
  }

  private select(sql: string, ...values: SqlValue[]): readonly (readonly unknown[])[] {
    return [...this.storage.sql.exec(sql, ...values).raw()]
  }

  private run(sql: string, ...values: SqlValue[]): void {
    this.storage.sql.exec(sql, ...values)
  }
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw corruptRow('row')
  return value
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw corruptRow('row')
  return value
}
