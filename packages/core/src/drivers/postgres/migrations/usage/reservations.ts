/** What ends a reservation: by its caller, or because its time is over. */
export const usageReservations: string = String.raw`
-- The row with what of the draws is to be counted, and with all that is held free.
create or replace function farebox.usage_moved(r farebox.usage, held farebox.usage_reservations, counted jsonb) returns farebox.usage
language plpgsql as $function$
declare
  draw jsonb;
begin
  for draw in select value from jsonb_array_elements(held.drawn) loop
    r := farebox.usage_add(r, draw -> 0, 0, -(draw ->> 1)::bigint, 0);
  end loop;
  for draw in select value from jsonb_array_elements(counted) loop
    r := farebox.usage_add(r, draw -> 0, (draw ->> 1)::bigint, 0, 0);
  end loop;
  return r;
end
$function$;

-- Turns a held reservation into a remembered one. A key that counted nothing in the end is free again.
create or replace function farebox.usage_end(held farebox.usage_reservations, how text, amount bigint, counted jsonb, until bigint)
returns void
language plpgsql as $function$
begin
  update farebox.usage_reservations as e
    set ended = how, amount = usage_end.amount, drawn = counted, until = usage_end.until
    where e.customer = held.customer and e.feature = held.feature and e.id = held.id;
  if how = 'released' or (how = 'expired' and held.on_expiry = 'release') then
    delete from farebox.usage_keys as k
      where k.customer = held.customer and k.key = held.key and k.feature = held.feature and k.reservation = held.id;
  end if;
end
$function$;

-- Ends what of a feature has expired, as it was declared, and says how many those were.
create or replace function farebox.usage_expire(owner text, name text, present bigint) returns bigint
language plpgsql as $function$
declare
  r farebox.usage;
  held farebox.usage_reservations;
  ended bigint := 0;
begin
  select * into r from farebox.usage as u where u.customer = owner and u.feature = name and u.expiry <= present;
  if not found then
    return 0;
  end if;
  for held in
    select * from (
      select * from farebox.usage_reservations as h where h.customer = owner and h.feature = name offset 0
    ) as h where h.ended is null and h.expires_at <= present
  loop
    if held.on_expiry = 'settle' then
      r := farebox.usage_moved(r, held, held.drawn);
      perform farebox.usage_end(held, 'expired', held.amount, held.drawn, held.expires_at + 86400000);
    else
      r := farebox.usage_moved(r, held, '[]');
      perform farebox.usage_end(held, 'expired', 0, '[]', held.expires_at + 86400000);
    end if;
    ended := ended + 1;
  end loop;
  r.expiry := coalesce((
    select min(h.expires_at) from (
      select * from farebox.usage_reservations as h where h.customer = owner and h.feature = name offset 0
    ) as h where h.ended is null
  ), 9007199254740991);
  perform farebox.usage_save(r);
  return ended;
end
$function$;

-- One draw for each bucket, in the order in which they were drawn first.
create or replace function farebox.usage_sums(drawn jsonb) returns jsonb
language sql immutable as $function$
  select coalesce(jsonb_agg(jsonb_build_array(name, amount) order by first), '[]') from (
    select min(draw ->> 0) as name, sum((draw ->> 1)::bigint)::bigint as amount, min(i) as first
    from jsonb_array_elements(drawn) with ordinality as item (draw, i)
    group by substr(draw ->> 0, 2)
  ) as sums
$function$;

create or replace function farebox.usage_settle(o farebox.usage_operation, present bigint) returns jsonb
language plpgsql as $function$
declare
  r farebox.usage;
  held farebox.usage_reservations;
  counter bigint[];
  bucket jsonb;
  draw jsonb;
  counted jsonb := '[]';
  rest bigint := o.amount;
  part bigint;
  most bigint;
begin
  perform farebox.usage_expire(o.customer, o.feature, present);
  select * into held from farebox.usage_reservations as h
    where h.customer = o.customer and h.feature = o.feature and h.id = o.reservation;
  if not found or held.until <= present then
    return jsonb_build_array('unknown', null);
  elsif held.ended = 'settled' and held.amount = o.amount then
    return jsonb_build_array('ended', o.amount, true, held.drawn);
  elsif held.ended is not null then
    return jsonb_build_array('unknown', held.ended);
  end if;

  r := farebox.usage_row(o.customer, o.feature);
  counter := farebox.usage_counter(r, held.overdraft_bucket -> 0);
  most := held.amount + least(held.overdraft, 9007199254740991 - counter[1] - counter[2]);
  if o.amount > most then
    return jsonb_build_array('over', most);
  end if;
  -- What was drawn last goes back first.
  for draw in select value from jsonb_array_elements(held.drawn) loop
    exit when rest = 0;
    part := least((draw ->> 1)::bigint, rest);
    counted := counted || jsonb_build_array(jsonb_build_array(draw -> 0, part));
    rest := rest - part;
  end loop;
  r := farebox.usage_moved(r, held, counted);
  -- Above what was held: from its own buckets as far as they have room, then beyond every limit.
  for bucket in select value from jsonb_array_elements(held.buckets) loop
    exit when rest = 0;
    counter := farebox.usage_counter(r, bucket -> 0);
    part := least((bucket ->> 1)::bigint - counter[1] - counter[2], rest);
    continue when part <= 0;
    r := farebox.usage_add(r, bucket -> 0, part, 0, (bucket ->> 2)::bigint);
    counted := counted || jsonb_build_array(jsonb_build_array(bucket -> 0, part));
    rest := rest - part;
  end loop;
  if rest > 0 then
    bucket := held.overdraft_bucket;
    r := farebox.usage_add(r, bucket -> 0, rest, 0, (bucket ->> 1)::bigint);
    counted := counted || jsonb_build_array(jsonb_build_array(bucket -> 0, rest));
  end if;
  perform farebox.usage_save(r);
  counted := farebox.usage_sums(counted);
  perform farebox.usage_end(held, 'settled', o.amount, counted, present + 86400000);
  return jsonb_build_array('ended', o.amount, false, counted);
end
$function$;

create or replace function farebox.usage_release_held(o farebox.usage_operation, id text, present bigint) returns jsonb
language plpgsql as $function$
declare
  held farebox.usage_reservations;
begin
  select * into held from farebox.usage_reservations as h
    where h.customer = o.customer and h.feature = o.feature and h.id = usage_release_held.id;
  if not found or held.until <= present then
    return jsonb_build_array('unknown', null);
  elsif held.ended = 'released' then
    return jsonb_build_array('ended', 0, true, held.drawn);
  elsif held.ended is not null then
    return jsonb_build_array('unknown', held.ended);
  end if;
  perform farebox.usage_save(farebox.usage_moved(farebox.usage_row(o.customer, o.feature), held, '[]'));
  perform farebox.usage_end(held, 'released', 0, held.drawn, present + 86400000);
  return jsonb_build_array('ended', 0, false, held.drawn);
end
$function$;

-- Takes all of it off the counters, or nothing where one of them does not hold as much.
create or replace function farebox.usage_give_back(o farebox.usage_operation, drawn jsonb) returns boolean
language plpgsql as $function$
declare
  r farebox.usage := farebox.usage_row(o.customer, o.feature);
  sums jsonb := farebox.usage_sums(drawn);
  draw jsonb;
begin
  for draw in select value from jsonb_array_elements(sums) loop
    if (farebox.usage_counter(r, draw -> 0))[1] < (draw ->> 1)::bigint then
      return false;
    end if;
  end loop;
  for draw in select value from jsonb_array_elements(sums) loop
    r := farebox.usage_add(r, draw -> 0, -(draw ->> 1)::bigint, 0, 0);
  end loop;
  perform farebox.usage_save(r);
  return true;
end
$function$;

create or replace function farebox.usage_release(o farebox.usage_operation, present bigint) returns jsonb
language plpgsql as $function$
declare
  seen farebox.usage_keys;
  drawn jsonb := o.drawn;
begin
  perform farebox.usage_expire(o.customer, o.feature, present);
  if o.target = 'reservation' then
    return farebox.usage_release_held(o, o.reservation, present);
  elsif o.target = 'key' then
    seen := farebox.usage_seen(o.customer, o.key, present);
    if seen.key is null or seen.feature <> o.feature then
      return jsonb_build_array('unknown', null);
    elsif seen.reservation is not null then
      return farebox.usage_release_held(o, seen.reservation, present);
    end if;
    drawn := farebox.usage_drawn(seen);
  end if;
  if not farebox.usage_give_back(o, drawn) then
    return jsonb_build_array('unknown', null);
  end if;
  if o.target = 'key' then
    delete from farebox.usage_keys as k where k.customer = o.customer and k.key = o.key;
  end if;
  return jsonb_build_array('ended', 0, false, drawn);
end
$function$;
`
