import { type CatalogData, checkCatalogData, defaultMoves, defineCatalog, describeCatalog } from '@farebox/core/catalog'
import { describe, expect, it } from 'vitest'
import {
  accessOf, moveKinds, moveRuleOf, moveRules, pairsOf, readGates, usualRuleOf, withAccess, withGates, withGrace, withMoveRule, withPack, withPair, writeGates,
} from './edit-rules.ts'

const usd = (minor: string) => ({ currency: 'usd', minor })
const calls = (amount: number) => ({ kind: 'metered', amount, interval: 'month', overagePrice: null })
const data: CatalogData = {
  features: { apiCalls: { kind: 'metered', onError: 'deny', unit: 'call', anchor: 'customer', acceptLossy: false, lease: null } },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: calls(5) } },
    pro: { name: 'Pro', prices: { month: usd('2900') }, features: { apiCalls: calls(500) } },
    team: { name: 'Team', prices: { month: usd('9900') }, features: { apiCalls: calls(5000) } },
  },
}

/** What the catalog's own rules make of it. */
function defined(edited: CatalogData) {
  expect(checkCatalogData(edited)).toEqual([])
  return defineCatalog(edited)
}

describe('rate limits', () => {
  it.each([
    ['100/minute', [{ limit: 100, per: 'minute' }]],
    ['100/minute, 1000/hour/50', [{ limit: 100, per: 'minute' }, { limit: 1000, per: 'hour', burst: 50 }]],
    ['', []],
    ['often', ['often']],
    ['100/fortnight', ['100/fortnight']],
  ])('are read from %j, and written as they are read', (text, gates) => {
    expect(readGates(text)).toEqual(gates)
    expect(writeGates(readGates(text))).toBe(text)
  })

  it('are the gates of the catalog, and leave no trace when they are gone', () => {
    const pro = withGates(data.plans['pro']!, 'apiCalls', readGates('100/minute 10/second/5'))
    expect(defined({ ...data, plans: { ...data.plans, pro } }).plans['pro']?.gates['apiCalls']?.map(({ id }) => id)).toEqual(['100/minute', '10/second/5'])
    expect(withGates(pro, 'apiCalls', [])).toEqual(data.plans['pro'])
  })

  it('that are none are told as faulty, at their own place', () => {
    const pro = withGates(data.plans['pro']!, 'apiCalls', readGates('100/minute often'))
    expect(checkCatalogData({ ...data, plans: { ...data.plans, pro } }).map(({ path }) => path)).toEqual(['plans.pro.gates.apiCalls.1'])
  })
})

describe('rules of moves', () => {
  it('are those of the catalog for every kind and rule, and the usual one leaves no trace', () => {
    for (const kind of moveKinds) {
      for (const rule of moveRules) {
        const edited = withMoveRule(data, kind, rule)
        expect(defined(edited).moves[kind]).toEqual(rule)
        expect(moveRuleOf(edited, kind)).toEqual(rule)
        expect(withMoveRule(edited, kind, defaultMoves[kind])).toEqual(data)
      }
    }
  })

  it('of pairs go before those of the kind, and are taken away again', () => {
    const rule = { when: 'now', proration: 'next-invoice' } as const
    const edited = withPair(withPair(data, 'team', 'pro', rule), 'team', 'free', { when: 'now', proration: 'none' })
    expect(defined(edited).moves.pairs).toEqual({ team: { pro: rule, free: { when: 'now', proration: 'none' } } })
    expect(pairsOf(edited)).toContainEqual({ from: 'team', to: 'pro', rule })
    expect(withPair(withPair(edited, 'team', 'pro', undefined), 'team', 'free', undefined)).toEqual(data)
    expect([usualRuleOf(data, 'pro', 'team'), usualRuleOf(data, 'team', 'pro')]).toEqual([defaultMoves.upgrade, defaultMoves.downgrade])
  })

  it('that leave something out are shown as the catalog completes them', () => {
    const halves = [undefined, 'now', 'period-end'].flatMap((when) =>
      [undefined, 'invoice', 'next-invoice', 'none'].flatMap((proration) => (['upgrade', 'downgrade'] as const).map((kind) => ({ kind, when, proration }))),
    )
    const right = halves.flatMap(({ kind, when, proration }) => {
      const edited = JSON.parse(JSON.stringify({ ...data, moves: { [kind]: { when, proration } } }))
      return checkCatalogData(edited).length > 0 ? [] : [{ kind, edited }]
    })
    expect(right).toHaveLength(18)
    for (const { kind, edited } of right) expect(moveRuleOf(edited, kind)).toEqual(defineCatalog(edited).moves[kind])
  })
})

describe('the lifecycle', () => {
  it('is that of the catalog, and the usual one leaves no trace', () => {
    const edited = withGrace(withAccess(data, 'unpaid', 'grace'), 3)
    expect(defined(edited).lifecycle).toMatchObject({ access: { unpaid: 'grace', active: 'full' }, grace: 3 * 86_400_000 })
    expect([accessOf(edited, 'unpaid'), accessOf(edited, 'past_due')]).toEqual(['grace', 'grace'])
    expect(withGrace(withAccess(edited, 'unpaid', 'none'), undefined)).toEqual(data)
    expect(defined(withGrace(data, 0)).lifecycle.grace).toBe(0)
  })
})

describe('packs', () => {
  it('are those of the catalog, and come back from it as they were', () => {
    const edited = withPack(data, 'small', { name: 'Small', price: usd('1000'), grants: { apiCalls: 100 }, expiresAfterDays: 90, refunds: 'keep' })
    expect(describeCatalog(defined(edited))).toEqual(edited)
    expect(withPack(edited, 'small', undefined)).toEqual(data)
  })
})
