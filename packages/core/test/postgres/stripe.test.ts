import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import { afterAll, beforeAll, it } from 'vitest'
import { liveHistories } from '../stripe/histories.ts'
import { type CreateStore, isFull } from '../stripe/world.ts'
import { type Database, createDatabase, openPool } from './databases.ts'

const database: Database = await createDatabase()
const { client, close } = openPool(database.url)

beforeAll(async () => migrate(client))
afterAll(async () => {
  await close()
  await database.drop()
})

const createStore: CreateStore = async (clock) => {
  const { rows } = await client.query<{ name: string }>(`select oid::regclass::text as name from pg_class
    where relnamespace = 'farebox'::regnamespace and relkind = 'r' and relname <> 'migrations'`)
  // Quicker than truncate, for a handful of rows.
  for (const { name } of rows) await client.query(`delete from ${name}`)
  return postgresStore({ client, clock })
}

it('ends equal to Stripe, each event once, over shuffled, doubled and lossy histories', { timeout: isFull ? 3_600_000 : 300_000 }, async () => {
  await liveHistories(isFull ? 1000 : 10, createStore)
})
