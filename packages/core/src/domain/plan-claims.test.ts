import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryInstant, arbitraryRecords, exampleCatalog, present } from '../../test/arbitrary-records.ts'
import { allotmentOf } from './bucket.ts'
import { type CustomerRecords, type Entitlements, entitlementsAt } from './entitlement.ts'
import { defineCatalog } from './define-catalog.ts'
import { metered } from './feature.ts'
import { second } from './instant.ts'
import type { Subscription } from './subscription.ts'
import { type PlanClaims, entitlementsFromClaims, parsePlanClaims } from './plan-claims.ts'
import { needsRecords, planClaimsOf } from './plan-claims-of.ts'

const claims: PlanClaims = { plan: 'pro', ev: 7, anchor: 1_800_000_000, until: null, g: false }

const meteredFeatures = Object.entries(exampleCatalog.features).flatMap(([key, feature]) =>
  feature.kind === 'metered' ? [[key, feature] as const] : [])

function decide(changed: Partial<PlanClaims>): Entitlements | undefined {
  return entitlementsFromClaims(exampleCatalog, { ...claims, ...changed }, present)
}

function claimsAt(records: CustomerRecords, now: number): PlanClaims {
  const entitlements = entitlementsAt(exampleCatalog, records, now)
  return planClaimsOf(entitlements, needsRecords(exampleCatalog, entitlements, entitlements.grants.length > 0))
}

describe('claims that are the whole truth', () => {
  it('decide what the records decide, at each instant of their validity', () => {
    const answers: object[] = []
    let compared = 0
    fc.assert(fc.property(arbitraryRecords, arbitraryInstant, arbitraryInstant, (records, issuedAt, later) => {
      const issued = claimsAt(records, issuedAt)
      const carried = parsePlanClaims(JSON.parse(JSON.stringify(issued)))
      expect(carried).toEqual(issued)
      if (carried === undefined || issued.g || later < issuedAt) return
      const known = entitlementsFromClaims(exampleCatalog, carried, later)
      expect(known === undefined).toBe(carried.until !== null && carried.until * second <= later)
      if (known === undefined) return
      const stored = entitlementsAt(exampleCatalog, records, later)
      for (const entitlements of [known, stored]) {
        const { plan, version, anchor, grants } = entitlements
        const allotments = meteredFeatures.map(([key, feature]) => allotmentOf(entitlements, key, feature, later))
        answers.push({ plan, version, anchor, grants, allotments })
      }
      expect(answers.pop()).toEqual(answers.pop())
      compared += 1
    }), { numRuns: 2000 })
    expect(compared).toBeGreaterThan(100)
  })

  it('end no later than the answer does', () => {
    fc.assert(fc.property(arbitraryRecords, arbitraryInstant, (records, now) => {
      const { validUntil } = entitlementsAt(exampleCatalog, records, now)
      const { until } = claimsAt(records, now)
      expect(until).toBe(validUntil === null ? null : Math.floor(validUntil / second))
    }))
  })
})

describe('claims that are not', () => {
  it.each([
    ['a grant', { grants: [{ id: 'g', feature: 'apiCalls', amount: 1, priority: 50, effectiveAt: 0, expiresAt: null, createdAt: 0, voidedAt: null }] }],
    ['an override', { overrides: [{ id: 'o', plan: 'pro', effectiveAt: 0, until: null, createdAt: 0, voidedAt: null }] }],
  ])('say so: %s', (_, records) => {
    const all = { customer: 'user_1', version: 1, createdAt: 0, subscriptions: [], grants: [], overrides: [], ...records }
    expect(claimsAt(all, present).g).toBe(true)
  })

  it('say so: a debt, so that whoever is refused is told of it', () => {
    const debt: Subscription = {
      id: 'sub_1', ours: true, plan: 'pro', price: 'price_1', interval: 'month', quantity: 1, status: 'unpaid', startedAt: 0, billingAnchor: 0,
      currentPeriodStart: 0, currentPeriodEnd: present, trialEnd: null, cancelAt: null, endedAt: null, pastDueSince: 0,
      currency: 'usd', pendingChange: null, paused: null, payment: null, card: null, endReason: null,
    }
    const records = { customer: 'user_1', version: 1, createdAt: 0, subscriptions: [debt], grants: [], overrides: [] }
    expect(claimsAt(records, present)).toMatchObject({ plan: 'free', g: true })
  })

  it('say so where usage counts from the subscription', () => {
    const catalog = defineCatalog({
      features: { apiCalls: metered({ unit: 'call', anchor: 'subscription' }) },
      plans: { free: { name: 'Free', default: true, features: {} } },
    })
    const records = { customer: 'user_1', version: 1, createdAt: 0, subscriptions: [], grants: [], overrides: [] }
    expect(needsRecords(catalog, entitlementsAt(catalog, records, present), false)).toBe(true)
  })

  it('do not decide: partial, past their end, or of another catalog', () => {
    expect(decide({})).toMatchObject({ version: 7, plan: { key: 'pro' }, validUntil: null })
    expect(decide({ until: present / second + 1 })).toMatchObject({ validUntil: present + second })
    expect(decide({ g: true })).toBeUndefined()
    expect(decide({ until: present / second })).toBeUndefined()
    // A clock that tells no time, and a caller who parsed one that is none.
    expect(entitlementsFromClaims(exampleCatalog, { ...claims, until: present / second + 1 }, Number.NaN)).toBeUndefined()
    for (const plan of ['removed', 'constructor', '__proto__', '']) expect(decide({ plan })).toBeUndefined()
  })

  it('are not read', () => {
    const faulty: readonly unknown[] = [
      undefined, null, 'pro', 5, [], {}, { plan: 'pro' }, { ...claims, plan: 5 }, { ...claims, plan: 'x'.repeat(65) }, { ...claims, ev: -1 },
      { ...claims, ev: 1.5 }, { ...claims, ev: '7' }, { ...claims, ev: 2 ** 53 }, { ...claims, anchor: null }, { ...claims, anchor: 1e15 },
      { ...claims, until: 'never' }, { ...claims, until: 1e15 }, { ...claims, until: undefined }, { ...claims, g: 0 }, { ...claims, g: undefined },
    ]
    expect(faulty.map(parsePlanClaims)).toEqual(faulty.map(() => undefined))
  })

  it('never make reading them throw', () => {
    fc.assert(fc.property(fc.anything(), (value) => {
      parsePlanClaims(value)
    }))
    fc.assert(fc.property(fc.record({ plan: fc.string(), ev: fc.nat(), anchor: fc.integer(), until: fc.option(fc.integer()), g: fc.boolean() }), (value) => {
      const parsed = parsePlanClaims(value)
      if (parsed !== undefined) entitlementsFromClaims(exampleCatalog, parsed, present)
    }))
  })
})
