import { escapeName } from '../../storage/rows/names.ts'
import type { RowChanges } from '../../storage/rows/row-changes.ts'
import { type Prepared, refusalMark } from './database.ts'
import { inLists } from './in-lists.ts'

/** Fails the batch, so that all of it is undone, where a document is no longer at the revision at which it was read. */
const guardRevisions = `SELECT json_extract('{}', coalesce(
  (SELECT '${refusalMark}revision' FROM json_each(?1) AS expected
    LEFT JOIN farebox_usage AS own ON own.customer = expected.value ->> 0
    WHERE coalesce(own.revision, 0) <> expected.value ->> 1 LIMIT 1), '$')) AS guard`

const addDocuments = `INSERT INTO farebox_usage (customer, revision, document)
  SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1)`

/** Told apart from adding, which also writes down the last number that a document was given. */
const changeDocuments = `UPDATE farebox_usage SET revision = changed.value ->> 1, document = changed.value ->> 2
  FROM json_each(?1) AS changed WHERE customer = changed.value ->> 0`

/** The same for a call about one customer, as most are: D1 charges for rows read, and a list adds its own. */
const changeDocument = 'UPDATE farebox_usage SET revision = ?2, document = ?3 WHERE customer = ?1'

const deleteDocuments = 'DELETE FROM farebox_usage WHERE customer IN (SELECT value ->> 0 FROM json_each(?1))'

const writeKeys = `INSERT INTO farebox_usage_keys (customer, key, outcome, until)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1) WHERE true
  ON CONFLICT DO UPDATE SET outcome = excluded.outcome, until = excluded.until`

const deleteKeys = 'DELETE FROM farebox_usage_keys WHERE (customer, key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))'

const writeReservations = `INSERT INTO farebox_usage_reservations (customer, feature, reservation, outcome, expires_at, until)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?1) WHERE true
  ON CONFLICT DO UPDATE SET outcome = excluded.outcome, expires_at = excluded.expires_at, until = excluded.until`

const writeCounters = `INSERT INTO farebox_usage_counters (customer, feature, bucket, used, keep_until, start)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?1) WHERE true
  ON CONFLICT DO UPDATE SET used = excluded.used, keep_until = excluded.keep_until, start = excluded.start`

const deleteCounters = `DELETE FROM farebox_usage_counters
  WHERE (customer, feature, bucket) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1))`

/** The statements that write all changes, behind the guard that lets all of them through or none. */
export function writeChanges({ documents, keys, reservations, counters }: RowChanges): readonly Prepared[] {
  const expected = documents.map((row) => [escapeName(row.customer), row.expected])
  const held = reservations.map((row) => [
    escapeName(row.customer), escapeName(row.feature), escapeName(row.reservation), row.text, row.isHeld ? row.at : null, row.isHeld ? null : row.at,
  ])
  return [
    ...inLists(guardRevisions, expected),
    ...written(addDocuments, deleteDocuments, documents.filter(({ expected: before }) => before === 0), documentParts),
    ...changed(documents.filter(({ expected: before }) => before !== 0)),
    ...written(writeKeys, deleteKeys, keys, ({ customer, key, text, until }) => [
      [escapeName(customer), escapeName(key)], text === null ? null : [text, until],
    ]),
    ...inLists(writeReservations, held),
    ...written(writeCounters, deleteCounters, counters, ({ customer, feature, bucket, counter }) => [
      [escapeName(customer), escapeName(feature), escapeName(bucket)], counter === null ? null : [counter.used, counter.keepUntil, counter.start],
    ]),
  ]
}

function changed(documents: RowChanges['documents']): readonly Prepared[] {
  const [only] = documents
  if (only === undefined || only.text === null || documents.length > 1) {
    return written(changeDocuments, deleteDocuments, documents, documentParts)
  }
  return [{ sql: changeDocument, values: [escapeName(only.customer), only.revision, only.text] }]
}

function documentParts({ customer, revision, text }: RowChanges['documents'][number]): Parts {
  return [[escapeName(customer)], text === null ? null : [revision, text]]
}

/** The name of a row, and what it holds from now on; `null` where it is deleted. */
type Parts = readonly [name: readonly string[], held: readonly unknown[] | null]

/** Rows to write and rows to delete, each by its name and what it holds then. */
function written<Change>(
  write: string,
  remove: string,
  changes: readonly Change[],
  partsOf: (change: Change) => Parts,
): readonly Prepared[] {
  const kept: unknown[] = []
  const dropped: unknown[] = []
  for (const change of changes) {
    const [name, held] = partsOf(change)
    if (held === null) dropped.push(name)
    else kept.push([...name, ...held])
  }
  return [...inLists(remove, dropped), ...inLists(write, kept)]
}

/** The statements that erase all rows of a customer. */
export function forgetRows(customer: string): readonly Prepared[] {
  const tables = ['farebox_usage', 'farebox_usage_keys', 'farebox_usage_reservations', 'farebox_usage_counters']
  return tables.map((table) => ({ sql: `DELETE FROM ${table} WHERE customer = ?1`, values: [escapeName(customer)] }))
}
