import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CustomerRecords } from '../../domain/entitlement.ts'
import type { Grant } from '../../domain/grant.ts'
import { createCustomerCache } from './customer-cache.ts'

const grant: Grant = {
  id: 'welcome', feature: 'apiCalls', amount: 5, priority: 50, effectiveAt: 0, expiresAt: null, createdAt: 0, voidedAt: null,
}

/** Of those at odd places something more is known than since when. */
function recordsOf(index: number, kind: 'plain' | 'others'): CustomerRecords {
  return { customer: `user_${index}`, version: 1, createdAt: 0, subscriptions: [], grants: kind === 'plain' ? [] : [grant], overrides: [] }
}

function cacheOf(size: number) {
  return createCustomerCache({ plain: size, others: size })
}

function knownOf(cache: ReturnType<typeof createCustomerCache>, count: number): number {
  return Array.from({ length: count }, (_, index) => cache.find(`user_${index}`)).filter((records) => records !== undefined).length
}

describe.each(['plain', 'others'] as const)('of customers that are %s', (kind) => {
  test('knows the last, at least as many as its size and at most twice as many', () => {
    const cache = cacheOf(10)
    for (let index = 0; index < 1_000; index += 1) cache.put(recordsOf(index, kind))
    for (let index = 990; index < 1_000; index += 1) expect(recordsOf(index, kind)).toMatchObject({ ...cache.find(`user_${index}`) })
    expect(knownOf(cache, 1_000)).toBeGreaterThanOrEqual(10)
    expect(knownOf(cache, 1_000)).toBeLessThanOrEqual(20)
  })

  test('keeps who is asked for, however many come by', () => {
    const cache = cacheOf(10)
    cache.put(recordsOf(0, kind))
    for (let index = 1; index < 1_000; index += 1) {
      cache.put(recordsOf(index, kind))
      expect(cache.find('user_0')).toBeDefined()
    }
  })

  test('gives what was put last', () => {
    const cache = cacheOf(2)
    cache.put(recordsOf(0, kind))
    for (let index = 1; index < 4; index += 1) cache.put(recordsOf(index, kind))
    cache.put({ ...recordsOf(0, kind), version: 2 })
    expect(cache.find('user_0')?.version).toBe(2)
  })
})

test('follows a customer of whom more becomes known, and less again', () => {
  const cache = cacheOf(10)
  for (const kind of ['plain', 'others', 'plain', 'others'] as const) {
    cache.put(recordsOf(0, kind))
    expect(cache.find('user_0')?.grants).toEqual(recordsOf(0, kind).grants)
  }
})

test('gives one object for all of whom the same is known, and none to those of whom something else is', () => {
  const cache = cacheOf(10)
  cache.put(recordsOf(0, 'plain'))
  cache.put(recordsOf(1, 'plain'))
  cache.put({ ...recordsOf(2, 'plain'), version: 2 })
  cache.put({ ...recordsOf(3, 'plain'), createdAt: 1000 })
  expect(cache.find('user_0')).toBe(cache.find('user_1'))
  expect(cache.find('user_2')).toMatchObject({ version: 2, createdAt: 0 })
  expect(cache.find('user_3')).toMatchObject({ version: 1, createdAt: 1000 })
})

test('gives back any version and beginning as it was put, those that fit in no small number too', () => {
  const cache = cacheOf(10)
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.oneof(fc.integer({ min: 0, max: 2 ** 33 }).map((whole) => whole * 1000), fc.integer()), (version, createdAt) => {
      cache.put({ ...recordsOf(0, 'plain'), version, createdAt })
      expect(cache.find('user_0')).toMatchObject({ version, createdAt })
    }),
    { examples: [[2 ** 20 - 1, (2 ** 33 - 1) * 1000], [2 ** 20, 0], [0, 2 ** 33 * 1000], [1, 1500], [1, -1000]] },
  )
})
