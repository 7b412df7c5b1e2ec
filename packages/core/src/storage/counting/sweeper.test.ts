import { describe, expect, it } from 'vitest'
import { minute } from '../../domain/instant.ts'
import type { ConsumeOperation } from '../../ports/usage-store.ts'
import { ExpiringKeys } from './expiring-keys.ts'
import type { Counter } from './feature-usage.ts'
import { readFeature } from './ledger.ts'
import { createSweeper } from './sweeper.ts'
import { take } from './take.ts'
import type { UsageState } from './usage-state.ts'

function consumption(changes: Partial<ConsumeOperation>): ConsumeOperation {
  return {
    verb: 'consume',
    customer: 'customer-1',
    feature: 'apiCalls',
    amount: 1,
    key: null,
    keyFor: minute,
    freshness: { version: 1, validFrom: 0, validUntil: null, loaded: true },
    gates: [],
    buckets: [],
    ...changes,
  }
}

function keysIn(state: UsageState): number {
  return [...state.customers.values()].reduce((sum, customer) => sum + (customer.keys?.size ?? 0), 0)
}

function counterOf(state: UsageState): Counter | undefined {
  const customer = state.customers.get('customer-1')
  return customer && readFeature(customer, 'apiCalls')?.counters.find('allowance:0')
}

describe('createSweeper()', () => {
  it('keeps what is over below what is alive, when asked for two entries on each that is created', () => {
    const state: UsageState = { customers: new Map(), created: 0, expiringKeys: new ExpiringKeys() }
    const sweeper = createSweeper(state)
    const alive = minute / 10
    let most = 0
    for (let index = 0; index < 10 * alive; index += 1) {
      const now = index * 10
      const keepUntil = now + minute
      const buckets = [{ id: 'allowance:0', kind: 'allowance', limit: null, keepUntil } as const]
      take(state, consumption({ customer: `customer-${index % 7}`, key: `key-${index}`, buckets }), now)
      sweeper.sweep(now, state.created * 2)
      state.created = 0
      most = Math.max(most, keysIn(state))
    }

    expect(most).toBeGreaterThanOrEqual(alive)
    expect(most).toBeLessThanOrEqual(2.1 * alive)
  })

  it('drops customers of whom nothing is left', () => {
    const state: UsageState = { customers: new Map(), created: 0, expiringKeys: new ExpiringKeys() }
    const sweeper = createSweeper(state)
    for (let index = 0; index < 50; index += 1) {
      const gates = [{ id: '10/minute', limit: 10, period: minute, burst: 10 }]
      const buckets = [
        { id: 'allowance:0', kind: 'allowance', limit: null, keepUntil: minute } as const,
        { id: 'grant:a', kind: 'grant', limit: 1, keepUntil: minute } as const,
      ]
      take(state, consumption({ customer: `customer-${index}`, key: 'k', gates, buckets, amount: 2 }), 0)
    }

    const later = 60 * minute
    const tally = sweeper.sweep(later, 10_000)

    expect(tally).toEqual({ reservations: 0, keys: 50, counters: 50, markers: 50 })
    expect(state.customers.size).toBe(0)
  })

  it('keeps a counter of which something is held, however old', () => {
    const state: UsageState = { customers: new Map(), created: 0, expiringKeys: new ExpiringKeys() }
    const sweeper = createSweeper(state)
    const bucket = { id: 'allowance:0', kind: 'allowance', limit: 10, keepUntil: minute } as const
    const holding = { reservation: 'r', expiresIn: 60 * minute, onExpiry: 'settle', overdraft: 0, overdraftBucket: bucket } as const
    take(state, { ...consumption({ buckets: [bucket], amount: 4 }), ...holding, verb: 'reserve' }, 0)

    sweeper.sweep(30 * minute, 1_000)
    expect(counterOf(state)).toMatchObject({ used: 0, reserved: 4 })
    sweeper.sweep(60 * minute, 1_000)
    sweeper.sweep(60 * minute, 1_000)
    expect(counterOf(state)).toBeUndefined()
  })

  it('looks at no more entries than it was asked to', () => {
    const state: UsageState = { customers: new Map(), created: 0, expiringKeys: new ExpiringKeys() }
    const sweeper = createSweeper(state)
    const buckets = [{ id: 'allowance:0', kind: 'allowance', limit: null, keepUntil: null } as const]
    for (let index = 0; index < 100; index += 1) take(state, consumption({ key: `key-${index}`, buckets }), 0)

    expect(sweeper.sweep(minute, 30).keys).toBeLessThanOrEqual(30)
    expect(keysIn(state)).toBeGreaterThanOrEqual(70)
  })

  it('leaves alone a customer who was forgotten and came back while it looked', () => {
    const state: UsageState = { customers: new Map(), created: 0, expiringKeys: new ExpiringKeys() }
    const sweeper = createSweeper(state)
    const bucket = { id: 'allowance:0', kind: 'allowance', limit: null } as const
    take(state, consumption({ key: 'a', keyFor: 0, buckets: [{ ...bucket, keepUntil: minute }] }), 0)
    sweeper.sweep(60 * minute, 1)
    state.customers.delete('customer-1')
    take(state, consumption({ buckets: [{ ...bucket, keepUntil: null }] }), 60 * minute)

    sweeper.sweep(90 * minute, 10)
    sweeper.sweep(90 * minute, 10)

    expect(counterOf(state)?.used).toBe(1)
  })
})
