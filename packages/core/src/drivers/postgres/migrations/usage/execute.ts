import { type Asked, admits, counts, markerFor, nextArrival, ownArrivals, passes, stateOf } from './admission.ts'
import { byLists } from './by-index.ts'
import { type Columns, each, firstsOf, of, parametersOf, rowsOf } from './lists.ts'

export const columns: Columns = {
  feature: 'text',
  shape: 'text',
  version: 'bigint',
  loaded: 'boolean',
  valid_from: 'bigint',
  valid_until: 'bigint',
  amount: 'bigint',
  request: 'bigint',
  limit_1: 'bigint',
  keep_1: 'bigint',
  limit_2: 'bigint',
  keep_2: 'bigint',
  limit_3: 'bigint',
  keep_3: 'bigint',
  step_1: 'bigint',
  room_1: 'bigint',
  step_2: 'bigint',
  room_2: 'bigint',
}

const asked: Asked = {
  present: 'present',
  customer: 'b.customer',
  feature: each('feature'),
  shape: each('shape'),
  version: each('version'),
  validFrom: each('valid_from'),
  validUntil: each('valid_until'),
  amount: each('amount'),
  requests: each('request'),
  limits: [each('limit_1'), each('limit_2'), each('limit_3')],
  keeps: [each('keep_1'), each('keep_2'), each('keep_3')],
  steps: ['coalesce(b.step_1, first_step_1, 0)', 'coalesce(b.step_2, first_step_2, 0)'],
  rooms: [each('room_1'), each('room_2')],
  arrivals: ownArrivals,
}

/** As {@link asked}, of a row that begins. */
const begun: Asked = { ...asked, arrivals: ['0', '0'] }

const all = rowsOf(columns)

/**
 * Whether the marker of an owned customer, whose copies may be over, is of the version that is asked: all copies that are
 * alive are, and whoever has read the records for this call needs none.
 */
const isMarked = `is_owned and ${asked.present} >= ${asked.validFrom} and ${asked.present} < ${asked.validUntil} and (
            select coalesce(bool_and(v.version = ${asked.version}), ${each('loaded')})
            from farebox.usage as v where v.customer = b.customer and v.marker_until > ${asked.present}
          )`

/** The names of a shape's buckets. */
function namesOf(shape: string): string {
  return `array(select substr(n.name, 2) from jsonb_array_elements_text(${shape}::jsonb -> 0) as n (name))`
}

/** Whether the first bucket, which begins, holds what is asked, and the gates admit it. */
function begins(gates: Asked): string {
  return `not b.i = any (met) and ${each('amount')} <= ${each('limit_1')} and ${passes(gates, 0)} and ${passes(gates, 1)}
          and not exists (
            select from farebox.usage_history as h where h.customer = b.customer and h.feature = ${each('feature')}
              and h.bucket = any (${namesOf(each('shape'))}) offset 0
          )`
}

/** A list of what a group has of several. */
function present(none: number, ...lists: readonly string[]): string {
  return `array_remove(array_remove(array[${lists.map(of).join(', ')}], null), ${none}::bigint)`
}

/**
 * What clients call to count.
 *
 * `usage_own` locks all rows of the customers, always in the same order; whoever is to have a marker gets its first row
 * before. Nobody adds a row to a customer without the lock on the first one, so the rest is looked for when that is held.
 * What the statements after this one read is as it is now, and stays so until the end of the call. It answers who has no
 * row to lock: a call about somebody who is introduced before its end is undone, and made again.
 *
 * `usage_execute` takes consumptions in groups that ask the same of one row, sorted by row, each list with an element for a
 * group or one for all of them; `take_*` name the consumptions of the groups, unless each group has as many as requests.
 * Everything else comes as `others`, for other customers. It answers `[present, counted, [[consumption, answer], ...],
 * [answer, ...], whether counters began]`: `counted` has lists for the groups that were counted as a whole.
 *
 * First all groups are counted in one statement, and all keys are noted in another, rows and keys always in the same order.
 * Where that does not work out for every one of them, it is undone and all customers are locked. Then a marker of theirs may
 * begin anew, and counters begin in the same statement: in new rows, and in those where a new period has come, whose past
 * goes to the history. What is not a clean first success is looked at one by one.
 */
