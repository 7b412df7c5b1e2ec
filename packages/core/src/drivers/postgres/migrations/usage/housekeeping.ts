import { byIndex } from './by-index.ts'

/** Reading, markers, and dropping what is over. */
export const usageHousekeeping: string = String.raw`
-- The marker only rises; one that has expired starts anew. A version below it neither lowers it nor keeps it.
create or replace function farebox.usage_raise_version(given bigint, owner text, asked bigint) returns void
language sql set search_path = '' ${byIndex} as $function$
  select farebox.raise_markers(array[owner], array[asked], given)
$function$;

-- Ends what has expired before it is read. Nothing is locked where nothing has.
create or replace function farebox.usage_meet(owners text[], present bigint) returns void
language plpgsql as $function$
declare
  r farebox.usage;
begin
  perform from farebox.usage as u where u.customer = any (owners) and u.expiry <= present;
  if not found then
    return;
  end if;
  perform farebox.usage_own(owners, '{}');
  for r in select * from farebox.usage as u where u.customer = any (owners) and u.expiry <= present loop
    perform farebox.usage_expire(r.customer, r.feature, present);
  end loop;
end
$function$;

-- Takes [[customer, feature, shape], ...] and answers [present, [marker, state], ...].
create or replace function farebox.usage_read(given bigint, queries jsonb) returns text
language plpgsql set search_path = '' ${byIndex} as $function$
declare
  present bigint := farebox.usage_present(given);
  answers jsonb;
begin
  perform farebox.usage_meet(array(select distinct value ->> 0 from jsonb_array_elements(queries)), present);
  select coalesce(jsonb_agg(jsonb_build_array(
      farebox.usage_marker(query ->> 0, present), farebox.usage_counts_as(farebox.usage_row(query ->> 0, query ->> 1), query ->> 2)
    ) order by i), '[]') into answers
    from jsonb_array_elements(queries) with ordinality as item (query, i);
  return (jsonb_build_array(present) || answers)::text;
end
$function$;

create or replace function farebox.usage_past(given bigint, owner text, name text, since bigint, before bigint) returns text
language plpgsql set search_path = '' ${byIndex} as $function$
begin
  perform farebox.usage_meet(array[owner], farebox.usage_present(given));
  return (
    select coalesce(jsonb_agg(jsonb_build_array(bucket, used) order by start, bucket), '[]') from (
      select c.bucket, c.used, substring(c.bucket from '^(?:allowance|overage|overdraft):(-?[0-9]{1,18})$')::bigint as start
      from (
        select h.bucket, h.used from farebox.usage_history as h where h.customer = owner and h.feature = name
        union all
        select key, (value ->> 0)::bigint from farebox.usage as u, jsonb_each(farebox.usage_counters(u))
        where u.customer = owner and u.feature = name
      ) as c
      where c.used > 0
    ) as p
    where start >= since and start < before
  );
end
$function$;

create or replace function farebox.usage_forget(owner text) returns void
language plpgsql set search_path = '' ${byIndex} as $function$
begin
  perform farebox.usage_own(array[owner], '{}');
  delete from farebox.usage_keys where customer = owner;
  delete from farebox.usage_reservations where customer = owner;
  delete from farebox.usage_history where customer = owner;
  delete from farebox.usage where customer = owner;
end
$function$;

-- The counters of a row that may be forgotten.
create or replace function farebox.usage_over(r farebox.usage, present bigint) returns text[]
language sql immutable as $function$
  select array(
    select key from jsonb_each(farebox.usage_counters(r))
    where value -> 1 = '0' and (value ->> 2)::bigint between 1 and present
  )
$function$;

-- Whether nothing would be lost with the row. The first row of a customer goes last.
create or replace function farebox.usage_is_idle(r farebox.usage, present bigint) returns boolean
language sql stable as $function$
  select r.marker_until <= present and (r.feature = '' or r.expiry = 9007199254740991)
    and not exists (
      select from jsonb_each(farebox.usage_counters(r) - farebox.usage_over(r, present))
      where value -> 0 <> '0' or value -> 1 <> '0'
    )
    and not exists (select from jsonb_each(farebox.usage_gates(r)) where value::bigint > present * 1000)
    and (r.feature <> '' or (
      not exists (select from farebox.usage as u where u.customer = r.customer and u.feature <> '')
      and not exists (select from farebox.usage_keys as k where k.customer = r.customer)
    ))
$function$;

-- Drops from a row what is over, or the row where nothing is left. Answers how many counters were dropped.
create or replace function farebox.usage_tidy(r farebox.usage, present bigint) returns bigint
language plpgsql as $function$
declare
  over text[] := farebox.usage_over(r, present);
begin
  if farebox.usage_is_idle(r, present) then
    delete from farebox.usage as u where u.customer = r.customer and u.feature = r.feature;
  elsif cardinality(over) > 0 or r.marker_until between 1 and present then
    if cardinality(over) > 0 then
      r.counters := nullif(farebox.usage_counters(r) - over, '{}');
      r.gates := nullif(farebox.usage_gates(r), '{}');
      r := farebox.usage_with(r, '[[],[]]', '{}', 1);
    end if;
    r.marker_until := case when r.marker_until > present then r.marker_until else 0 end;
    perform farebox.usage_save(r);
  end if;
  return cardinality(over);
end
$function$;

-- Looks at some rows for what is over, after the given one, and at what the indexes know to be over. Answers how many
-- reservations, keys, counters and markers were dropped, and the last row it looked at (null at the end).
create or replace function farebox.usage_sweep(given bigint, after_customer text, after_feature text, most integer) returns text
language plpgsql set search_path = '' ${byIndex} as $function$
declare
  present bigint := farebox.usage_present(given);
  r farebox.usage;
  page farebox.usage[];
  due text[];
  reservations bigint := 0;
  keys bigint;
  counters bigint := 0;
  past bigint;
  markers bigint;
begin
  due := array(
    select h.customer from farebox.usage_reservations as h where h.ended is null and h.expires_at <= present
    order by h.expires_at limit most
  );
  page := array(
    select u from farebox.usage as u where (u.customer, u.feature) > (after_customer, after_feature)
    order by u.customer, u.feature limit most
  );
  due := due || array(
    select u.customer from unnest(page) as u
    where u.marker_until between 1 and present or farebox.usage_over(u, present) <> '{}' or farebox.usage_is_idle(u, present)
  );
  perform farebox.usage_own(due, '{}');
  for r in select * from farebox.usage as u where u.customer = any (due) and u.expiry <= present loop
    reservations := reservations + farebox.usage_expire(r.customer, r.feature, present);
  end loop;
  select count(distinct u.customer) into markers from farebox.usage as u
    where u.customer = any (due) and u.marker_until between 1 and present and farebox.usage_marker(u.customer, present) is null;
  for r in select * from farebox.usage as u where u.customer = any (due) order by u.customer, u.feature desc loop
    counters := counters + farebox.usage_tidy(r, present);
  end loop;

  delete from farebox.usage_keys where ctid = any (array(
    select ctid from farebox.usage_keys where until <= present order by until limit most * 5 for update skip locked
  ));
  get diagnostics keys = row_count;
  delete from farebox.usage_history where ctid = any (array(
    select ctid from farebox.usage_history where keep_until between 1 and present
    order by keep_until limit most for update skip locked
  ));
  get diagnostics past = row_count;
  delete from farebox.usage_reservations where ctid = any (array(
    select ctid from farebox.usage_reservations where ended is not null and until <= present
    order by until limit most for update skip locked
  ));

  return jsonb_build_array(reservations, keys, counters + past, markers, page[most].customer, page[most].feature);
end
$function$;
`
