import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryInstant, arbitraryRecords, exampleCatalog, present } from '../../test/arbitrary-records.ts'
import { allotmentOf } from './bucket.ts'
import { type CustomerRecords, entitlementsAt } from './entitlement.ts'
import { type MeteredOptions, metered } from './feature.ts'
import { type Burnable, type Grant, byBurnOrder } from './grant.ts'
import { day } from './instant.ts'

const burnable: fc.Arbitrary<Burnable> = fc.record({
  priority: fc.integer({ min: 0, max: 3 }),
  expiresAt: fc.option(fc.integer({ min: 0, max: 3 })),
  createdAt: fc.integer({ min: 0, max: 3 }),
  id: fc.constantFrom('a', 'b', 'c'),
})

describe('burn order', () => {
  it('is a total order: two are alike only if they are the same, and no three go round', () => {
    fc.assert(fc.property(burnable, burnable, burnable, (one, two, three) => {
      expect(Math.sign(byBurnOrder(one, two))).toBe(-Math.sign(byBurnOrder(two, one)) + 0)
      expect(byBurnOrder(one, two) === 0).toBe(JSON.stringify(one) === JSON.stringify(two))
      const goesRound = byBurnOrder(one, two) <= 0 && byBurnOrder(two, three) <= 0 && byBurnOrder(one, three) > 0
      expect(goesRound).toBe(false)
    }))
  })

  it('puts lower priority first, then earlier expiry, then earlier creation, then the id', () => {
    const order = [
      { priority: 1, expiresAt: null, createdAt: 9, id: 'z' },
      { priority: 2, expiresAt: 5, createdAt: 9, id: 'z' },
      { priority: 2, expiresAt: 6, createdAt: 1, id: 'z' },
      { priority: 2, expiresAt: null, createdAt: 1, id: 'z' },
      { priority: 2, expiresAt: null, createdAt: 2, id: 'a' },
      { priority: 2, expiresAt: null, createdAt: 2, id: 'b' },
    ]
    expect(order.toReversed().toSorted(byBurnOrder)).toEqual(order)
  })
})

function recordsWith(plan: string, grants: readonly Partial<Grant>[] = []): CustomerRecords {
  return {
    customer: 'user_1',
    version: 1,
    createdAt: Date.UTC(2028, 0, 31),
    subscriptions: [],
    overrides: [{ id: 'o', plan, effectiveAt: 0, until: null, createdAt: 0, voidedAt: null }],
    grants: grants.map((grant, index) => ({
      id: `g${index}`, feature: 'apiCalls', amount: 100, priority: 50, effectiveAt: 0, expiresAt: null, createdAt: 0, voidedAt: null,
      ...grant,
    })),
  }
}

function bucketsOf(records: CustomerRecords, options: Partial<MeteredOptions> = {}): readonly string[] {
  const entitlements = entitlementsAt(exampleCatalog, records, present)
  return allotmentOf(entitlements, 'apiCalls', metered({ unit: 'call', ...options }), present).buckets.map((bucket) => bucket.id)
}

describe('allotmentOf', () => {
  const period = Date.UTC(2028, 1, 29)

  it('draws what expires first, and overage last', () => {
    const grants = [{ expiresAt: present + 60 * day }, { expiresAt: present + day }, { priority: 10 }, { priority: 90, expiresAt: present + 1 }]
    expect(bucketsOf(recordsWith('pro', grants)))
      .toEqual(['grant:g2', 'grant:g1', `allowance:${period}`, 'grant:g0', 'grant:g3', `overage:${period}`])
  })

  it('burns no grant while the allowance has no limit', () => {
    expect(bucketsOf(recordsWith('team', [{ priority: 1 }]))).toEqual([`allowance:${period}`, 'grant:g0'])
  })

  it('leaves out grants of another feature, and such as are void, over or yet to come', () => {
    const grants = [
      { feature: 'tokens' }, { voidedAt: present }, { expiresAt: present }, { effectiveAt: present + 1 }, { effectiveAt: present },
    ]
    expect(bucketsOf(recordsWith('free', grants))).toEqual([`allowance:${period}`, 'grant:g4'])
  })

  it('counts from where the feature says', () => {
    expect(bucketsOf(recordsWith('free'), { anchor: 'calendar' })).toEqual([`allowance:${Date.UTC(2028, 1, 1)}`])
    expect(bucketsOf(recordsWith('free'), { anchor: 'subscription' })).toEqual([`allowance:${period}`])
    const subscribed: CustomerRecords = {
      ...recordsWith('free'),
      subscriptions: [{
        id: 'sub_1', ours: true, plan: 'pro', price: 'price_1', interval: 'month', quantity: 1, status: 'trialing', startedAt: present - day,
        billingAnchor: Date.UTC(2028, 2, 15), currentPeriodStart: present - day, currentPeriodEnd: Date.UTC(2028, 2, 15),
        trialEnd: Date.UTC(2028, 2, 15), cancelAt: null, endedAt: null, pastDueSince: null,
        currency: 'usd', pendingChange: null, paused: null, payment: null, card: null, endReason: null,
      }],
    }
    const start = Date.UTC(2028, 1, 15)
    expect(bucketsOf(subscribed, { anchor: 'subscription' })).toEqual([`allowance:${start}`, `overage:${start}`])
  })

  it('keeps counters for 400 days after nothing more can be drawn from them', () => {
    const records = recordsWith('pro', [{ id: 'week', expiresAt: present + 7 * day }, { id: 'ever' }])
    const { buckets, period: { end } } = allotmentOf(entitlementsAt(exampleCatalog, records, present), 'apiCalls', metered({ unit: 'call' }), present)
    const kept = Object.fromEntries(buckets.map(({ id, keepUntil }) => [id, keepUntil]))
    const periodEnds = end + 400 * day
    expect(kept).toEqual({
      'grant:week': present + 407 * day, 'grant:ever': null, [`allowance:${period}`]: periodEnds, [`overage:${period}`]: periodEnds,
    })
  })

  it('names a counter by the period alone, so a plan move keeps what was used', () => {
    expect(bucketsOf(recordsWith('free'))[0]).toBe(bucketsOf(recordsWith('pro'))[0])
  })

  it('has one allowance, at most one overage, no bucket twice, and a period around the instant', () => {
    fc.assert(fc.property(arbitraryRecords, arbitraryInstant, fc.constantFrom('apiCalls', 'tokens'), (records, now, feature) => {
      const definition = exampleCatalog.features[feature]
      if (definition?.kind !== 'metered') throw new Error('The feature is metered')
      const entitlements = entitlementsAt(exampleCatalog, records, now)
      const { buckets, period: { start, end } } = allotmentOf(entitlements, feature, definition, now)
      expect(start <= now && now < end).toBe(true)
      expect(new Set(buckets.map((bucket) => bucket.id)).size).toBe(buckets.length)
      expect(buckets.filter((bucket) => bucket.kind === 'allowance')).toHaveLength(1)
      expect(buckets.findIndex((bucket) => bucket.kind === 'overage')).toSatisfy((at) => at === -1 || at === buckets.length - 1)
      for (const bucket of buckets) expect(bucket.keepUntil === null || bucket.keepUntil > now).toBe(true)
    }))
  })
})
