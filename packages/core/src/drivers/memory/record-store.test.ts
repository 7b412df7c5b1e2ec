import { describe, it } from 'vitest'
import { recordStoreContract } from '../../testing/record-store-contract.ts'
import { memoryStore } from './memory-store.ts'

const rules = recordStoreContract({ create: () => ({ store: memoryStore().records }) })

describe('the memory record store keeps every rule of the contract', () => {
  it.each(rules)('$name', async (rule) => rule.run())
})
