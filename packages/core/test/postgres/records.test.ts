import { describe, it } from 'vitest'
import { postgresStore } from '../../src/drivers/postgres/postgres-store.ts'
import { recordStoreContract } from '../../src/testing/record-store-contract.ts'
import { clientKinds } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const database = await ownDatabase()

describe.each(clientKinds)('the record store on $kind keeps every rule of the contract', ({ open }) => {
  const opened = readyClient(() => open(database.url))

  const rules = recordStoreContract({ create: () => ({ store: postgresStore({ client: opened.client }).records }) })
  it.each(rules)('$name', async (rule) => rule.run())
})
