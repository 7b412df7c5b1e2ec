import { type Asked, admits, markerFor, nextArrival, ownArrivals } from './admission.ts'
import { byLists } from './by-index.ts'

const places = [1, 2, 3]
const gates = [1, 2]

const asked: Asked = {
  present: 'present',
  customer: 'o.customer',
  feature: 'o.feature',
  shape: 'o.shape',
  version: 'o.version',
  validFrom: 'o.valid_from',
  validUntil: 'o.valid_until',
  amount: 'o.amount',
  requests: 'o.requests',
  limits: places.map((place) => `o.limits[${place}]`),
  keeps: places.map((place) => `o.keeps[${place}]`),
  steps: gates.map((gate) => `coalesce(o.steps[${gate}], 0)`),
  rooms: gates.map((gate) => `o.rooms[${gate}]`),
  arrivals: ownArrivals,
}

/** Whoever has read the records for this call needs no interval. */
const isMarked = 'o.loaded and u.version = o.version and u.marker_until > present'

/**
 * What clients call to reserve without a key and to settle, where rows are as they were: each reservation is of the bucket that
 * paid last, which has room for all of it, and none is settled to more than it holds. It answers as `usage_execute` does,
 * or null where one of them is otherwise, and then nothing was done. Rows are locked in the order in which everybody locks
 * them, and one that came meanwhile when it is read; those of a feature's reservations are looked at by those alone who hold
 * its row.
 */
export const usageHold: string = String.raw`
create or replace function farebox.usage_hold(given bigint, others jsonb) returns text
language plpgsql ${byLists} as $function$
declare
  present bigint;
  u farebox.usage;
  o farebox.usage_operation;
  held farebox.usage_reservations;
  draws jsonb;
  result jsonb;
  others_taken text := '';
begin
  perform from farebox.usage as r
    where r.customer = any (array(select x.value ->> 'customer' from jsonb_array_elements(others) as x (value)))
      and r.feature = any (array(select x.value ->> 'feature' from jsonb_array_elements(others) as x (value)))
    order by r.customer, r.feature for update;
  present := farebox.usage_present(given);
  for o in select * from jsonb_populate_recordset(null::farebox.usage_operation, others) loop
    select * into u from farebox.usage as r where r.customer = o.customer and r.feature = o.feature for update;
    draws := jsonb_build_array(jsonb_build_array(u.shape::jsonb -> 0 -> (u.paid - 1), o.amount));
    if o.verb = 'settle' then
      select * into held from farebox.usage_reservations as h
        where h.customer = o.customer and h.feature = o.feature and h.id = o.reservation;
      if (
        held.ended is null and u.expiry > present and o.amount between 1 and held.amount
        and jsonb_set(draws, '{0,1}', to_jsonb(held.amount)) = held.drawn
      ) is not true then
        raise sqlstate 'FB001';
      end if;
      u.used := u.used + o.amount;
      u.reserved := u.reserved - held.amount;
      perform farebox.usage_end(held, 'settled', o.amount, draws, present + 86400000);
      result := jsonb_build_array('ended', o.amount, false, draws);
    else
      if (${admits(asked, isMarked)}) is not true then
        raise sqlstate 'FB001';
      end if;
      u.marker_until := present + ${markerFor};
      u.reserved := u.reserved + o.amount;
      u.expiry := least(u.expiry, present + o.expires_in);
      u.arrival := ${nextArrival(asked, 0)};
      u.arrival_2 := ${nextArrival(asked, 1)};
      perform farebox.usage_keep(o, draws, present + o.expires_in);
      result := jsonb_build_array('taken', farebox.usage_counts(u), draws, present + o.key_for, o.reservation, present + o.expires_in);
    end if;
    perform farebox.usage_save(u);
    others_taken := others_taken || ',' || result;
  end loop;
  return '[' || present || ',null,[],[' || substr(others_taken, 2) || ']]';
exception when sqlstate 'FB001' or unique_violation then
  return null;
end
$function$;
`
