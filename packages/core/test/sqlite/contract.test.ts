import { afterAll, describe, it } from 'vitest'
import { sqliteStore } from '../../src/drivers/sqlite/index.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { recordStoreContract } from '../../src/testing/record-store-contract.ts'
import { usageStoreContract } from '../../src/testing/usage-store-contract.ts'
import { clients, createFolder } from './clients.ts'

const folder = createFolder()
afterAll(() => folder.remove())
let files = 0

describe.each(Object.entries(clients))('on %s', (_, open) => {
  const usageRules = usageStoreContract({
    hasClock: true,
    create() {
      const clock = manualClock()
      const { client, close } = open(folder.path(`${(files += 1)}.db`))
      return { store: sqliteStore({ client, clock }).usage, clock, close: async () => close() }
    },
  })
  const recordRules = recordStoreContract({
    create() {
      const { client, close } = open(folder.path(`${(files += 1)}.db`))
      return { store: sqliteStore({ client }).records, close: async () => close() }
    },
  })

  describe('the usage store keeps every rule of the contract', () => {
    it.each(usageRules)('$name', async (rule) => rule.run())
  })

  describe('the record store keeps every rule of the contract', () => {
    it.each(recordRules)('$name', async (rule) => rule.run())
  })
})
