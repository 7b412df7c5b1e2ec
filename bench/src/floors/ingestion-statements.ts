/** The tables of the statements below. */
export const tables: readonly string[] = [
  'create table if not exists events (id text primary key, type text not null, created bigint not null)',
  `create table if not exists subscriptions (id text primary key, customer text not null, status text not null, price text, quantity int,
    period_start bigint, period_end bigint, cancel_at_period_end boolean, as_of bigint not null) with (fillfactor = 50)`,
]

export const insertEvent = 'insert into events (id, type, created) values ($1, $2, $3) on conflict do nothing'

export const upsertSubscription = `
insert into subscriptions as s (id, customer, status, price, quantity, period_start, period_end, cancel_at_period_end, as_of)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (id) do update set status = excluded.status, price = excluded.price, quantity = excluded.quantity,
  period_start = excluded.period_start, period_end = excluded.period_end,
  cancel_at_period_end = excluded.cancel_at_period_end, as_of = excluded.as_of
where s.as_of <= excluded.as_of`
