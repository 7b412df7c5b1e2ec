import { type FareboxError, type Store, type StoreLabel, allowance, createFarebox, defineCatalog, metered, seats, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { stripePayments } from '@farebox/core/drivers/stripe'
import Stripe from 'stripe'
import { expect, test } from 'vitest'

type Labels = Readonly<Record<'usage' | 'records', StoreLabel>>

function storeOf(labels: Labels): Store {
  const { usage, records } = memoryStore()
  return { usage: { ...usage, label: labels.usage }, records: { ...records, label: labels.records } }
}

function faultsOf(labels: Labels, acceptLossy: boolean): readonly string[] {
  const catalog = defineCatalog({
    features: {
      apiCalls: metered({ unit: 'call' }),
      tokens: metered({ unit: 'token', acceptLossy }),
      renders: metered({ unit: 'render', acceptLossy }),
      members: seats({ acceptLossy }),
    },
    plans: {
      free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
      pro: { name: 'Pro', prices: { month: usd('29') }, features: { tokens: allowance(5).per('month').overage(usd('0.10')), members: 5 } },
    },
    packs: { boost: { name: 'Boost', price: usd('10'), grants: { renders: 100 } } },
  })
  try {
    createFarebox({ catalog, store: storeOf(labels) })
    return []
  } catch (error) {
    return (error as FareboxError).faults.map(({ path }) => path)
  }
}

test.each(['best-effort', 'lossy-on-failover'] as const)('what money depends on is not counted on a store that is %s, unless the app says so', (label) => {
  expect(faultsOf({ usage: label, records: label }, false)).toEqual(['catalog.features.tokens', 'catalog.features.renders', 'catalog.features.members'])
  expect(faultsOf({ usage: label, records: label }, true)).toEqual([])
  // Seats are records, wherever usage is counted.
  expect(faultsOf({ usage: label, records: 'linearizable' }, false)).toEqual(['catalog.features.tokens', 'catalog.features.renders'])
  expect(faultsOf({ usage: 'linearizable', records: label }, false)).toEqual(['catalog.features.members'])
})

test('nothing is sold where it could not be recorded', () => {
  const catalog = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
  })
  const { usage, records } = memoryStore()
  const payments = stripePayments({ client: new Stripe('sk_test_pairing'), webhookSecret: 'whsec_pairing', mode: 'test' })
  const start = (label: StoreLabel) =>
    createFarebox({ catalog, store: { usage, records: { ...records, label } }, payments, appUrl: 'https://app.example' })
  expect(() => start('best-effort')).toThrow(/store\.records: Payments must be recorded/)
  expect(() => start('linearizable')).not.toThrow()
})

test('everything may be counted on a linearizable store', () => {
  expect(faultsOf({ usage: 'linearizable', records: 'linearizable' }, false)).toEqual([])
})
