/**
 * One row for each customer and feature, so that consuming touches one row. Fixed columns come first and nothing that
 * changes is indexed: an update stays on its page.
 *
 * - `shape` names what the row counts: `[["aallowance:0"], ["100/minute"]]`, buckets in burn order, each behind the first
 *   letter of its kind, then gates. It is the text that callers send, so that comparing it compares all names at once.
 * - `used`, `reserved` and `keep_until` are of the bucket that paid last, the one at position `paid` of the shape;
 *   `arrival` and `arrival_2` are of the first two gates, in microseconds.
 * - `state` has all of it where the shape names more than one bucket or two gates: for each bucket what is used, what is
 *   reserved and until when it is kept, then for each gate its arrival. What has columns of its own is not kept up there,
 *   and there is none where all else is 0.
 * - `counters` and `gates` hold what the row has and the shape does not name.
 * - `expiry`: no held reservation expires before. `version` and `marker_until` are a copy of the customer's marker; the row
 *   of feature '', which counts nothing and has nothing else, has one where nothing was counted with it. Copies that have
 *   not expired are all of one version.
 *
 * Instants are milliseconds; 9007199254740991 stands for none.
 */
export const usageTables: string = String.raw`
create table farebox.usage (
  marker_until bigint not null default 0,
  version bigint not null default 0,
  expiry bigint,
  used bigint,
  reserved bigint,
  keep_until bigint,
  arrival bigint,
  arrival_2 bigint,
  paid integer,
  customer text collate "C" not null,
  feature text collate "C" not null,
  shape text collate "C" not null default '[[],[]]',
  state bigint[],
  counters jsonb,
  gates jsonb,
  primary key (customer, feature)
) with (fillfactor = 70);

-- Counters of past periods and used-up grants, so that rows stay small for years. A counter is in one place only.
create table farebox.usage_history (
  customer text collate "C" not null,
  feature text collate "C" not null,
  bucket text collate "C" not null,
  used bigint not null,
  keep_until bigint not null,
  primary key (customer, feature, bucket)
);
create index usage_history_keep_until on farebox.usage_history (keep_until);

-- What was drawn is either all of the amount, from the bucket at position "paid" of the shape, or listed.
create table farebox.usage_keys (
  until bigint not null,
  amount bigint not null,
  expires_at bigint,
  paid integer,
  customer text collate "C" not null,
  key text collate "C" not null,
  feature text collate "C" not null,
  shape text collate "C",
  drawn jsonb,
  reservation text,
  primary key (customer, key)
);
create index usage_keys_until on farebox.usage_keys (until);

-- Held while "ended" is null; afterwards remembered until "until", with what was counted or given back in the end.
create table farebox.usage_reservations (
  customer text collate "C" not null,
  feature text collate "C" not null,
  id text collate "C" not null,
  amount bigint not null,
  drawn jsonb not null,
  buckets jsonb not null,
  overdraft bigint not null,
  overdraft_bucket jsonb not null,
  on_expiry text not null,
  expires_at bigint not null,
  key text collate "C",
  ended text,
  until bigint,
  primary key (customer, feature, id)
);
create index usage_reservations_held on farebox.usage_reservations (expires_at) where ended is null;
create index usage_reservations_ended on farebox.usage_reservations (until) where ended is not null;

alter table farebox.usage enable row level security;
alter table farebox.usage_history enable row level security;
alter table farebox.usage_keys enable row level security;
alter table farebox.usage_reservations enable row level security;
revoke all on farebox.usage, farebox.usage_history, farebox.usage_keys, farebox.usage_reservations from public;

create type farebox.usage_operation as (
  verb text,
  customer text,
  feature text,
  shape text,
  amount bigint,
  requests bigint,
  key text,
  key_for bigint,
  version bigint,
  loaded boolean,
  valid_from bigint,
  valid_until bigint,
  limits bigint[],
  keeps bigint[],
  steps bigint[],
  rooms bigint[],
  reservation text,
  expires_in bigint,
  on_expiry text,
  overdraft bigint,
  overdraft_bucket jsonb,
  target text,
  drawn jsonb
);
`
