import { type CollectionName, type RecordQuery, type RowIds, recordIndexes } from '../../ports/record-store.ts'
import type { CheckedWrite } from '../../storage/records/check-records.ts'
import { indexedFields } from '../../storage/records/indexed-fields.ts'
import { escapeName } from '../../storage/rows/names.ts'
import { type Prepared, refusalMark } from './database.ts'
import { inLists } from './in-lists.ts'
import { stageCommit } from './stage-commit.ts'

/** Fails the batch with the place of the first write whose row is not as it expects. */
const guardRows = `SELECT json_extract('{}', coalesce(
  (SELECT '${refusalMark}' || (expected.value ->> 3) FROM json_each(?1) AS expected
    LEFT JOIN farebox_records AS own
      ON own.customer = ?2 AND own.collection = expected.value ->> 0 AND own.id = expected.value ->> 1
    WHERE coalesce(own.revision, 0) <> expected.value ->> 2 ORDER BY expected.value ->> 3 LIMIT 1), '$')) AS guard`

const deleteRows = `DELETE FROM farebox_records
  WHERE customer = ?2 AND (collection, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))`

const writeRows = `INSERT INTO farebox_records (customer, collection, id, revision, value)
  SELECT ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1) WHERE true
  ON CONFLICT (customer, collection, id) DO UPDATE SET revision = farebox_records.revision + excluded.revision, value = excluded.value`

/** Fields that stay as they are keep their rows: each row written has its price. */
const deleteFields = `DELETE FROM farebox_record_fields
  WHERE (customer, collection, id) IN (SELECT ?2, value ->> 0, value ->> 1 FROM json_each(?1))
    AND NOT EXISTS (SELECT 1 FROM json_each(?3) AS kept
      WHERE kept.value ->> 0 = collection AND kept.value ->> 1 = id AND kept.value ->> 2 = field
        AND kept.value ->> 3 = farebox_record_fields.value)`

const writeFields = `INSERT INTO farebox_record_fields (customer, collection, id, field, value)
  SELECT ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`

/** The statements of a commit, behind the guard that lets all of them through or none. */
export function commitStatements(customer: string, writes: readonly CheckedWrite[]): readonly Prepared[] {
  const { expectations, rows } = stageCommit(writes)
  const owner = escapeName(customer)
  const expected = expectations.map(({ collection, id, revision, place }) => [collection, escapeName(id), revision, place])
  const dropped = rows.filter(({ isDeleted }) => isDeleted).map(({ collection, id }) => [collection, escapeName(id)])
  const kept = rows.flatMap(({ collection, id, writes: added, value }) =>
    value === null ? [] : [[collection, escapeName(id), added, JSON.stringify(value)]],
  )
  const indexed = rows.filter(({ collection }) => recordIndexes[collection].length > 0)
  const fields = indexed.flatMap(({ collection, id, value }) =>
    value === null ? [] : indexedFields(collection, value).map(([field, held]) => [collection, escapeName(id), field, indexable(held)]),
  )
  const names = indexed.map(({ collection, id }) => [collection, escapeName(id)])
  return [
    ...(expected.length === 0 ? [] : [{ sql: guardRows, values: [JSON.stringify(expected), owner] }]),
    ...inLists(deleteRows, dropped, owner),
    ...inLists(writeRows, kept, owner),
    ...inLists(deleteFields, names, owner, JSON.stringify(fields)),
    ...inLists(writeFields, fields, owner),
  ]
}

const selectRows = `SELECT collection, id, revision, value FROM farebox_records
  WHERE customer = ?2 AND collection IN (SELECT value FROM json_each(?1)) ORDER BY collection, id`

const selectNamedRows = `SELECT collection, id, revision, value FROM farebox_records
  WHERE customer = ?2 AND collection IN (SELECT value FROM json_each(?1)) UNION ALL
  SELECT own.collection, own.id, own.revision, own.value FROM json_each(?3) AS asked CROSS JOIN farebox_records AS own
  ON own.customer = ?2 AND own.collection = asked.value ->> 0 AND own.id = asked.value ->> 1`

/** All rows of a customer in some collections, or those of some ids. */
export function loadStatement(customer: string, collections: readonly CollectionName[], only: RowIds = {}): Prepared {
  const named = collections.flatMap((name) => [...new Set(only[name])].map((id) => [name, escapeName(id)]))
  const whole = collections.filter((name) => only[name] === undefined)
  const values = [JSON.stringify(whole), escapeName(customer)]
  return named.length === 0 ? { sql: selectRows, values } : { sql: selectNamedRows, values: [...values, JSON.stringify(named)] }
}

/** Rows of any customer by an index, in ascending order of the indexed value. Numbers come before text, so a bound finds numbers alone. */
export function findStatement({ collection, index, where, after, limit }: RecordQuery<CollectionName>): Prepared {
  const [comparison, value] = 'equals' in where ? ['=', where.equals] : ['<=', where.atMost]
  const sql = `SELECT own.customer, own.id, own.revision, own.value FROM farebox_record_fields AS field
    JOIN farebox_records AS own ON own.customer = field.customer AND own.collection = field.collection AND own.id = field.id
    WHERE field.collection = ?1 AND field.field = ?2 AND field.value ${comparison} json_extract(?3, '$[0]')
    ${after === undefined ? '' : "AND (field.value, field.customer, field.id) > (json_extract(?3, '$[1]'), ?5, ?6)"}
    ORDER BY field.value, field.customer, field.id LIMIT ?4`
  if (after === undefined) return { sql, values: [collection, index, JSON.stringify([indexable(value)]), limit] }
  const bounds = JSON.stringify([indexable(value), indexable(after.value)])
  return { sql, values: [collection, index, bounds, limit, escapeName(after.customer), escapeName(after.id)] }
}

/** Text is kept as every client carries it. */
function indexable(value: string | number): string | number {
  return typeof value === 'string' ? escapeName(value) : value
}

/** The statements that erase all rows of a customer. */
export function forgetStatements(customer: string): readonly Prepared[] {
  return ['farebox_records', 'farebox_record_fields'].map((table) => ({
    sql: `DELETE FROM ${table} WHERE customer = ?1`,
    values: [escapeName(customer)],
  }))
}
