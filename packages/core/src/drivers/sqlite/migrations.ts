/** A step of the tables: plain SQL, run once, in the order of versions. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** Several statements, to be run in one transaction. The last one notes in `farebox_migrations` that it ran. */
  readonly sql: string
}

/** A migration that notes that it ran. No statement holds a semicolon but at its end; none is changed once it was published. */
function createMigration(version: number, name: string, sql: string): Migration {
  const note = `insert into farebox_migrations (version, name) values (${version}, '${name}');`
  return { version, name, sql: `${sql.trim()}\n\n${note}\n` }
}

/**
 * Names are kept as text that every client carries; a document is the text of `storage/rows`, and where it has one counter,
 * `used` and `until` may stand beside it (`split-document.ts`). Keys come first in their
 * table: those that grow with time, as most do, are then written side by side. To forget a customer reads all of them, 0.1 s
 * a million; an index for that would make each key cost five times as much.
 */
const first = `
create table if not exists farebox_migrations (
  version integer primary key,
  name text not null,
  applied_at integer not null default (unixepoch())
);

create table farebox_usage (
  id integer primary key autoincrement,
  customer text not null unique,
  document text not null,
  revision integer not null,
  used integer,
  until integer
);

create table farebox_usage_keys (
  customer text not null,
  key text not null,
  outcome text not null,
  until integer not null,
  primary key (key, customer)
) without rowid;

create table farebox_usage_reservations (
  customer text not null,
  feature text not null,
  reservation text not null,
  outcome text not null,
  expires_at integer,
  until integer,
  primary key (customer, feature, reservation)
) without rowid;

create index farebox_usage_reservations_held
  on farebox_usage_reservations (customer, feature, expires_at) where expires_at is not null;

create table farebox_usage_counters (
  customer text not null,
  feature text not null,
  bucket text not null,
  used integer not null,
  keep_until integer,
  start integer,
  primary key (customer, feature, bucket)
) without rowid;

create table farebox_records (
  customer text not null,
  collection text not null,
  id text not null,
  revision integer not null,
  value text not null,
  primary key (customer, collection, id)
) without rowid;

create table farebox_record_fields (
  collection text not null,
  field text not null,
  value blob not null,
  customer text not null,
  id text not null,
  primary key (collection, field, value, customer, id)
) without rowid;

create index farebox_record_fields_row on farebox_record_fields (customer, collection, id);
`

/** Every migration, in the order of versions. The store runs them itself; print them where another tool keeps the tables. */
export const migrations: readonly Migration[] = [createMigration(1, 'counters and records', first)]

/** The single statements of a migration. */
export function statementsOf({ sql }: Migration): readonly string[] {
  return sql
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
