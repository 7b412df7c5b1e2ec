import { type FareboxError, type Store, type StoreLabel, allowance, createFarebox, defineCatalog, metered, seats, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { expect, test } from 'vitest'

function storeOf(label: StoreLabel): Store {
  const { usage, records } = memoryStore()
  return { usage: { ...usage, label }, records }
}

function faultsOf(label: StoreLabel, acceptLossy: boolean): readonly string[] {
  const catalog = defineCatalog({
    features: {
      apiCalls: metered({ unit: 'call' }),
      tokens: metered({ unit: 'token', acceptLossy }),
      members: seats({ acceptLossy }),
    },
    plans: {
      free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
      pro: { name: 'Pro', prices: { month: usd('29') }, features: { tokens: allowance(5).per('month').overage(usd('0.10')), members: 5 } },
    },
  })
  try {
    createFarebox({ catalog, store: storeOf(label) })
    return []
  } catch (error) {
    return (error as FareboxError).faults.map(({ path }) => path)
  }
}

test.each(['best-effort', 'lossy-on-failover'] as const)('what money depends on is not counted on a store that is %s, unless the app says so', (label) => {
  expect(faultsOf(label, false)).toEqual(['catalog.features.tokens', 'catalog.features.members'])
  expect(faultsOf(label, true)).toEqual([])
})

test('everything may be counted on a linearizable store', () => {
  expect(faultsOf('linearizable', false)).toEqual([])
})
