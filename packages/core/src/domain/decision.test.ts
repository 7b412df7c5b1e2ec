import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryInstant, arbitraryRecords, exampleCatalog } from '../../test/arbitrary-records.ts'
import { largestAmount } from './amount.ts'
import { type Bucket, allotmentOf } from './bucket.ts'
import { type BucketState, type DecisionReason, totalsOf } from './decision.ts'
import { entitlementsAt } from './entitlement.ts'
import { type Gate, throughGate } from './gate.ts'
import { minute } from './instant.ts'
import { holds } from './plans-with.ts'

const arbitraryCounters = fc.array(
  fc.record({
    kind: fc.constantFrom('allowance' as const, 'grant' as const, 'overage' as const),
    limit: fc.option(fc.integer({ min: 0, max: 1000 }), { freq: 5 }),
    used: fc.nat(600),
    reserved: fc.nat(600),
  }),
  { maxLength: 6 },
).map((counters) => counters.map((counter, index) => ({ ...counter, id: `${counter.kind}:${index}` })))

function split(counters: readonly (Omit<Bucket, 'keepUntil'> & BucketState)[]): [readonly Bucket[], readonly BucketState[]] {
  return [
    counters.map(({ id, kind, limit }) => ({ id, kind, limit, keepUntil: null })),
    counters.map(({ id, used, reserved }) => ({ id, used, reserved })),
  ]
}

describe('totalsOf', () => {
  it('conserves: used + reserved + remaining is the limit, as long as no counter is above its own', () => {
    const within = arbitraryCounters.map((counters) =>
      counters.filter(({ limit, used, reserved, kind }) => kind === 'overage' || (limit !== null && used + reserved <= limit)))
    fc.assert(fc.property(within, (counters) => {
      const { limit, used, reserved, remaining } = totalsOf(...split(counters))
      expect(used + reserved + (remaining ?? Number.NaN)).toBe(limit)
    }))
  })

  it('never remains less than nothing, nor lets one bucket\'s excess eat another\'s rest', () => {
    fc.assert(fc.property(arbitraryCounters, (counters) => {
      const totals = totalsOf(...split(counters))
      const parts = counters.map((counter) => totalsOf(...split([counter])))
      expect(totals.remaining === null || totals.remaining >= 0).toBe(true)
      expect(totals.remaining).toBe(parts.reduce<number | null>((sum, { remaining }) => plus(sum, remaining), 0))
      expect(totals.limit).toBe(parts.reduce<number | null>((sum, { limit }) => plus(sum, limit), 0))
      for (const count of ['used', 'reserved', 'overage'] as const) {
        expect(totals[count]).toBe(parts.reduce((sum, part) => sum + part[count], 0))
      }
    }))
  })

  it('keeps overage apart, and reads a counter that does not exist as zero', () => {
    const [buckets] = split([
      { id: 'allowance:1', kind: 'allowance', limit: 5, used: 0, reserved: 0 },
      { id: 'overage:1', kind: 'overage', limit: null, used: 0, reserved: 0 },
    ])
    expect(totalsOf(buckets, [])).toEqual({ limit: 5, used: 0, reserved: 0, remaining: 5, overage: 0 })
    expect(totalsOf(buckets, [{ id: 'overage:1', used: 3, reserved: 2 }, { id: 'other', used: 9, reserved: 9 }]))
      .toEqual({ limit: 5, used: 0, reserved: 0, remaining: 5, overage: 5 })
  })

  it('stops at the largest amount', () => {
    const [buckets, states] = split([
      { id: 'allowance:1', kind: 'allowance', limit: largestAmount, used: largestAmount, reserved: 0 },
      { id: 'grant:1', kind: 'grant', limit: largestAmount, used: largestAmount, reserved: 0 },
    ])
    expect(totalsOf(buckets, states)).toMatchObject({ limit: largestAmount, used: largestAmount, remaining: 0 })
  })
})

describe('every reason can come about', () => {
  /** A repeated key and a broken store are not of the domain: they come from the usage store. */
  type DomainReason = Exclude<DecisionReason, 'idempotency-conflict' | 'unavailable'>

  it('from records, counters and gates', () => {
    const seen: Record<DomainReason, number> = {
      allowed: 0, 'plan-required': 0, 'payment-past-due': 0, 'quota-exceeded': 0, 'rate-limited': 0,
    }
    const gate: Gate = { id: '2/minute', limit: 2, period: minute, burst: 2 }
    const requests = fc.record({
      records: arbitraryRecords, now: arbitraryInstant, feature: fc.constantFrom('apiCalls', 'tokens'),
      amount: fc.integer({ min: 1, max: 2000 }), earlier: fc.nat(3),
    })
    fc.assert(fc.property(requests, ({ records, now, feature, amount, earlier }) => {
      const entitlements = entitlementsAt(exampleCatalog, records, now)
      const definition = exampleCatalog.features[feature]
      if (definition?.kind !== 'metered') throw new Error('The feature is metered')
      const { buckets } = allotmentOf(entitlements, feature, definition, now)
      let state = 0
      for (let count = 0; count < earlier; count += 1) ({ state } = throughGate(gate, state, now))
      const { remaining } = totalsOf(buckets, [])
      const fits = remaining === null || remaining >= amount || buckets.some((bucket) => bucket.kind === 'overage')
      const reason: DomainReason =
        !throughGate(gate, state, now).admitted ? 'rate-limited'
        : fits ? 'allowed'
        : entitlements.pastDue !== null ? 'payment-past-due'
        : holds(entitlements.plan.features[feature], 1) ? 'quota-exceeded'
        : 'plan-required'
      seen[reason] += 1
    }), { numRuns: 2000 })
    expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([])
  })
})

function plus(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other
}
