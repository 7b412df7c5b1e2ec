import type { CollectionName, RecordIndexes } from '../../ports/record-store.ts'
import type { Statement } from './client.ts'
import { recordRow } from './migrations/record-row.ts'

const now = 'floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now'

/** Takes what `farebox.load_records` takes. */
export const loadStatement: Statement = {
  name: 'farebox_load_3',
  text: `select farebox.load_records($1::text::jsonb) as rows, ${now}`,
}

/** Takes what `farebox.commit_records` takes. */
export const commitStatement: Statement = {
  name: 'farebox_commit_2',
  text: `select farebox.commit_records($1::text::jsonb, $2::text::bigint)::text as answers, ${now}`,
}

const rowsTypes: readonly string[] = 'text[] bigint[] integer[] text[] text[] bigint[] text[] text[] bigint'.split(' ')

/** Takes what `farebox.commit_rows` takes: commits of different customers, none of which writes a row twice. Lists are the text of array literals. */
export const commitRowsStatement: Statement = {
  name: 'farebox_commit_rows_2',
  text: `select farebox.commit_rows(${rowsTypes.map((type, index) => `$${index + 1}::text::${type}`).join(', ')}) as answers, ${now}`,
}

export const forgetStatement: Statement = {
  name: 'farebox_forget_1',
  text: 'select farebox.forget_records($1::text)',
}

/** Takes the value, as JSON, the limit, and the place to go on behind: value, customer and id. The names stand in the text, where the planner sees which index they have; a plan that was kept from when there were few rows would read all of them. */
export function findStatement<Name extends CollectionName>(
  collection: Name,
  index: RecordIndexes[Name],
  by: 'equals' | 'atMost',
  isContinued: boolean,
): Statement {
  const field = `r.indexed -> '${index}'`
  const isFound = by === 'equals' ? `${field} = $1::text::jsonb` : `${field} <= $1::text::jsonb and jsonb_typeof(${field}) = 'number'`
  return {
    text: `select coalesce('[' || string_agg(found.row, ',' order by found.key, found.customer, found.id) || ']', '[]') as rows from (
  select ${recordRow} as row, ${field} as key, r.customer, r.id from farebox.records as r
  where r.collection = '${collection}' and ${isFound}
  ${isContinued ? `and (${field}, r.customer, r.id) > ($3::text::jsonb, $4::text, $5::text)` : ''}
  order by ${field}, r.customer, r.id limit $2::integer
) as found`,
  }
}
