import { escapeName } from '../../storage/rows/names.ts'
import type { ArchivedCounter, CounterChange, DocumentChange, KeyChange, ReservationChange } from '../../storage/rows/row-changes.ts'
import type { CounterName, FeatureName, KeyName, ReservationName } from '../../storage/rows/row-needs.ts'
import type { Value } from './client.ts'
import type { Command } from './connection.ts'
import { RowsStatement } from './rows-statement.ts'

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

const insertion = new RowsStatement(
  3,
  (list) => `insert into farebox_usage (customer, document, revision) values ${list} returning customer, id`,
)

/** Answers where each customer's document is now. */
export function insertDocuments(changes: readonly DocumentChange[]): readonly Command[] {
  return insertion.commands(changes.flatMap(({ customer, text, revision }) => [escapeName(customer), text, revision]))
}

/** Writes a document where it still has the revision before its new one: text, revision, row, revision before. */
export const updateDocument = 'update farebox_usage set document = ?, revision = ? where id = ? and revision = ?'

/** The name of nobody: what an update writes that met no document. */
const nobody = ''

const update = new RowsStatement(
  3,
  (list) => `insert into farebox_usage (id, document, revision, customer) values ${list}
    on conflict (id) do update set document = excluded.document, revision = excluded.revision where revision = excluded.revision - 1`,
  `(?, ?, ?, '${nobody}')`,
)

/**
 * As {@link updateDocument}, of many: row, text, revision of each, one behind the other. In two thirds of the time that
 * `update ... from` takes. A document that is gone is written anew, of {@link findNobody}: then undo everything.
 */
export function updateDocuments(values: readonly Value[]): readonly Command[] {
  return update.commands(values)
}

export const findNobody: Command = { sql: 'select 1 from farebox_usage where customer = ?', values: [nobody] }

export function deleteDocument({ row }: DocumentChange): Command {
  return { sql: 'delete from farebox_usage where id = ?', values: [row] }
}

const addition = new RowsStatement(4, (list) => `insert into farebox_usage_keys values ${list} on conflict do nothing`)
const keyReplacement = new RowsStatement(4, (list) => `insert or replace into farebox_usage_keys values ${list}`)

/** Remembers keys, unless they are known: customer, key, outcome, until of each, names escaped, one behind the other. */
export function addKeys(values: readonly Value[]): readonly Command[] {
  return addition.commands(values)
}

export function putKeys(changes: readonly KeyChange[]): readonly Command[] {
  return keyReplacement.commands(changes.flatMap(({ customer, key, text, until }) => [escapeName(customer), escapeName(key), text, until]))
}

export function deleteKey({ customer, key }: KeyChange): Command {
  return { sql: 'delete from farebox_usage_keys where customer = ? and key = ?', values: escaped([customer, key]) }
}

const reservationReplacement = new RowsStatement(6, (list) => `insert or replace into farebox_usage_reservations values ${list}`)

export function putReservations(changes: readonly ReservationChange[]): readonly Command[] {
  return reservationReplacement.commands(
    changes.flatMap(({ customer, feature, reservation, text, isHeld, at }) => [
      ...escaped([customer, feature, reservation]),
      text,
      isHeld ? at : null,
      isHeld ? null : at,
    ]),
  )
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
