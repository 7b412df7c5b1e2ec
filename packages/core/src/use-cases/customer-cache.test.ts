import { expect, test } from 'vitest'
import type { CustomerRecords } from '../domain/entitlement.ts'
import { createCustomerCache } from './customer-cache.ts'

function recordsOf(index: number): CustomerRecords {
  return { customer: `user_${index}`, version: 1, createdAt: 0, subscriptions: [], grants: [], overrides: [] }
}

function knownOf(cache: ReturnType<typeof createCustomerCache>, count: number): number {
  return Array.from({ length: count }, (_, index) => cache.find(`user_${index}`)).filter((records) => records !== undefined).length
}

test('knows the last customers, at least as many as its size and at most twice as many', () => {
  const cache = createCustomerCache(10)
  for (let index = 0; index < 1_000; index += 1) cache.put(recordsOf(index))
  for (let index = 990; index < 1_000; index += 1) expect(cache.find(`user_${index}`)).toEqual(recordsOf(index))
  expect(knownOf(cache, 1_000)).toBeLessThanOrEqual(20)
})

test('keeps who is asked for, however many come by', () => {
  const cache = createCustomerCache(10)
  cache.put(recordsOf(0))
  for (let index = 1; index < 1_000; index += 1) {
    cache.put(recordsOf(index))
    expect(cache.find('user_0')).toBeDefined()
  }
})

test('gives what was put last', () => {
  const cache = createCustomerCache(2)
  cache.put(recordsOf(0))
  for (let index = 1; index < 4; index += 1) cache.put(recordsOf(index))
  cache.put({ ...recordsOf(0), version: 2 })
  expect(cache.find('user_0')?.version).toBe(2)
})
