import { describe, it } from 'vitest'
import { manualClock } from '../../testing/manual-clock.ts'
import { usageStoreContract } from '../../testing/usage-store-contract.ts'
import { memoryStore } from './memory-store.ts'

const rules = usageStoreContract({
  hasClock: true,
  create() {
    const clock = manualClock()
    return { store: memoryStore({ clock }).usage, clock }
  },
})

describe('the memory usage store keeps every rule of the contract', () => {
  it.each(rules)('$name', async (rule) => rule.run())
})
