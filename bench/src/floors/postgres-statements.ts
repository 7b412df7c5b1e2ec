/** The tables of the statements below. */
export const tables: readonly string[] = [
  'create table if not exists windows (key text primary key, used bigint not null) with (fillfactor = 70)',
  'create table if not exists names (name text primary key)',
]

/** Counts one in a window, never above the limit: no row is answered where the limit holds it no more. */
export const take = `
insert into windows (key, used) values ($1, 1)
on conflict (key) do update set used = windows.used + 1 where windows.used < $2
returning used`

/** The same, where a name that was used before counts nothing. */
export const takeOnce = `
with named as (insert into names (name) values ($3) on conflict do nothing returning name)
insert into windows (key, used) select $1, 1 from named
on conflict (key) do update set used = windows.used + 1 where windows.used < $2
returning used`
