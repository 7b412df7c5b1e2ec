/** All columns but those that a row is found by. */
const written = 'marker_until version expiry used reserved keep_until arrival arrival_2 paid shape state counters gates'.split(' ')

/**
 * Where counters are, and what moves them. Whoever calls these has locked all rows of the customer, so that what is read
 * here stays true until it is written. A list of draws is `[["aallowance:0", 5], ...]`.
 */
export const usageCounters: string = String.raw`
create or replace function farebox.usage_present(given bigint) returns bigint
language sql volatile as $function$
  select coalesce(given, floor(date_part('epoch', clock_timestamp()) * 1000)::bigint)
$function$;

-- What the row counts, in one list: for each bucket of its shape what is used, what is reserved and until when it is
-- kept, then for each gate its arrival.
create or replace function farebox.usage_counts(r farebox.usage) returns bigint[]
language plpgsql immutable as $function$
declare
  buckets integer := jsonb_array_length(r.shape::jsonb -> 0);
  gates integer := jsonb_array_length(r.shape::jsonb -> 1);
  counts bigint[] := coalesce(r.state, array_fill(0, array[3 * buckets + gates]));
begin
  if buckets > 0 then
    counts[3 * r.paid - 2] := r.used;
    counts[3 * r.paid - 1] := r.reserved;
    counts[3 * r.paid] := r.keep_until;
  end if;
  if gates > 0 then
    counts[3 * buckets + 1] := r.arrival;
  end if;
  if gates > 1 then
    counts[3 * buckets + 2] := r.arrival_2;
  end if;
  return counts;
end
$function$;

-- The row, or as one begins: without a marker, not even one that is over.
create or replace function farebox.usage_row(owner text, name text) returns farebox.usage
language plpgsql stable as $function$
declare
  r farebox.usage;
begin
  select * into r from farebox.usage as u where u.customer = owner and u.feature = name;
  if not found then
    r := row(null, 0, 9007199254740991, 0, 0, 0, 0, 0, 1, owner, name, '[[],[]]', null, null, null);
  end if;
  return r;
end
$function$;

-- Writes the row where there is one: once for all that an operation does to it.
create or replace function farebox.usage_save(r farebox.usage) returns void
language plpgsql as $function$
begin
  update farebox.usage as u
    set ${written.map((column) => `${column} = r.${column}`).join(', ')}
    where u.customer = r.customer and u.feature = r.feature;
end
$function$;

-- The row with the list put back, the bucket that paid last in front.
create or replace function farebox.usage_with(r farebox.usage, asked text, counts bigint[], payer integer) returns farebox.usage
language plpgsql immutable as $function$
declare
  buckets integer := jsonb_array_length(asked::jsonb -> 0);
begin
  r.shape := asked;
  r.paid := payer;
  r.used := case when buckets > 0 then counts[3 * payer - 2] else 0 end;
  r.reserved := case when buckets > 0 then counts[3 * payer - 1] else 0 end;
  r.keep_until := case when buckets > 0 then counts[3 * payer] else 0 end;
  r.arrival := coalesce(counts[3 * buckets + 1], 0);
  r.arrival_2 := coalesce(counts[3 * buckets + 2], 0);
  r.state := case when buckets > 1 or cardinality(counts) > 3 * buckets + 2 then counts end;
  return r;
end
$function$;

-- All counters in the row, by bucket: what is used, what is reserved, until when it is kept.
create or replace function farebox.usage_counters(r farebox.usage) returns jsonb
language plpgsql immutable as $function$
declare
  counts bigint[] := farebox.usage_counts(r);
begin
  return coalesce(r.counters, '{}') || coalesce((
    select jsonb_object_agg(substr(b.name, 2), jsonb_build_array(counts[3 * b.i - 2], counts[3 * b.i - 1], counts[3 * b.i]))
    from jsonb_array_elements_text(r.shape::jsonb -> 0) with ordinality as b (name, i)
  ), '{}');
end
$function$;

-- All gates in the row, by id: the arrival.
create or replace function farebox.usage_gates(r farebox.usage) returns jsonb
language plpgsql immutable as $function$
declare
  counts bigint[] := farebox.usage_counts(r);
  buckets integer := jsonb_array_length(r.shape::jsonb -> 0);
begin
  return coalesce(r.gates, '{}') || coalesce((
    select jsonb_object_agg(g.id, counts[3 * buckets + g.i])
    from jsonb_array_elements_text(r.shape::jsonb -> 1) with ordinality as g (id, i)
  ), '{}');
end
$function$;

-- What the row would count in the asked shape.
create or replace function farebox.usage_counts_as(r farebox.usage, asked text) returns bigint[]
language plpgsql stable as $function$
declare
  counts bigint[] := '{}';
  counters jsonb;
  gates jsonb;
  item text;
  past farebox.usage_history;
begin
  if r.shape = asked then
    return farebox.usage_counts(r);
  end if;
  counters := farebox.usage_counters(r);
  gates := farebox.usage_gates(r);
  for item in select substr(b.name, 2) from jsonb_array_elements_text(asked::jsonb -> 0) as b (name) loop
    if counters ? item then
      counts := counts || array(select c.value::bigint from jsonb_array_elements_text(counters -> item) as c (value));
    else
      select * into past from farebox.usage_history as h
        where h.customer = r.customer and h.feature = r.feature and h.bucket = item;
      counts := counts || array[coalesce(past.used, 0), 0, coalesce(past.keep_until, 0)];
    end if;
  end loop;
  for item in select g.id from jsonb_array_elements_text(asked::jsonb -> 1) as g (id) loop
    counts := counts || coalesce((gates ->> item)::bigint, 0);
  end loop;
  return counts;
end
$function$;

-- The row as the asked shape leaves what that does not name. When a bucket comes that the row has not had, what else is idle
-- leaves for the history: a new period or grant has begun.
create or replace function farebox.usage_reshaped(r farebox.usage, asked text, present bigint) returns farebox.usage
language plpgsql as $function$
declare
  counters jsonb := farebox.usage_counters(r);
  named text[] := array(select substr(b.name, 2) from jsonb_array_elements_text(asked::jsonb -> 0) as b (name));
  left_over jsonb := counters - named;
  closed jsonb := farebox.usage_gates(r) - array(select g.id from jsonb_array_elements_text(asked::jsonb -> 1) as g (id));
begin
  delete from farebox.usage_history as h where h.customer = r.customer and h.feature = r.feature and h.bucket = any (named);
  if not counters ?& named then
    insert into farebox.usage_history (customer, feature, bucket, used, keep_until)
      select r.customer, r.feature, c.key, (c.value ->> 0)::bigint, (c.value ->> 2)::bigint
      from jsonb_each(left_over) as c where c.value -> 1 = '0' and c.value -> 0 <> '0';
    left_over := (select jsonb_object_agg(c.key, c.value) from jsonb_each(left_over) as c where c.value -> 1 <> '0');
  end if;
  r.counters := nullif(left_over, '{}');
  r.gates := (select jsonb_object_agg(g.key, g.value) from jsonb_each(closed) as g where g.value::bigint > present * 1000);
  return r;
end
$function$;

-- What is used, what is reserved and until when it is kept, of one bucket.
create or replace function farebox.usage_counter(r farebox.usage, marked jsonb) returns bigint[]
language plpgsql stable as $function$
begin
  return farebox.usage_counts_as(r, jsonb_build_array(jsonb_build_array(marked), '[]'::jsonb)::text);
end
$function$;

-- Adds to a counter, in the row or in the history; one that is nowhere begins in the row. What is added may be negative.
create or replace function farebox.usage_add(r farebox.usage, marked jsonb, more_used bigint, more_reserved bigint, keep bigint)
returns farebox.usage
language plpgsql as $function$
declare
  name text := substr(marked #>> '{}', 2);
  i bigint;
  counts bigint[];
  counter jsonb := r.counters -> name;
begin
  select b.i into i from jsonb_array_elements_text(r.shape::jsonb -> 0) with ordinality as b (marked, i)
    where substr(b.marked, 2) = name;
  if i is not null then
    counts := farebox.usage_counts(r);
    counts[3 * i - 2] := counts[3 * i - 2] + more_used;
    counts[3 * i - 1] := counts[3 * i - 1] + more_reserved;
    counts[3 * i] := greatest(counts[3 * i], keep);
    return farebox.usage_with(r, r.shape, counts, r.paid);
  end if;
  if counter is null then
    update farebox.usage_history as h set used = used + more_used, keep_until = greatest(keep_until, keep)
      where h.customer = r.customer and h.feature = r.feature and h.bucket = name;
    if found then
      return r;
    end if;
  end if;
  counter := jsonb_build_array(
    coalesce((counter ->> 0)::bigint, 0) + more_used,
    coalesce((counter ->> 1)::bigint, 0) + more_reserved,
    greatest((counter ->> 2)::bigint, keep, 0)
  );
  r.counters := coalesce(r.counters, '{}') || jsonb_build_object(name, counter);
  return r;
end
$function$;
`
