import { escapeName } from '../../storage/rows/names.ts'
import type { ArchivedCounter, CounterChange, DocumentChange, KeyChange, ReservationChange } from '../../storage/rows/row-changes.ts'
import type { CounterName, FeatureName, KeyName, ReservationName } from '../../storage/rows/row-needs.ts'
import type { Value } from './client.ts'
import type { Command } from './connection.ts'
import { RowsStatement } from './rows-statement.ts'
import { splitDocument, wholeDocument } from './split-document.ts'

const documents = `select usage.id, usage.customer, ${wholeDocument}, usage.revision from`
const reservations =
  'select known.customer, known.feature, known.reservation, known.outcome, coalesce(known.expires_at, known.until) from farebox_usage_reservations as known'
const held = 'known.customer = ? and known.feature = ? and known.expires_at is not null'

export function findDocuments(customers: readonly string[]): Command {
  const sql = `${documents} json_each(?) as asked cross join farebox_usage as usage on usage.customer = asked.value`
  return { sql, values: [JSON.stringify(customers.map(escapeName))] }
}

export function findKeys(names: readonly KeyName[]): Command {
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
  5,
  (list) => `insert into farebox_usage (customer, revision, document, used, until) values ${list} returning customer, id`,
)

/** Answers where each customer's document is now. */
export function insertDocuments(changes: readonly DocumentChange[]): readonly Command[] {
  return insertion.commands(changes.flatMap(({ customer, text, revision }) => [escapeName(customer), revision, ...splitDocument(text ?? '')]))
}

/** The name of nobody: what an update of several writes that met no document. */
const nobody = ''

/** Writes these columns, the row and the revision of each document that still has the revision before. */
function updating(columns: readonly string[], others: string, values: string): RowsStatement {
  const names = columns.join(', ')
  const taken = columns.map((column) => `${column} = excluded.${column}`).join(', ')
  return new RowsStatement(
    columns.length + 2,
    (list) => `insert or rollback into farebox_usage (${names}, id, revision, ${others}) values ${list}
      on conflict (id) do update set ${taken}, revision = excluded.revision where revision = excluded.revision - 1`,
    `(${columns.map(() => '?, ').join('')}?, ?, ${values})`,
    `update farebox_usage set ${columns.map((column) => `${column} = ?, `).join('')}revision = revision + 1 where id = ? and revision = ? - 1`,
  )
}

const update = updating(['document', 'used', 'until'], 'customer', `'${nobody}'`)
const countUpdate = updating(['used', 'until'], 'customer, document', `'${nobody}', ''`)

/**
 * Writes documents where they still have the revision before their new one: text, used, until, row, revision of each, one
 * behind the other. In two thirds of the time that `update ... from` takes. Where they are several, one that is gone is
 * written anew, of {@link findNobody}: then undo everything.
 */
export function updateDocuments(values: readonly Value[]): readonly Command[] {
  return update.commands(values)
}

/** As {@link updateDocuments}, of documents whose text stays: used, until, row, revision of each. */
export function updateCounts(values: readonly Value[]): readonly Command[] {
  return countUpdate.commands(values)
}

export const findNobody: string = `select 1 from farebox_usage where customer = '${nobody}'`

/** Deletes the row of which these columns say these values. */
export function deleteRow(table: string, columns: readonly string[], values: readonly Value[]): Command {
  return { sql: `delete from ${table} where ${columns.join(' = ? and ')} = ?`, values }
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
  return deleteRow('farebox_usage_keys', ['key', 'customer'], escaped([key, customer]))
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
  return deleteRow('farebox_usage_counters', ['customer', 'feature', 'bucket'], escaped([customer, feature, bucket]))
}

function escaped(names: readonly string[]): readonly string[] {
  return names.map(escapeName)
}