export const usageExecute: string = String.raw`
create or replace function farebox.usage_own(owners text[], introduced text[]) returns text[]
language plpgsql as $function$
declare
  fresh text[] := '{}';
  held text[];
begin
  loop
    if cardinality(introduced) > 0 then
      with added as (
        insert into farebox.usage as u (customer, feature)
          select distinct i.customer collate "C", '' from unnest(introduced) as i (customer) order by 1
          on conflict do nothing returning u.customer
      )
      select fresh || array_agg(a.customer) into fresh from added as a;
      owners := array(select unnest(owners) except select unnest(fresh));
      introduced := array(select unnest(introduced) except select unnest(fresh));
    end if;
    held := array(select u.customer from farebox.usage as u where u.customer = any (owners) and u.feature = '' order by u.customer for update);
    if cardinality(introduced) = 0 then
      exit;
    end if;
    -- Whoever held a first row may have deleted it.
    exit when not exists (
      select from unnest(introduced) as i (customer)
      where not exists (select from farebox.usage as u where u.customer = i.customer and u.feature = '' offset 0)
    );
  end loop;
  perform from farebox.usage as u where u.customer = any (owners) and u.feature <> '' order by u.customer, u.feature for update;
  return array(select unnest(owners) except select unnest(held));
end
$function$;

create or replace function farebox.usage_execute(
  given bigint, is_mixed boolean, ${parametersOf(columns)},
  take_ofs integer[], take_amounts bigint[], take_keys text[], take_key_fors bigint[],
  take_requests bigint[], others jsonb
) returns text
language plpgsql
${byLists} as $function$
declare
  groups integer := cardinality(customers);
  ${firstsOf(columns)}
  present bigint;
  is_owned boolean := is_mixed;
  strangers text[];
  has_begun boolean;
  met integer[] := '{}';
  counted integer[];
  payers integer[];
  answer text;
  o farebox.usage_operation;
  place integer;
  result jsonb;
  taken text := '';
  others_taken text := '';
begin
  loop
    begin
      if is_owned then
        strangers := farebox.usage_own(
          customers || array(select x.value ->> 'customer' from jsonb_array_elements(others) as x (value)),
          array(select customers[i] from generate_subscripts(customers, 1) as i where loadeds[least(i, cardinality(loadeds))])
            || array(
              select x.value ->> 'customer' from jsonb_array_elements(others) as x (value)
              where x.value -> 'loaded' = 'true' or (x.value ->> 'target' = 'drawn'
                and exists (select from farebox.usage_history as h where h.customer = x.value ->> 'customer' offset 0))
            )
        );
        -- Groups with a key that is known, or that the customer names twice.
        met := array(
          select t.of from unnest(take_ofs, take_keys) as t (of, key) where exists (
            select from farebox.usage_keys as k where k.customer = customers[t.of] and k.key = t.key offset 0
          )
          union
          select unnest(array_agg(t.of)) from unnest(take_ofs, take_keys) as t (of, key) where t.key is not null
          group by customers[t.of], t.key having count(*) > 1
        );
      end if;
      present := farebox.usage_present(given);
      if groups > 0 then
        with done as (
          update farebox.usage as u set version = ${asked.version}, ${counts(asked)} from ${all}
          where u.customer = any (customers) and u.feature = any (features) and ${admits(asked, isMarked)} and not b.i = any (met)
          returning b.i, u.used, u.reserved, u.arrival, u.arrival_2, u.paid, u.state
        ), turned as (
          update farebox.usage as u set marker_until = present + ${markerFor}, version = ${asked.version}, used = ${asked.amount},
            keep_until = ${each('keep_1')}, arrival = ${nextArrival(asked, 0)}, arrival_2 = ${nextArrival(asked, 1)}, paid = 1,
            shape = ${asked.shape}, state = null
          from ${all}
          where u.customer = any (customers) and u.feature = any (features) and u.customer = b.customer and u.feature = ${asked.feature}
            and u.shape <> ${asked.shape} and u.expiry = 9007199254740991 and u.counters is null and u.gates is null
            and u.shape::jsonb -> 1 = ${asked.shape}::jsonb -> 1 and not ${namesOf('u.shape')} && ${namesOf(asked.shape)}
            and ${isMarked} and ${begins(asked)}
          returning b.i, u.customer, u.feature, u.used, u.arrival, u.arrival_2
        ), past as (
          insert into farebox.usage_history (customer, feature, bucket, used, keep_until)
            select p.customer, p.feature, substr(p.name, 2), case p.i when p.paid then p.used else p.state[3 * p.i - 2] end as used,
              case p.i when p.paid then p.keep_until else p.state[3 * p.i] end
            from (
              select u.*, jsonb_array_elements_text(u.shape::jsonb -> 0) as name, generate_series(1, jsonb_array_length(u.shape::jsonb -> 0)) as i
              from farebox.usage as u join turned as t on t.customer = u.customer and t.feature = u.feature
              where u.customer = any (customers) and u.feature = any (features)
            ) as p where case p.i when p.paid then p.used else p.state[3 * p.i - 2] end <> 0
        ), fit as (
          select b.*, ${nextArrival(begun, 0)} as arrival, ${nextArrival(begun, 1)} as arrival_2 from ${all}
          where ${isMarked} and ${begins(begun)} and not exists (
            select from farebox.usage as u where u.customer = b.customer and u.feature = ${each('feature')} offset 0
          )
        ), begun as (
          insert into farebox.usage
            select present + ${markerFor}, ${each('version')}, 9007199254740991, ${each('amount')}, 0, ${each('keep_1')}, arrival, arrival_2, 1,
              customer, ${each('feature')}, ${each('shape')} from fit as b
        )
        select array_agg(d.i), array_agg(d.paid) filter (where first_limit_2 is not null),
          case when count(*) > 0 then json_build_array(
            array_agg(d.i), array_agg(d.used), array_agg(d.reserved),
            coalesce(array_agg(d.arrival) filter (where first_step_1 is not null), '{}'),
            coalesce(array_agg(d.arrival_2) filter (where first_step_2 is not null), '{}'),
            coalesce(array_agg(d.paid) filter (where first_limit_2 is not null), '{}'),
            coalesce(json_agg(${stateOf('d')}) filter (where first_limit_2 is not null), '[]')
          ) end, bool_or(d.is_first)
          into counted, payers, answer, has_begun from (
            select false as is_first, * from done
            union all select true, i, used, 0, arrival, arrival_2, 1, null from turned
            union all select true, i, ${each('amount')}, 0, arrival, arrival_2, 1, null from fit as b
          ) as d;
      end if;
      if not is_owned and coalesce(cardinality(counted), 0) < groups then
        raise sqlstate 'FB001';
      end if;
      if cardinality(take_keys) > 0 then
        insert into farebox.usage_keys (until, amount, paid, customer, key, feature, shape)
          select present + coalesce(t.key_for, take_key_fors[1]), coalesce(t.amount, take_amounts[1]),
            case when payers is null then 1 else payers[array_position(counted, t.of)] end,
            ${of('customers')} collate "C", t.key collate "C", ${of('features')}, ${of('shapes')}
          from unnest(take_ofs, take_keys, take_amounts, take_key_fors) as t (of, key, amount, key_for)
          where t.key is not null and (not is_owned or t.of = any (counted))
          order by 4, 5;
      end if;
      -- Whoever had to wait for rows looks again, at the present.
      if not is_owned and given is null and farebox.usage_present(null) - present > 100 then
        raise sqlstate 'FB001';
      end if;
      exit;
    exception when sqlstate 'FB001' or unique_violation then
      if is_owned then
        raise;
      end if;
      is_owned := true;
    end;
  end loop;

  if coalesce(cardinality(counted), 0) < groups then
    if take_ofs = '{}' then
      take_ofs := array(
        select i from generate_subscripts(customers, 1) as i, generate_series(1, requests[least(i, cardinality(requests))])
      );
    end if;
    for place, o.verb, o.customer, o.feature, o.shape, o.amount, o.requests, o.key, o.key_for, o.version, o.loaded, o.valid_from,
      o.valid_until, o.limits, o.keeps, o.steps, o.rooms in
      select t.i, 'consume', ${of('customers')}, ${of('features')}, ${of('shapes')}, coalesce(t.amount, take_amounts[1]),
        coalesce(t.requests, take_requests[1]), t.key, coalesce(t.key_for, take_key_fors[1]), ${of('versions')}, ${of('loadeds')},
        ${of('valid_froms')}, ${of('valid_untils')},
        ${present(-1, 'limit_1s', 'limit_2s', 'limit_3s')}, ${present(-1, 'keep_1s', 'keep_2s', 'keep_3s')},
        ${present(0, 'step_1s', 'step_2s')}, ${present(0, 'room_1s', 'room_2s')}
      from unnest(take_ofs, take_amounts, take_requests, take_keys, take_key_fors)
        with ordinality as t (of, amount, requests, key, key_for, i)
      where t.of <> all (coalesce(counted, '{}')) order by t.i
    loop
      taken := taken || ',[' || place || ',' || farebox.usage_take(o, present) || ']';
    end loop;
  end if;
  if others is not null then
    for o in select * from jsonb_populate_recordset(null::farebox.usage_operation, others) loop
      case o.verb
        when 'settle' then result := farebox.usage_settle(o, present);
        when 'release' then result := farebox.usage_release(o, present);
        else result := farebox.usage_take(o, present);
      end case;
      others_taken := others_taken || ',' || result;
    end loop;
  end if;
  if cardinality(strangers) > 0 then
    if exists (select from farebox.usage as u where u.customer = any (strangers)) then
      raise sqlstate '40001';
    end if;
  end if;
  return '[' || present || ',' || coalesce(answer, 'null') || ',[' || substr(taken, 2) || '],[' || substr(others_taken, 2) || '],'
    || coalesce(has_begun, false) || ']';
end
$function$;
`
