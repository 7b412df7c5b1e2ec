import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { faultyStore } from '@farebox/core/testing'
import { expect, test, vi } from 'vitest'

// As where a deployment took the file away under a process that runs: every attempt to load it fails.
vi.mock('../src/use-cases/decisions/explain-refusal.ts', () => {
  throw new Error('ENOENT')
})

const customer = 'user_1'
const catalog = defineCatalog({
  features: { strict: metered({ unit: 'call' }), lenient: metered({ unit: 'call', onError: 'allow' }) },
  plans: {
    free: { name: 'Free', default: true, features: { strict: allowance(1).per('month'), lenient: allowance(1).per('month') } },
  },
})

test.each(['strict', 'lenient'] as const)('refuses what is over its limit though the code that explains it cannot be loaded (%s)', async (feature) => {
  const farebox = createFarebox({ catalog, store: memoryStore() })
  expect(await farebox.consume({ customer, feature })).toMatchObject({ allowed: true, remaining: 0 })
  expect(await farebox.consume({ customer, feature })).toMatchObject({ allowed: false, reason: 'unavailable', feature })
  expect(await farebox.consume({ customer, feature, idempotencyKey: 'once' })).toMatchObject({ allowed: false, reason: 'unavailable' })
  const other = createFarebox({ catalog, store: memoryStore() })
  expect(await other.consume({ customer, feature, amount: 2 })).toMatchObject({ allowed: false, reason: 'unavailable' })
})

test.each([['strict', false], ['lenient', true]] as const)('does what the feature says where nobody can decide either (%s: %s)', async (feature, allowed) => {
  const { store, faults } = faultyStore(memoryStore())
  const farebox = createFarebox({ catalog, store })
  await farebox.consume({ customer, feature })
  faults.failAll('before')
  expect(await farebox.consume({ customer, feature })).toMatchObject({ allowed, reason: 'unavailable', feature })
})

test('lets nobody through of whom nothing is known', async () => {
  const { store, faults } = faultyStore(memoryStore())
  const farebox = createFarebox({ catalog, store })
  faults.failAll('before')
  await expect(farebox.consume({ customer, feature: 'lenient' })).rejects.toMatchObject({ code: 'unavailable' })
})
