import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordStoreContract } from '../../src/testing/record-store-contract.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { usageStoreContract } from '../../src/testing/usage-store-contract.ts'
import { type Database, createDatabase, openPool, openPostgresJs } from './databases.ts'
import { startTransactionPooler } from './transaction-pooler.ts'

const database: Database = await createDatabase()
const pooler = await startTransactionPooler(database.url)
afterAll(async () => {
  await pooler.close()
  await database.drop()
})

const kinds = [
  { kind: 'pg', open: openPool, prepare: false },
  { kind: 'postgres', open: openPostgresJs, prepare: false },
  { kind: 'pg whose prepared statements get lost', open: openPool, prepare: true },
  // The package postgres repeats lost statements by itself and gets stuck when many are under way: it has to be told.
]

describe.each(kinds)('behind a pooler in transaction mode, $kind', ({ open, prepare }) => {
  const { client, close } = open(pooler.url)
  let migrated: unknown
  beforeAll(async () => void (migrated = await migrate(client)))
  afterAll(async () => close())

  it('brings the schema up to date', async () => {
    expect(migrated).toMatchObject({ version: expect.any(Number) })
  })

  const records = recordStoreContract({ create: () => ({ store: postgresStore({ client, prepare }).records }) })
  it.each(records)('records: $name', async (rule) => rule.run())

  const usage = usageStoreContract({
    hasClock: true,
    create() {
      const clock = manualClock()
      return { store: postgresStore({ client, clock, prepare }).usage, clock }
    },
  })
  it.each(usage)('usage: $name', async (rule) => rule.run())
})

it('the pooler handed transactions to all of its connections', () => {
  expect(Math.min(...pooler.served)).toBeGreaterThan(100)
})
