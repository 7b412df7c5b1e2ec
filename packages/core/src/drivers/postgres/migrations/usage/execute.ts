/** What clients call. */
export const usageExecute: string = String.raw`
-- Locks all rows of the customers, always in the same order; whoever is to have a marker gets its row first. What the
-- statements after this one read is as it is now, and stays so until the end of the call.
create function farebox.usage_own(owners text[], introduced text[]) returns void
language plpgsql as $function$
begin
  insert into farebox.usage (customer, feature)
    select distinct customer collate "C", '' from unnest(introduced) as customer order by 1
    on conflict do nothing;
  perform from farebox.usage as u where u.customer = any (owners) order by u.customer, u.feature for update;
end
$function$;

create function farebox.usage_execute(given bigint, operations jsonb) returns text
language plpgsql
set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $function$
declare
  o farebox.usage_operation;
  present bigint;
  answers text := '';
  answer jsonb;
begin
  perform farebox.usage_own(
    array(select distinct value ->> 'customer' from jsonb_array_elements(operations)),
    array(select value ->> 'customer' from jsonb_array_elements(operations) where value -> 'loaded' = 'true')
  );
  present := farebox.usage_present(given);
  for o in select * from jsonb_populate_recordset(null::farebox.usage_operation, operations) loop
    case o.verb
      when 'settle' then answer := farebox.usage_settle(o, present);
      when 'release' then answer := farebox.usage_release(o, present);
      else answer := farebox.usage_take(o, present);
    end case;
    answers := answers || ',' || answer::text;
  end loop;
  return '[' || present || answers || ']';
end
$function$;
`
