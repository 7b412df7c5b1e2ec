import type { Instant } from '../../domain/instant.ts'
import { escapeName, unescapeName } from '../../storage/rows/names.ts'
import type { RowNeeds } from '../../storage/rows/row-needs.ts'
import type { WorkingSet } from '../../storage/rows/working-set.ts'
import { wholeDocument } from '../sqlite/split-document.ts'
import type { D1Value, Prepared } from './database.ts'
import { inLists } from './in-lists.ts'
import { type Row, maybeNumberAt, numberAt, textAt } from './read-rows.ts'

/** A statement, and what becomes of each row that it answers. */
export interface Fetch {
  readonly statement: Prepared
  readonly add: (set: WorkingSet, row: Row) => void
}

// The list comes first in each join, so that every row is found by its primary key.
const asked = 'FROM json_each(?1) AS asked CROSS JOIN'
const byCustomer = 'own.customer = asked.value ->> 0'

/** Also of a database that the driver of SQLite has written. */
const selectDocuments = `SELECT usage.customer, revision, ${wholeDocument} AS document ${asked} farebox_usage AS usage ON usage.customer = asked.value ->> 0`

const selectRevisions = `SELECT own.customer, revision ${asked} farebox_usage AS own ON ${byCustomer}`

const selectKeys = `SELECT own.customer, own.key, outcome, until ${asked} farebox_usage_keys AS own
  ON ${byCustomer} AND own.key = asked.value ->> 1`

const selectReservations = `SELECT own.customer, own.feature, reservation, outcome, coalesce(expires_at, until) AS at ${asked} farebox_usage_reservations AS own
  ON ${byCustomer} AND own.feature = asked.value ->> 1 AND own.reservation = asked.value ->> 2`

/** Those that are due, and the first that is not. */
const selectDue = `SELECT own.customer, own.feature, reservation, outcome, expires_at AS at ${asked} farebox_usage_reservations AS own
  ON ${byCustomer} AND own.feature = asked.value ->> 1 AND expires_at <= coalesce(
    (SELECT min(later.expires_at) FROM farebox_usage_reservations AS later
      WHERE later.customer = asked.value ->> 0 AND later.feature = asked.value ->> 1 AND later.expires_at > ?2), ?2)`

const selectCounters = `SELECT own.customer, own.feature, bucket, used, keep_until ${asked} farebox_usage_counters AS own
  ON ${byCustomer} AND own.feature = asked.value ->> 1 AND own.bucket = asked.value ->> 2`

const selectHistory = 'SELECT bucket, used FROM farebox_usage_counters WHERE customer = ?1 AND feature = ?2'

/** The database's own clock. */
export const selectNow: Prepared = { sql: "SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER) AS now", values: [] }

/** What to ask for the present. */
export function fetchNow(add: (now: Instant) => void): Fetch {
  return { statement: selectNow, add: (_, row) => add(numberAt(row, 'now')) }
}

/** What to ask for the rows that a working set needs. */
export function fetchNeeds({ documents, keys, reservations, due, counters }: RowNeeds, now: Instant): readonly Fetch[] {
  return [
    ...fetchLists(selectDocuments, documents.map((customer) => [customer]), addDocument),
    ...fetchLists(selectKeys, keys, addKey),
    ...fetchLists(selectReservations, reservations, addReservation),
    ...fetchLists(selectDue, due, addReservation, now),
    ...fetchLists(selectCounters, counters, addCounter),
  ]
}

/** What to ask for the revisions of customers' documents. */
export function fetchRevisions(customers: readonly string[], add: (customer: string, revision: number) => void): readonly Fetch[] {
  return fetchLists(selectRevisions, customers.map((customer) => [customer]), (_, row) => add(nameAt(row, 'customer'), numberAt(row, 'revision')))
}

/** What to ask for the counters of a feature that have rows of their own. */
export function fetchHistory(customer: string, feature: string, add: (bucket: string, used: number) => void): Fetch {
  const values = [escapeName(customer), escapeName(feature)]
  return { statement: { sql: selectHistory, values }, add: (_, row) => add(nameAt(row, 'bucket'), numberAt(row, 'used')) }
}

function fetchLists(
  sql: string,
  names: readonly (readonly string[])[],
  add: Fetch['add'],
  ...others: readonly D1Value[]
): readonly Fetch[] {
  return inLists(sql, names.map((name) => name.map(escapeName)), ...others).map((statement) => ({ statement, add }))
}

function addDocument(set: WorkingSet, row: Row): void {
  set.addDocument(nameAt(row, 'customer'), textAt(row, 'document'), numberAt(row, 'revision'))
}

function addKey(set: WorkingSet, row: Row): void {
  set.addKey(nameAt(row, 'customer'), nameAt(row, 'key'), textAt(row, 'outcome'), numberAt(row, 'until'))
}

function addReservation(set: WorkingSet, row: Row): void {
  set.addReservation(nameAt(row, 'customer'), nameAt(row, 'feature'), nameAt(row, 'reservation'), textAt(row, 'outcome'), numberAt(row, 'at'))
}

function addCounter(set: WorkingSet, row: Row): void {
  set.addCounter(nameAt(row, 'customer'), nameAt(row, 'feature'), nameAt(row, 'bucket'), numberAt(row, 'used'), maybeNumberAt(row, 'keep_until'))
}

function nameAt(row: Row, column: string): string {
  return unescapeName(textAt(row, column))
}
