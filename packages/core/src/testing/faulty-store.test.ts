import { describe, expect, it } from 'vitest'
import { memoryStore } from '../drivers/memory/index.ts'
import { faultyStore } from './faulty-store.ts'
import { recordStoreContract } from './record-store-contract.ts'
import { usageStoreContract } from './usage-store-contract.ts'

const lost: unknown = expect.objectContaining({ code: 'unavailable', reason: 'injected-fault' })
const gate = { id: '9/day', limit: 9, period: 86_400_000, burst: 9 }

function setUp(): ReturnType<typeof faultyStore> & { read: () => Promise<number | null> } {
  const inner = memoryStore()
  return {
    ...faultyStore(inner),
    async read() {
      const [reading] = await inner.usage.read([{ customer: 'customer-1', feature: 'apiCalls', buckets: [], gates: [gate] }])
      return reading?.marker ?? null
    },
  }
}

describe('faultyStore()', () => {
  it('fails before anything happened, or after everything did', async () => {
    const { store, faults, read } = setUp()
    faults.failCall(1, 'before')
    faults.failCall(2, 'after')

    await expect(store.usage.raiseVersion('customer-1', 3)).rejects.toEqual(lost)
    expect(await read()).toBe(null)
    await expect(store.usage.raiseVersion('customer-1', 3)).rejects.toEqual(lost)
    expect(await read()).toBe(3)
    await store.usage.raiseVersion('customer-1', 4)
    expect(faults.calls).toBe(3)
  })

  it('counts the calls of both ports, and fails until it is healed', async () => {
    const { store, faults } = setUp()
    await store.records.commit('customer-1', [])
    faults.failAll('before')

    expect(() => store.usage.execute([])).toThrow(lost)
    await expect(store.records.load('customer-1', ['grants'])).rejects.toEqual(lost)
    expect(faults.calls).toBe(3)

    faults.heal()
    expect(store.usage.execute([])).toEqual([])
  })

  it('without a fault keeps every rule', async () => {
    const rules = [
      ...usageStoreContract({ hasClock: false, create: () => ({ store: faultyStore(memoryStore()).store.usage }) }),
      ...recordStoreContract({ create: () => ({ store: faultyStore(memoryStore()).store.records }) }),
    ]

    for (const rule of rules) if (rule.skipped === null) await rule.run()
    expect(rules.length).toBeGreaterThan(90)
  })
})
