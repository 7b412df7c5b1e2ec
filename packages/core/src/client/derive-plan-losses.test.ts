import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Snapshot, TermsView, UsageView } from '../protocol/snapshot.ts'
import { derivePlanLosses } from './derive-plan-losses.ts'

function calls(limit: number | null): TermsView {
  return { kind: 'metered', limit, unit: 'call', interval: 'month', overage: null }
}

function customerOf(terms: Readonly<Record<string, TermsView>>, used: number): Pick<Snapshot, 'entitlements' | 'usage'> {
  const usage: UsageView = { used, reserved: 0, limit: null, remaining: null, overage: 0, unit: 'call', periodStart: '', periodEnd: '', gates: [] }
  return {
    entitlements: Object.fromEntries(Object.entries(terms).map(([key, each]) => [key, { terms: each, source: 'subscription', onError: 'deny' }])),
    usage: { apiCalls: usage },
  }
}

function setting(value: unknown): Readonly<Record<string, TermsView>> {
  return { days: { kind: 'setting', value } }
}

function isLoss(before: unknown, after: unknown): boolean {
  return derivePlanLosses(customerOf(setting(before), 0), { features: setting(after) }).length > 0
}

describe('derivePlanLosses', () => {
  const before = {
    apiCalls: calls(500), tokens: calls(null), exports: { kind: 'toggle', on: true }, members: { kind: 'seats', limit: 5 },
    models: { kind: 'setting', value: ['small', 'large'] }, support: { kind: 'setting', value: 'mail' }, logs: { kind: 'toggle', on: false },
  } as const

  it('names what there is less of, and what is used beyond it', () => {
    const after = { apiCalls: calls(5), tokens: calls(null), models: { kind: 'setting', value: ['small'] }, support: { kind: 'setting', value: 'mail' } } as const
    expect(derivePlanLosses(customerOf(before, 320), { features: after })).toEqual([
      { feature: 'apiCalls', before: before.apiCalls, after: after.apiCalls, over: 320 },
      { feature: 'exports', before: before.exports, after: undefined, over: undefined },
      { feature: 'members', before: before.members, after: undefined, over: undefined },
      { feature: 'models', before: before.models, after: after.models, over: undefined },
    ])
  })

  it('finds nothing in the same terms, nor in better ones', () => {
    expect(derivePlanLosses(customerOf(before, 320), { features: before })).toEqual([])
    expect(derivePlanLosses(customerOf({ apiCalls: calls(5), models: { kind: 'setting', value: ['small'] } }, 5), { features: before })).toEqual([])
  })

  it('finds no loss in a setting that grows', () => {
    expect([isLoss(7, 30), isLoss(30, 7), isLoss(7, 7), isLoss(7, 'many'), isLoss(7, null)]).toEqual([false, true, false, true, true])
    expect([isLoss(false, true), isLoss(true, false), isLoss('a', ['a', 'b']), isLoss(['a', 'b'], 'a'), isLoss({ a: 1 }, { a: 2 })]).toEqual([false, true, false, true, true])
  })

  it('finds a loss of an allowance exactly where it is smaller, and only such usage as it no longer holds', () => {
    const limit = fc.option(fc.nat(1000))
    fc.assert(
      fc.property(limit, limit, fc.nat(1000), (most, least, used) => {
        const [loss] = derivePlanLosses(customerOf({ apiCalls: calls(most) }, used), { features: { apiCalls: calls(least) } })
        const isLess = least !== null && (most === null || least < most)
        expect(loss !== undefined).toBe(isLess)
        expect(loss?.over).toBe(isLess && used > least ? used : undefined)
      }),
    )
  })
})
