import { type Migration, createMigration } from './migration.ts'

/**
 * The schema, what ran in it, and the records: one table for the rows of every collection. `value` is JSON as text, for
 * `jsonb` refuses `\u0000` and orders keys anew. `indexed` holds the fields by which the row can be found.
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

create index records_customers_payment_customer on farebox.records ((indexed -> 'paymentCustomer'))
  where collection = 'customers' and indexed -> 'paymentCustomer' is not null;
create index records_customers_created_at on farebox.records ((indexed -> 'createdAt'))
  where collection = 'customers' and indexed -> 'createdAt' is not null;
create index records_customers_changes_at on farebox.records ((indexed -> 'changesAt'))
  where collection = 'customers' and indexed -> 'changesAt' is not null;
create index records_inbox_state on farebox.records ((indexed -> 'state'))
  where collection = 'inbox' and indexed -> 'state' is not null;
create index records_inbox_keep_until on farebox.records ((indexed -> 'keepUntil'))
  where collection = 'inbox' and indexed -> 'keepUntil' is not null;
create index records_outbox_due_at on farebox.records ((indexed -> 'dueAt'))
  where collection = 'outbox' and indexed -> 'dueAt' is not null;

create function farebox.lock_customers(customers text[]) returns void
language plpgsql volatile set search_path = '' as $function$
declare
  lock_key bigint;
begin
  for lock_key in
    select distinct pg_catalog.hashtextextended(customer, 4607182418800017408) as lock_key
    from unnest(customers) as customer order by lock_key
  loop
    perform pg_catalog.pg_advisory_xact_lock(lock_key);
  end loop;
end
$function$;
revoke all on function farebox.lock_customers(text[]) from public;

-- Takes [[customer, [[collection, id, expected revision or null, value or null, indexed or null], ...]], ...] and answers,
-- for each, null for what was committed or the position of the write that met another revision.
create function farebox.commit_records(requests jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $function$
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
  end loop;
  return answers;
end
$function$;
revoke all on function farebox.commit_records(jsonb) from public;

create function farebox.forget_records(customer text) returns void
language plpgsql volatile set search_path = '' as $function$
begin
  perform farebox.lock_customers(array[customer]);
  delete from farebox.records as r where r.customer = forget_records.customer;
end
$function$;
revoke all on function farebox.forget_records(text) from public;
`)
