import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, beforeAll, describe, inject, it } from 'vitest'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { usageStoreContract } from '../../src/testing/usage-store-contract.ts'
import { type PostgresClient, queryOf } from '../../src/drivers/postgres/client.ts'
import { migrate } from '../../src/drivers/postgres/migrate.ts'
import { createUsageStore } from '../../src/drivers/postgres/usage-store.ts'

const url = inject('postgresUrl')

/** A client of an empty database, and how to let go of both. */
interface Connected {
  readonly client: PostgresClient
  close(): Promise<void>
}

async function connectPool(): Promise<Connected> {
  const admin = new pg.Client({ connectionString: url ?? '' })
  await admin.connect()
  const name = `usage_${crypto.randomUUID().replaceAll('-', '')}`
  await admin.query(`create database ${name}`)
  const address = new URL(url ?? '')
  address.pathname = name
  const pool = new pg.Pool({ connectionString: address.href, max: 10 })
  return {
    client: pool,
    async close() {
      await pool.end()
      await admin.query(`drop database ${name}`)
      await admin.end()
    },
  }
}

async function connectPglite(): Promise<Connected> {
  const client = await PGlite.create()
  return { client, close: async () => client.close() }
}

describe.each([
  { name: 'pg', connect: connectPool },
  { name: 'PGlite', connect: connectPglite },
])('the usage store over $name keeps every rule of the contract', ({ connect }) => {
  let connected: Connected

  beforeAll(async () => {
    connected = await connect()
    await migrate(connected.client)
  })

  afterAll(async () => connected.close())

  const rules = usageStoreContract({
    hasClock: true,
    create() {
      const clock = manualClock()
      return { store: createUsageStore(queryOf(connected.client), clock), clock }
    },
  })

  it.each(rules)('$name', async (rule) => rule.run())
})
