import { type FareboxError, type Store, type StoreLabel, allowance, createFarebox, defineCatalog, metered, seats, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { stripePayments } from '@farebox/core/drivers/stripe'
import Stripe from 'stripe'
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
  expect(faultsOf('linearizable', false)).toEqual([])
})
