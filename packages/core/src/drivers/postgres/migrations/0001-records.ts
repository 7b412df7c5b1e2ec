import { type Migration, createMigration, revokeFunctions } from './migration.ts'
import { createRecordIndex, recordRow } from './record-row.ts'
import { byIndex } from './usage/by-index.ts'

/** Rows are found by their keys, and each statement is planned once a connection. */
const plans = `${byIndex} set plan_cache_mode = force_generic_plan`

/** Locks customers, always in the same order, until the end of the transaction. */
function lock(customers: string): string {
  return `perform pg_catalog.pg_advisory_xact_lock(locked.key) from (
    select distinct pg_catalog.hashtextextended(customer, 4607182418800017408) as key from unnest(${customers}) as customer order by key offset 0
  ) as locked`
}

/**
 * The schema, what ran in it, and the records: one table for the rows of every collection. `value` is JSON as text, for
 * `jsonb` refuses `\u0000` and orders keys anew. `indexed` holds the fields by which the row can be found: each has an index in
 * the very order in which rows are asked for, or the planner reads the primary key, and so every customer, in search of the first.
 *
 * A commit locks its customers first, always in the same order; each statement after that sees what was committed before.
 */
export const recordsMigration: Migration = createMigration(1, 'records', String.raw`
create schema farebox;
revoke all on schema farebox from public;

create table farebox.migrations (
  version integer primary key,
  name text not null,
  applied_at timestamptz not null default now(),
  run text
);
alter table farebox.migrations enable row level security;
revoke all on farebox.migrations from public;

create table farebox.records (
  customer text collate "C" not null,
  collection text collate "C" not null,
  id text collate "C" not null,
  revision bigint not null,
  value text not null,
  indexed jsonb,
  primary key (customer, collection, id)
) with (fillfactor = 90);
alter table farebox.records enable row level security;
revoke all on farebox.records from public;

${createRecordIndex('customers', 'payment_customer', 'paymentCustomer')}
${createRecordIndex('customers', 'created_at', 'createdAt')}
${createRecordIndex('customers', 'changes_at', 'changesAt')}
${createRecordIndex('inbox', 'state', 'state')}
${createRecordIndex('inbox', 'keep_until', 'keepUntil')}
${createRecordIndex('outbox', 'due_at', 'dueAt')}

create function farebox.lock_customers(customers text[]) returns void
language plpgsql volatile set search_path = '' as $function$
begin
  ${lock('customers')};
end
$function$;

-- Raises the markers of customers in the tables of usage, which come with a later migration. Whoever calls it has locked the
-- customers here, and sets the plans; nothing that locks them there goes on to lock them here. Where a first row is missing, or whoever
-- held it has deleted it, it is made and looked for again.
create function farebox.raise_markers(owners text[], versions bigint[], given bigint) returns void
language plpgsql volatile as $function$
declare
  present bigint;
begin
  while cardinality(owners) > (
    select count(*) filter (where own.feature = '') from (
      select u.feature from farebox.usage as u where u.customer = any (owners) order by u.customer, u.feature for update
    ) as own
  ) loop
    insert into farebox.usage (customer, feature) select o.customer collate "C", '' from unnest(owners) as o (customer) order by 1
      on conflict do nothing;
  end loop;
  present := farebox.usage_present(given);
  update farebox.usage as u set version = a.version, marker_until = present + 900000
    from (
      select o.customer, o.version,
        (select max(m.version) from farebox.usage as m where m.customer = o.customer and m.marker_until > present) as marker
      from unnest(owners, versions) as o (customer, version) offset 0
    ) as a
    where u.customer = any (owners) and u.customer = a.customer
      and (a.marker is null or a.version > a.marker or (a.version = a.marker and u.feature = ''));
end
$function$;

-- Commits of different customers, none of which writes a row twice, as one set of rows. Each customer has a version, or null; each
-- row has the place of its customer, counted from one. Answers the positions of the writes that met another revision, counted from
-- one: nothing of their customers is written. Markers are raised to the versions of what is committed.
create function farebox.commit_rows(
  customers text[], versions bigint[], places integer[], collections text[], ids text[], expects bigint[], contents text[],
  indexes text[], given bigint
) returns text
language plpgsql volatile set search_path = '' ${plans} as $function$
declare
  met bigint[];
  refused integer[] := '{}';
  raised text[] := customers;
  raised_to bigint[] := versions;
begin
  ${lock('customers')};
  met := array(
    select w.position from unnest(places, collections, ids, expects) with ordinality as w (place, collection, id, expect, position)
    where w.expect <> coalesce((
      select r.revision from farebox.records as r where r.customer = customers[w.place] and r.collection = w.collection and r.id = w.id
    ), 0) order by w.position
  );
  if cardinality(met) > 0 then
    refused := array(select places[m.position] from unnest(met) as m (position));
  end if;
  insert into farebox.records as r (customer, collection, id, revision, value, indexed)
    select customers[w.place], w.collection, w.id, 1, w.content, w.index::jsonb
    from unnest(places, collections, ids, contents, indexes) as w (place, collection, id, content, index)
    where w.content is not null and not w.place = any (refused)
    on conflict (customer, collection, id) do update
    set revision = r.revision + 1, value = excluded.value, indexed = excluded.indexed;
  if array_position(contents, null) is not null then
    delete from farebox.records as r using unnest(places, collections, ids, contents) as w (place, collection, id, content)
      where w.content is null and not w.place = any (refused)
        and r.customer = customers[w.place] and r.collection = w.collection and r.id = w.id;
  end if;
  if cardinality(refused) > 0 or array_position(versions, null) is not null then
    select array_agg(o.customer), array_agg(o.version) into raised, raised_to
      from unnest(customers, versions) with ordinality as o (customer, version, place)
      where o.version is not null and not o.place = any (refused);
  end if;
  if raised is not null then
    perform farebox.raise_markers(raised, raised_to, given);
  end if;
  return array_to_json(met)::text;
end
$function$;

-- Takes [[customer, [[collection, id, expected revision or null, value or null, indexed or null], ...], version or null], ...]
-- and answers, for each, null for what was committed or the position of the write that met another revision.
create function farebox.commit_records(requests jsonb, given bigint) returns jsonb
language plpgsql volatile set search_path = '' ${plans} as $function$
declare
  answers jsonb := '[]';
  request jsonb;
  write jsonb;
  position bigint;
  conflict bigint;
  slot text;
  present bigint;
  is_repetitive boolean;
  staged jsonb;
begin
  perform farebox.lock_customers(array(select item ->> 0 from jsonb_array_elements(requests) as item));
  for request in select item from jsonb_array_elements(requests) as item loop
    conflict := null;
    staged := '{}';
    is_repetitive := jsonb_array_length(request -> 1) > 1
      and exists (select from jsonb_array_elements(request -> 1) as item group by item ->> 0, item ->> 1 having count(*) > 1);
    for write, position in
      select item, ordinality - 1 from jsonb_array_elements(request -> 1) with ordinality as items (item, ordinality)
    loop
      slot := (write ->> 0) || ':' || (write ->> 1);
      present := case when is_repetitive then staged ->> slot end;
      if present is null then
        select r.revision into present from farebox.records as r
          where r.customer = request ->> 0 and r.collection = write ->> 0 and r.id = write ->> 1;
        present := coalesce(present, 0);
      end if;
      if (write ->> 2)::bigint <> present then
        conflict := position;
        exit;
      end if;
      if is_repetitive then
        staged := staged || jsonb_build_object(slot, case when write ->> 3 is null then 0 else present + 1 end);
      end if;
    end loop;
    if conflict is null then
      for write in select item from jsonb_array_elements(request -> 1) as item loop
        if write ->> 3 is null then
          delete from farebox.records as r
            where r.customer = request ->> 0 and r.collection = write ->> 0 and r.id = write ->> 1;
        else
          insert into farebox.records as r (customer, collection, id, revision, value, indexed)
            values (request ->> 0, write ->> 0, write ->> 1, 1, write ->> 3, nullif(write -> 4, 'null'))
            on conflict (customer, collection, id) do update
            set revision = r.revision + 1, value = excluded.value, indexed = excluded.indexed;
        end if;
      end loop;
    end if;
    answers := answers || jsonb_build_array(conflict);
    if conflict is null and request ->> 2 is not null then
      perform farebox.raise_markers(array[request ->> 0], array[(request ->> 2)::bigint], given);
    end if;
  end loop;
  return answers;
end
$function$;

-- Takes [[customer, [collection, ...], [[collection, id], ...]], ...] and answers the rows as the text of a JSON list of
-- [position, [customer, id, revision, value], collection]. Values are JSON already, and are put together as text.
create function farebox.load_records(places jsonb) returns text
language plpgsql stable set search_path = '' ${plans} as $function$
declare
  answer text;
begin
  select string_agg('[' || asked.position - 1 || ',' || ${recordRow} || ',"' || r.collection || '"]', ',')
    into answer
    from jsonb_array_elements(places) with ordinality as asked (place, position)
    cross join lateral (
      (select * from farebox.records as own
      where own.customer = asked.place ->> 0 and own.collection = any (array(select jsonb_array_elements_text(asked.place -> 1)))
      order by own.collection, own.id offset 0)
      union all
      (select own.* from jsonb_array_elements(asked.place -> 2) as named (place)
      cross join lateral (
        select * from farebox.records as r
        where r.customer = asked.place ->> 0 and r.collection = named.place ->> 0 and r.id = named.place ->> 1 offset 0
      ) as own)
    ) as r;
  return '[' || coalesce(answer, '') || ']';
end
$function$;

create function farebox.forget_records(customer text) returns void
language plpgsql volatile set search_path = '' as $function$
begin
  perform farebox.lock_customers(array[customer]);
  delete from farebox.records as r where r.customer = forget_records.customer;
end
$function$;

${revokeFunctions}
`)
