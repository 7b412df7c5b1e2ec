import { afterAll, beforeAll, describe, it } from 'vitest'
import { migrate } from '../../src/drivers/postgres/migrate.ts'
import { postgresStore } from '../../src/drivers/postgres/postgres-store.ts'
import { recordStoreContract } from '../../src/testing/record-store-contract.ts'
import { type Database, type OpenClient, clientKinds, createDatabase, slowStart } from './databases.ts'

const database: Database = await createDatabase()
afterAll(async () => database.drop())

describe.each(clientKinds)('the record store on $kind keeps every rule of the contract', ({ open }) => {
  let opened: OpenClient
  beforeAll(async () => {
    opened = await open(database.url)
    await migrate(opened.client)
  }, slowStart)
  afterAll(async () => opened.close())

  const rules = recordStoreContract({ create: () => ({ store: postgresStore({ client: opened.client }).records }) })
  it.each(rules)('$name', async (rule) => rule.run())
})
