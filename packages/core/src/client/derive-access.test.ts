import { describe, expect, it } from 'vitest'
import type { Snapshot, TermsView, UsageView } from '../protocol/snapshot.ts'
import { deriveAccess } from './derive-access.ts'

function access(terms: TermsView | undefined, usage?: Pick<UsageView, 'limit' | 'remaining'>): boolean {
  const entitlements: Snapshot['entitlements'] = terms ? { it: { terms, source: 'default', onError: 'deny' } } : {}
  const period = { periodStart: '2026-11-01T00:00:00.000Z', periodEnd: '2026-12-01T00:00:00.000Z' }
  const view = usage && { ...usage, ...period, used: 0, reserved: 0, overage: 0, unit: 'call', gates: [] }
  return deriveAccess({ entitlements, usage: view ? { it: view } : {} }, 'it')
}

function metered(limit: number | null): TermsView {
  return { kind: 'metered', limit, unit: 'call', interval: 'month', overage: null }
}

describe('deriveAccess', () => {
  it.each([
    ['nothing', undefined, undefined, false],
    ['a toggle that is on', { kind: 'toggle', on: true }, undefined, true],
    ['a toggle that is off', { kind: 'toggle', on: false }, undefined, false],
    ['a setting, whatever it says', { kind: 'setting', value: false }, undefined, true],
    ['seats', { kind: 'seats', limit: 1 }, undefined, true],
    ['as many seats as are paid for', { kind: 'seats', limit: null, paid: true }, undefined, true],
    ['no seats', { kind: 'seats', limit: 0 }, undefined, false],
    ['an allowance that is used up', metered(5), { limit: 5, remaining: 0 }, true],
    ['no allowance', metered(0), { limit: 0, remaining: 0 }, false],
    ['no allowance, and a grant', undefined, { limit: 50, remaining: 50 }, true],
    ['overage alone', metered(0), { limit: 0, remaining: null }, true],
    ['no limit', metered(null), { limit: null, remaining: null }, true],
    ['an allowance of which no usage is known', metered(5), undefined, true],
  ] as const)('tells %s', (_, terms, usage, expected) => {
    expect(access(terms, usage)).toBe(expected)
  })
})
