/** Consume and reserve, one at a time, whatever they meet. */
export const usageTake: string = String.raw`
create function farebox.usage_drawn(seen farebox.usage_keys) returns jsonb
language sql immutable as $function$
  select coalesce(seen.drawn, jsonb_build_array(jsonb_build_array(seen.shape::jsonb -> 0 -> (seen.paid - 1), seen.amount)))
$function$;

-- What a key stands for, unless its time is over or its reservation has expired into nothing.
create function farebox.usage_seen(owner text, asked text, present bigint) returns farebox.usage_keys
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
create function farebox.usage_marker(owner text, present bigint) returns bigint
language sql stable as $function$
  select u.version from farebox.usage as u where u.customer = owner and u.marker_until > present
  order by u.marker_until desc limit 1
$function$;

-- The marker only rises; one that has expired starts anew. A version below it neither lowers it nor keeps it.
create function farebox.usage_raise(owner text, asked bigint, present bigint) returns void
language plpgsql as $function$
declare
  marker bigint := farebox.usage_marker(owner, present);
begin
  if marker is null or asked > marker then
    update farebox.usage as u set version = asked, marker_until = present + 900000 where u.customer = owner;
  elsif asked = marker then
    update farebox.usage as u set version = asked, marker_until = present + 900000 where u.customer = owner and u.feature = '';
  end if;
end
$function$;

-- Key, version and interval, gates, buckets, in this order; writes only when all of them agree.
create function farebox.usage_take(o farebox.usage_operation, present bigint) returns jsonb
language plpgsql as $function$
declare
  r farebox.usage;
  seen farebox.usage_keys;
  marker bigint;
  is_marked boolean;
  counts bigint[];
  asked jsonb;
  buckets integer := cardinality(o.limits);
  arrival bigint;
  is_closed boolean := false;
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
  select * into r from farebox.usage as u where u.customer = o.customer and u.feature = o.feature;
  counts := farebox.usage_counts_as(r, o.customer, o.feature, o.shape);
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
      perform farebox.usage_raise(o.customer, o.version, present);
      marker := o.version;
    end if;
  elsif marker is null or o.version <> marker or present < o.valid_from or present >= o.valid_until then
    return jsonb_build_array('stale', marker);
  end if;
  is_marked := o.version = marker;
  if is_marked then
    update farebox.usage as u set version = marker, marker_until = present + 900000
      where u.customer = o.customer and u.feature = case when r.customer is null then '' else o.feature end;
  end if;

  for i in 1 .. cardinality(o.steps) loop
    arrival := greatest(counts[3 * buckets + i], present * 1000) + o.steps[i] * o.requests;
    is_closed := is_closed or arrival - present * 1000 > o.rooms[i];
  end loop;
  if is_closed then
    return jsonb_build_array('gate', counts);
  end if;
  for i in 1 .. buckets loop
    part := least(o.limits[i] - counts[3 * i - 2] - counts[3 * i - 1], rest);
    rest := rest - greatest(part, 0);
    exit when rest = 0;
  end loop;
  if rest > 0 then
    return jsonb_build_array('bucket', counts);
  end if;

  if r.customer is null then
    insert into farebox.usage (customer, feature, version, marker_until)
      values (o.customer, o.feature, marker, case when is_marked then present + 900000 else 0 end)
      returning * into r;
  end if;
  if r.shape <> o.shape then
    perform farebox.usage_reshape(r, o.shape, present);
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
  perform farebox.usage_write(o.customer, o.feature, o.shape, counts, payer);

  if o.verb = 'reserve' then
    update farebox.usage as u set expiry = least(u.expiry, expiring) where u.customer = o.customer and u.feature = o.feature;
    delete from farebox.usage_reservations as h
      where h.customer = o.customer and h.feature = o.feature and h.id = o.reservation;
    insert into farebox.usage_reservations
      (customer, feature, id, amount, drawn, buckets, overdraft, overdraft_bucket, on_expiry, expires_at, key)
      values (o.customer, o.feature, o.reservation, o.amount, draws, (
        select coalesce(jsonb_agg(jsonb_build_array(asked -> (i - 1), o.limits[i], o.keeps[i]) order by i), '[]')
        from generate_subscripts(o.limits, 1) as i
      ), o.overdraft, o.overdraft_bucket, o.on_expiry, expiring, o.key);
  end if;
  if o.key is not null then
    delete from farebox.usage_keys as k where k.customer = o.customer and k.key = o.key;
    insert into farebox.usage_keys (customer, key, feature, amount, until, drawn, reservation, expires_at)
      values (o.customer, o.key, o.feature, o.amount, present + o.key_for, draws,
        case o.verb when 'reserve' then o.reservation end, expiring);
  end if;
  return jsonb_build_array('taken', counts, draws, present + o.key_for, expiring);
end
$function$;
`
