import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import type { Pool } from 'pg'
import { openPool } from '../fixtures/store-at.ts'
import { type SizedCounters, type SizedPlace, countIn, limit } from './sized-counters.ts'

const takeAll = `
insert into growth_floor.windows as windows (key, used) select key, count(*) from unnest($1::text[]) as key group by key order by key
on conflict (key) do update set used = windows.used + excluded.used where windows.used + excluded.used <= $2
returning used`

/** A schema in PostgreSQL. The floor is one upsert for each call, of all its windows in order. */
export const sizedPostgres: SizedPlace = {
  farebox() {
    return inSchema('farebox', async (client) => {
      await migrate(client)
      return countIn(postgresStore({ client }).usage)
    })
  },
  floor() {
    return inSchema('growth_floor', async (client) => {
      await client.query('create schema growth_floor')
      await client.query('create table growth_floor.windows (key text primary key, used bigint not null) with (fillfactor = 70)')
      return async (customers) => {
        const { rowCount } = await client.query({ name: 'take_all', text: takeAll, values: [customers, limit] })
        if (rowCount !== new Set(customers).size) throw new Error('A count was refused')
      }
    })
  },
}

async function inSchema(schema: string, prepare: (client: Pool) => Promise<SizedCounters['count']>): Promise<SizedCounters> {
  const client = openPool()
  const drop = () => client.query(`drop schema if exists ${schema} cascade`)
  await drop()
  return {
    count: await prepare(client),
    async bytes() {
      const { rows } = await client.query<{ bytes: string }>(`
        select coalesce(sum(pg_total_relation_size(oid)), 0) as bytes from pg_class
        where relkind = 'r' and relnamespace = '${schema}'::regnamespace`)
      return Number(rows[0]?.bytes)
    },
    async close() {
      await drop()
      await client.end()
    },
  }
}
