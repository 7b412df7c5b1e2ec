import { describe, it } from 'vitest'
import { postgresStore } from '../../src/drivers/postgres/postgres-store.ts'
import { recordStoreContract } from '../../src/testing/record-store-contract.ts'
import { openOneShot } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const database = await ownDatabase()

// Over the other clients the contract runs with all stores.
describe('the record store on a client that connects for each statement, as Neon does over HTTP, keeps every rule of the contract', () => {
  const opened = readyClient(() => openOneShot(database.url))

  const rules = recordStoreContract({ create: () => ({ store: postgresStore({ client: opened.client }).records }) })
  it.each(rules)('$name', async (rule) => rule.run())
})
