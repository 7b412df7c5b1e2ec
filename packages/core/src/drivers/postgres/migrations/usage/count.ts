import { type Asked, admits, counts } from './admission.ts'
import { byLists } from './by-index.ts'
import { type Columns, each, firstsOf, of, parametersOf, rowsOf } from './lists.ts'

export const columns: Columns = {
  feature: 'text',
  shape: 'text',
  version: 'bigint',
  amount: 'bigint',
  limit_1: 'bigint',
  keep_1: 'bigint',
}

const asked: Asked = {
  present: 'present',
  customer: 'b.customer',
  feature: each('feature'),
  shape: each('shape'),
  version: each('version'),
  validFrom: 'valid_from',
  validUntil: 'valid_until',
  amount: each('amount'),
  requests: '1',
  limits: [each('limit_1')],
  keeps: [each('keep_1')],
  steps: [],
  rooms: [],
  arrivals: [],
}

/**
 * What clients call to count where most have one bucket, no gate, and nothing new to be met: as `usage_execute`, for groups of
 * one bucket and no gate that are all valid from `valid_from` until `valid_until`. It answers `[present, [groups, used,
 * reserved]]`, lists of the groups that were counted as a whole: nothing was done for the others. Where there are keys all
 * are counted or none. It answers null where nothing was done at all.
 */
export const usageCount: string = String.raw`
create or replace function farebox.usage_count(
  given bigint, ${parametersOf(columns)},
  valid_from bigint, valid_until bigint,
  take_ofs integer[], take_amounts bigint[], take_keys text[], take_key_fors bigint[]
) returns text
language plpgsql
${byLists} as $function$
declare
  ${firstsOf(columns)}
  present bigint := farebox.usage_present(given);
  counted bigint;
  answer text;
begin
  with done as (
    update farebox.usage as u set ${counts(asked)}
    from ${rowsOf(columns)}
    where u.customer = any (customers) and u.feature = any (features) and ${admits(asked)}
    returning b.i, u.used, u.reserved
  )
  select count(*), '[' || present || ',[[' || string_agg(d.i::text, ',') || '],[' || string_agg(d.used::text, ',')
    || '],[' || string_agg(d.reserved::text, ',') || ']]]' into counted, answer from done as d;
  if take_keys is not null then
    if counted < cardinality(customers) then
      raise sqlstate 'FB001';
    end if;
    insert into farebox.usage_keys (until, amount, paid, customer, key, feature, shape)
      select present + coalesce(t.key_for, take_key_fors[1]), coalesce(t.amount, take_amounts[1]), 1,
        customers[t.of] collate "C", t.key collate "C", ${of('features')}, ${of('shapes')}
      from unnest(take_ofs, take_keys, take_amounts, take_key_fors) as t (of, key, amount, key_for)
      where t.key is not null
      order by 4, 5;
  end if;
  -- Whoever had to wait for rows looks again, at the present.
  if given is null and farebox.usage_present(null) - present > 100 then
    raise sqlstate 'FB001';
  end if;
  return answer;
exception when sqlstate 'FB001' or unique_violation then
  return null;
end
$function$;
`
