import { escapeName } from '../../storage/rows/names.ts'
import type { ArchivedCounter, CounterChange, DocumentChange, KeyChange, ReservationChange } from '../../storage/rows/row-changes.ts'
import type { CounterName, FeatureName, KeyName, ReservationName } from '../../storage/rows/row-needs.ts'
import type { Value } from './client.ts'
import type { Command } from './connection.ts'

/** Rows that one statement writes at most; what is left over is written by statements of half as many, and so on. */
const mostRows = 128

const documents = 'select usage.id, usage.customer, usage.document, usage.revision from farebox_usage as usage'
const keys = 'select known.customer, known.key, known.outcome, known.until from farebox_usage_keys as known'
const reservations =
  'select known.customer, known.feature, known.reservation, known.outcome, coalesce(known.expires_at, known.until) from farebox_usage_reservations as known'
const held = 'known.customer = ? and known.feature = ? and known.expires_at is not null'

export function findDocuments(customers: readonly string[]): Command {
  const [customer = ''] = customers
  if (customers.length === 1) return { sql: `${documents} where usage.customer = ?`, values: [escapeName(customer)] }
  const sql = `select usage.id, usage.customer, usage.document, usage.revision
    from json_each(?) as asked cross join farebox_usage as usage on usage.customer = asked.value`
  return { sql, values: [JSON.stringify(customers.map(escapeName))] }
}

export function findKeys(names: readonly KeyName[]): Command {
  const [first] = names
  if (names.length === 1 && first !== undefined) return { sql: `${keys} where known.customer = ? and known.key = ?`, values: escaped(first) }
  const sql = `select known.customer, known.key, known.outcome, known.until
    from json_each(?) as asked cross join farebox_usage_keys as known
    on known.customer = asked.value ->> 0 and known.key = asked.value ->> 1`
  return { sql, values: [JSON.stringify(names.map(escaped))] }
}

export function findReservation(name: ReservationName): Command {
  return { sql: `${reservations} where known.customer = ? and known.feature = ? and known.reservation = ?`, values: escaped(name) }
}

/** What expires at `now` or before, and what expires first after it. */
export function findDue(name: FeatureName, now: number): Command {
  const place = escaped(name)
  const next = `select min(known.expires_at) from farebox_usage_reservations as known where ${held} and known.expires_at > ?`
  return { sql: `${reservations} where ${held} and known.expires_at <= coalesce((${next}), ?)`, values: [...place, ...place, now, now] }
}

export function findCounter(name: CounterName): Command {
  const sql = `select customer, feature, bucket, used, keep_until from farebox_usage_counters where customer = ? and feature = ? and bucket = ?`
  return { sql, values: escaped(name) }
}

/** A feature's counters of usage periods that start in a half-open span. */
export function findHistory(name: FeatureName, { from, to }: { readonly from: number; readonly to: number }): Command {
  const sql = 'select bucket, used from farebox_usage_counters where customer = ? and feature = ? and start >= ? and start < ?'
  return { sql, values: [...escaped(name), from, to] }
}

export function insertDocuments(changes: readonly DocumentChange[]): readonly Command[] {
  const rows = changes.map(({ customer, text, revision }) => [escapeName(customer), text, revision])
  return inChunks(rows, (list) => `insert into farebox_usage (customer, document, revision) values ${list}`)
}

/** Each document is written where it still has the revision before its new one. */
export function updateDocuments(rows: readonly (readonly [row: number, text: string, revision: number])[]): readonly Command[] {
  const [first] = rows
  if (rows.length === 1 && first !== undefined) {
    const [row, text, revision] = first
    const sql = 'update farebox_usage set document = ?, revision = ? where id = ? and revision = ?'
    return [{ sql, values: [text, revision, row, revision - 1] }]
  }
  return inChunks(rows, updateSql)
}

function updateSql(list: string): string {
  return `update farebox_usage set document = told.column2, revision = told.column3
    from (values ${list}) as told where farebox_usage.id = told.column1 and farebox_usage.revision = told.column3 - 1`
}

export function deleteDocument({ row }: DocumentChange): Command {
  return { sql: 'delete from farebox_usage where id = ?', values: [row] }
}

/** Remembers keys; those that are known already stay as they are. */
export function addKeys(changes: readonly KeyChange[]): readonly Command[] {
  return inChunks(changes.map(keyRow), (list) => `insert into farebox_usage_keys values ${list} on conflict do nothing`)
}

export function putKeys(changes: readonly KeyChange[]): readonly Command[] {
  return inChunks(changes.map(keyRow), (list) => `insert or replace into farebox_usage_keys values ${list}`)
}

function keyRow({ customer, key, text, until }: KeyChange): readonly Value[] {
  return [escapeName(customer), escapeName(key), text, until]
}

export function deleteKey({ customer, key }: KeyChange): Command {
  return { sql: 'delete from farebox_usage_keys where customer = ? and key = ?', values: escaped([customer, key]) }
}

export function putReservations(changes: readonly ReservationChange[]): readonly Command[] {
  const rows = changes.map(({ customer, feature, reservation, text, isHeld, at }) => [
    ...escaped([customer, feature, reservation]),
    text,
    isHeld ? at : null,
    isHeld ? null : at,
  ])
  return inChunks(rows, (list) => `insert or replace into farebox_usage_reservations values ${list}`)
}

export function putCounter({ customer, feature, bucket }: CounterChange, { used, keepUntil, start }: ArchivedCounter): Command {
  const sql = 'insert or replace into farebox_usage_counters values (?, ?, ?, ?, ?, ?)'
  return { sql, values: [...escaped([customer, feature, bucket]), used, keepUntil, start] }
}

export function deleteCounter({ customer, feature, bucket }: CounterChange): Command {
  const sql = 'delete from farebox_usage_counters where customer = ? and feature = ? and bucket = ?'
  return { sql, values: escaped([customer, feature, bucket]) }
}

function escaped(names: readonly string[]): readonly string[] {
  return names.map(escapeName)
}

/** Few texts, so that each is prepared once: chunks of 128 rows, 64, 32 and so on. */
function inChunks(rows: readonly (readonly Value[])[], sqlOf: (list: string) => string): readonly Command[] {
  const commands: Command[] = []
  let start = 0
  for (let size = mostRows; size >= 1; size /= 2) {
    for (; rows.length - start >= size; start += size) {
      const chunk = rows.slice(start, start + size)
      commands.push({ sql: textOf(sqlOf, size, chunk[0]?.length ?? 0), values: chunk.flat() })
    }
  }
  return commands
}

const texts = new Map<string, string>()

function textOf(sqlOf: (list: string) => string, size: number, columns: number): string {
  const name = `${sqlOf('')}${size}`
  const known = texts.get(name)
  if (known !== undefined) return known
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`
  const text = sqlOf(Array.from({ length: size }, () => row).join(', '))
  texts.set(name, text)
  return text
}
