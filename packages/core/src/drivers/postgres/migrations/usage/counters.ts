/**
 * Where counters are, and what moves them. Whoever calls these has locked all rows of the customer, so that what is read
 * here stays true until it is written. A list of draws is `[["aallowance:0", 5], ...]`.
 */
export const usageCounters: string = String.raw`
create function farebox.usage_present(given bigint) returns bigint
language sql volatile as $function$
  select coalesce(given, floor(date_part('epoch', clock_timestamp()) * 1000)::bigint)
$function$;

-- All counters in the row, by bucket: what is used, what is reserved, until when it is kept.
create function farebox.usage_counters(r farebox.usage) returns jsonb
language sql immutable as $function$
  select coalesce(r.counters, '{}') || coalesce((
    select jsonb_object_agg(substr(name, 2), jsonb_build_array(r.state[3 * i - 2], r.state[3 * i - 1], r.state[3 * i]))
    from jsonb_array_elements_text(r.shape::jsonb -> 0) with ordinality as bucket (name, i)
  ), '{}')
$function$;

-- All gates in the row, by id: the arrival.
create function farebox.usage_gates(r farebox.usage) returns jsonb
language sql immutable as $function$
  select coalesce(r.gates, '{}') || coalesce((
    select jsonb_object_agg(id, r.state[3 * jsonb_array_length(r.shape::jsonb -> 0) + i])
    from jsonb_array_elements_text(r.shape::jsonb -> 1) with ordinality as gate (id, i)
  ), '{}')
$function$;

-- The state that the row would have in the asked shape.
create function farebox.usage_state(r farebox.usage, owner text, name text, asked text) returns bigint[]
language plpgsql stable as $function$
declare
  result bigint[] := '[0:0]={1}';
  counters jsonb;
  gates jsonb;
  item text;
  past farebox.usage_history;
begin
  if r.shape = asked then
    return r.state;
  end if;
  counters := farebox.usage_counters(r);
  gates := farebox.usage_gates(r);
  for item in select substr(value, 2) from jsonb_array_elements_text(asked::jsonb -> 0) loop
    if counters ? item then
      result := result || array(select value::bigint from jsonb_array_elements_text(counters -> item));
    else
      select * into past from farebox.usage_history as h where h.customer = owner and h.feature = name and h.bucket = item;
      result := result || array[coalesce(past.used, 0), 0, coalesce(past.keep_until, 0)];
    end if;
  end loop;
  for item in select value from jsonb_array_elements_text(asked::jsonb -> 1) loop
    result := result || coalesce((gates ->> item)::bigint, 0);
  end loop;
  return result;
end
$function$;

-- Gives the row the asked shape. When a bucket comes that the row has not had, what else is idle leaves for the history:
-- a new period or grant has begun.
create function farebox.usage_reshape(owner text, name text, asked text, present bigint) returns void
language plpgsql as $function$
declare
  r farebox.usage;
  own_buckets text[] := array(select substr(value, 2) from jsonb_array_elements_text(asked::jsonb -> 0));
  own_gates text[] := array(select value from jsonb_array_elements_text(asked::jsonb -> 1));
  idle jsonb;
  next_state bigint[];
  known jsonb;
begin
  select * into r from farebox.usage as u where u.customer = owner and u.feature = name;
  next_state := farebox.usage_state(r, owner, name, asked);
  known := farebox.usage_counters(r);
  idle := known - own_buckets;
  delete from farebox.usage_history as h where h.customer = owner and h.feature = name and h.bucket = any (own_buckets);
  if not known ?& own_buckets then
    insert into farebox.usage_history (customer, feature, bucket, used, keep_until)
      select owner, name, key, (value ->> 0)::bigint, (value ->> 2)::bigint
      from jsonb_each(idle) where value -> 1 = '0' and value -> 0 <> '0';
    idle := (select jsonb_object_agg(key, value) from jsonb_each(idle) where value -> 1 <> '0');
  end if;
  update farebox.usage as u
    set shape = asked, state = next_state, counters = nullif(idle, '{}'),
      gates = (select jsonb_object_agg(key, value) from jsonb_each(farebox.usage_gates(r) - own_gates)
        where value::bigint > present * 1000)
    where u.customer = owner and u.feature = name;
end
$function$;

-- What is used, what is reserved and until when it is kept.
create function farebox.usage_counter(owner text, name text, bucket text) returns bigint[]
language plpgsql stable as $function$
declare
  counter jsonb;
  past farebox.usage_history;
begin
  select farebox.usage_counters(u) -> bucket into counter from farebox.usage as u where u.customer = owner and u.feature = name;
  if counter is not null then
    return array(select value::bigint from jsonb_array_elements_text(counter));
  end if;
  select * into past from farebox.usage_history as h
    where h.customer = owner and h.feature = name and h.bucket = usage_counter.bucket;
  return array[coalesce(past.used, 0), 0, coalesce(past.keep_until, 0)];
end
$function$;

-- Adds to a counter, wherever it is; one that is nowhere begins in the row. What is added may be negative.
create function farebox.usage_add(owner text, name text, bucket text, more_used bigint, more_reserved bigint, keep bigint)
returns void
language plpgsql as $function$
declare
  r farebox.usage;
  i bigint;
  counter jsonb;
begin
  select * into r from farebox.usage as u where u.customer = owner and u.feature = name;
  select b.i into i from jsonb_array_elements_text(r.shape::jsonb -> 0) with ordinality as b (name, i)
    where substr(b.name, 2) = bucket;
  if i is not null then
    r.state[3 * i - 2] := r.state[3 * i - 2] + more_used;
    r.state[3 * i - 1] := r.state[3 * i - 1] + more_reserved;
    r.state[3 * i] := greatest(r.state[3 * i], keep);
    update farebox.usage as u set state = r.state where u.customer = owner and u.feature = name;
    return;
  end if;
  counter := r.counters -> bucket;
  if counter is null then
    update farebox.usage_history as h set used = used + more_used, keep_until = greatest(keep_until, keep)
      where h.customer = owner and h.feature = name and h.bucket = usage_add.bucket;
    if found then
      return;
    end if;
  end if;
  counter := jsonb_build_array(
    coalesce((counter ->> 0)::bigint, 0) + more_used,
    coalesce((counter ->> 1)::bigint, 0) + more_reserved,
    greatest((counter ->> 2)::bigint, keep, 0)
  );
  update farebox.usage as u set counters = coalesce(u.counters, '{}') || jsonb_build_object(bucket, counter)
    where u.customer = owner and u.feature = name;
end
$function$;
`
