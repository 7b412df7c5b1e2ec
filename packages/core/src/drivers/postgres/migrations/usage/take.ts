/** Consume and reserve, one at a time, whatever they meet. */
export const usageTake: string = String.raw`
create or replace function farebox.usage_drawn(seen farebox.usage_keys) returns jsonb
language sql immutable as $function$
  select coalesce(seen.drawn, jsonb_build_array(jsonb_build_array(seen.shape::jsonb -> 0 -> (seen.paid - 1), seen.amount)))
$function$;

-- What a key stands for, unless its time is over or its reservation has expired into nothing.
create or replace function farebox.usage_seen(owner text, asked text, present bigint) returns farebox.usage_keys
language plpgsql as $function$
declare
  seen farebox.usage_keys;
begin
  select * into seen from farebox.usage_keys as k where k.customer = owner and k.key = asked;
  if seen.until <= present then
    return null;
  end if;
  if seen.reservation is not null then
    if farebox.usage_expire(owner, seen.feature, present) > 0 then
      select * into seen from farebox.usage_keys as k where k.customer = owner and k.key = asked;
    end if;
  end if;
  return seen;
end
$function$;

-- The customer's marker: that of any copy that has not expired.
create or replace function farebox.usage_marker(owner text, present bigint) returns bigint
language sql stable as $function$
  select u.version from farebox.usage as u where u.customer = owner and u.marker_until > present
  order by u.marker_until desc limit 1
$function$;

-- Notes what is reserved.
create or replace function farebox.usage_keep(o farebox.usage_operation, draws jsonb, expiring bigint) returns void
language plpgsql as $function$
begin
  insert into farebox.usage_reservations
    (customer, feature, id, amount, drawn, buckets, overdraft, overdraft_bucket, on_expiry, expires_at, key)
    values (o.customer, o.feature, o.reservation, o.amount, draws, (
      select coalesce(jsonb_agg(jsonb_build_array(o.shape::jsonb -> 0 -> (i - 1), o.limits[i], o.keeps[i]) order by i), '[]')
      from generate_subscripts(o.limits, 1) as i
    ), o.overdraft, o.overdraft_bucket, o.on_expiry, expiring, o.key);
end
$function$;

-- Key, version and interval, gates, buckets, in this order; writes only when all of them agree.
create or replace function farebox.usage_take(o farebox.usage_operation, present bigint) returns jsonb
language plpgsql as $function$
declare
  r farebox.usage;
  seen farebox.usage_keys;
  marker bigint;
  is_new boolean;
  is_marked boolean;
  refusal text;
  counts bigint[];
  asked jsonb;
  buckets integer := cardinality(o.limits);
  arrival bigint;
  rest bigint := o.amount;
  part bigint;
  payer integer := 1;
  draws jsonb := '[]';
  expiring bigint := case o.verb when 'reserve' then present + o.expires_in end;
begin
  if o.key is not null then
    seen := farebox.usage_seen(o.customer, o.key, present);
  end if;
  perform farebox.usage_expire(o.customer, o.feature, present);
  r := farebox.usage_row(o.customer, o.feature);
  is_new := r.marker_until is null;
  counts := farebox.usage_counts_as(r, o.shape);
  if seen.key is not null then
    if seen.feature <> o.feature or seen.amount <> o.amount or (seen.reservation is null) <> (o.verb = 'consume') then
      return jsonb_build_array('conflict', counts);
    end if;
    return jsonb_build_array('repeated', counts, farebox.usage_drawn(seen), seen.until, seen.reservation, seen.expires_at);
  end if;
  if o.verb = 'reserve' then
    perform from farebox.usage_reservations as h
      where h.customer = o.customer and h.feature = o.feature and h.id = o.reservation and (h.ended is null or h.until > present);
    if found then
      return jsonb_build_array('conflict', counts);
    end if;
  end if;

  marker := case when r.marker_until > present then r.version else farebox.usage_marker(o.customer, present) end;
  if o.loaded then
    if marker is null or o.version > marker then
      -- All rows but this one, and the first one where that has no copy to be raised: whatever is counted has one.
      update farebox.usage as u set version = o.version, marker_until = present + 900000
        where u.customer = o.customer and u.feature <> o.feature and (u.feature <> '' or u.marker_until > present);
      marker := o.version;
    end if;
  elsif marker is null or o.version <> marker or present < o.valid_from or present >= o.valid_until then
    return jsonb_build_array('stale', marker);
  end if;
  is_marked := o.version = marker;

  for i in 1 .. cardinality(o.steps) loop
    arrival := greatest(counts[3 * buckets + i], present * 1000) + o.steps[i] * o.requests;
    if arrival - present * 1000 > o.rooms[i] then
      refusal := 'gate';
    end if;
  end loop;
  for i in 1 .. buckets loop
    part := least(o.limits[i] - counts[3 * i - 2] - counts[3 * i - 1], rest);
    rest := rest - greatest(part, 0);
    exit when rest = 0;
  end loop;
  if rest > 0 then
    refusal := coalesce(refusal, 'bucket');
  end if;
  if refusal is not null then
    if is_marked then
      update farebox.usage as u set version = marker, marker_until = present + 900000
        where u.customer = o.customer and u.feature = case when is_new then '' else o.feature end;
    end if;
    return jsonb_build_array(refusal, counts);
  end if;

  if is_new or is_marked then
    r.version := marker;
    r.marker_until := case when is_marked then present + 900000 else 0 end;
  end if;
  if r.shape <> o.shape then
    r := farebox.usage_reshaped(r, o.shape, present);
  end if;
  asked := o.shape::jsonb -> 0;
  rest := o.amount;
  for i in 1 .. buckets loop
    part := least(o.limits[i] - counts[3 * i - 2] - counts[3 * i - 1], rest);
    continue when part <= 0;
    draws := draws || jsonb_build_array(jsonb_build_array(asked -> (i - 1), part));
    if o.verb = 'consume' then
      counts[3 * i - 2] := counts[3 * i - 2] + part;
    else
      counts[3 * i - 1] := counts[3 * i - 1] + part;
    end if;
    counts[3 * i] := greatest(counts[3 * i], o.keeps[i]);
    payer := i;
    rest := rest - part;
    exit when rest = 0;
  end loop;
  for i in 1 .. cardinality(o.steps) loop
    counts[3 * buckets + i] := greatest(counts[3 * buckets + i], present * 1000) + o.steps[i] * o.requests;
  end loop;
  r := farebox.usage_with(r, o.shape, counts, payer);
  r.expiry := least(r.expiry, expiring);
  if is_new then
    insert into farebox.usage values (r.*);
  else
    perform farebox.usage_save(r);
  end if;

  if o.verb = 'reserve' then
    delete from farebox.usage_reservations as h
      where h.customer = o.customer and h.feature = o.feature and h.id = o.reservation;
    perform farebox.usage_keep(o, draws, expiring);
  end if;
  if o.key is not null then
    delete from farebox.usage_keys as k where k.customer = o.customer and k.key = o.key;
    insert into farebox.usage_keys (customer, key, feature, amount, until, drawn, reservation, expires_at)
      values (o.customer, o.key, o.feature, o.amount, present + o.key_for, draws, o.reservation, expiring);
  end if;
  return jsonb_build_array('taken', counts, draws, present + o.key_for, o.reservation, expiring);
end
$function$;
`
