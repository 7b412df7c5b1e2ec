import type { CollectionName, RecordIndexes } from '../../ports/record-store.ts'
import type { Statement } from './client.ts'

const now = 'floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now'

/** `value` is JSON already, so rows are put together as text and are parsed once. */
const row = `'[' || to_json(r.customer) || ',' || to_json(r.id) || ',' || r.revision || ',' || r.value || ']'`

/** Takes `[[customer, collection, ids or nothing], ...]` and answers `[[position, [customer, id, revision, value]], ...]`. */
export const loadStatement: Statement = {
  name: 'farebox_load_2',
  text: `select ${now}, coalesce('[' || string_agg('[' || asked.position - 1 || ',' || found.row || ']', ',') || ']', '[]') as rows
from jsonb_array_elements($1::text::jsonb) with ordinality as asked (place, position)
cross join lateral (
  (select ${row} as row from farebox.records as r
  where asked.place -> 2 is null and r.customer = asked.place ->> 0 and r.collection = asked.place ->> 1 order by r.id offset 0)
  union all
  (select ${row} as row from jsonb_array_elements_text(coalesce(asked.place -> 2, '[]')) as named (id)
  cross join lateral (
    select * from farebox.records as r
    where r.customer = asked.place ->> 0 and r.collection = asked.place ->> 1 and r.id = named.id offset 0
  ) as r)
) as found`,
}

/** Takes what `farebox.commit_records` takes. */
export const commitStatement: Statement = {
  name: 'farebox_commit_1',
  text: `select farebox.commit_records($1::text::jsonb)::text as answers, ${now}`,
}

export const forgetStatement: Statement = {
  name: 'farebox_forget_1',
  text: 'select farebox.forget_records($1::text)',
}

/** Takes the value, as JSON, the limit, and the place to go on behind: value, customer and id. The names stand in the text, where the planner sees which index they have. */
export function findStatement<Name extends CollectionName>(
  collection: Name,
  index: RecordIndexes[Name],
  by: 'equals' | 'atMost',
  isContinued: boolean,
): Statement {
  const field = `r.indexed -> '${index}'`
  const isFound = by === 'equals' ? `${field} = $1::text::jsonb` : `${field} <= $1::text::jsonb and jsonb_typeof(${field}) = 'number'`
  return {
    name: `farebox_find_${collection}_${index}_${by}${isContinued ? '_after' : ''}_2`,
    text: `select coalesce('[' || string_agg(found.row, ',' order by found.key, found.customer, found.id) || ']', '[]') as rows from (
  select ${row} as row, ${field} as key, r.customer, r.id from farebox.records as r
  where r.collection = '${collection}' and ${isFound}
  ${isContinued ? `and (${field}, r.customer, r.id) > ($3::text::jsonb, $4::text, $5::text)` : ''}
  order by ${field}, r.customer, r.id limit $2::integer
) as found`,
  }
}
