import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Decision } from '../domain/decision.ts'
import { rateLimitFields } from '../http/rate-limit-fields.ts'
import type { Snapshot, UsageView } from '../protocol/snapshot.ts'
import { observeRateLimit } from './observe-rate-limit.ts'

const now = Date.UTC(2026, 10, 21)
const period = { periodStart: '2026-11-01T00:00:00.000Z', periodEnd: '2026-12-01T00:00:00.000Z' }

function view(used: number, limit: number | null): UsageView {
  const remaining = limit === null ? null : limit - used
  return { used, reserved: 0, limit, remaining, overage: 0, unit: 'call', gates: [], ...period }
}

function snapshotOf(usage: Readonly<Record<string, UsageView>>): Snapshot {
  return {
    customer: 'ann', plan: 'free', planName: 'Free', plans: {}, planSource: 'default', status: 'none', subscription: null,
    entitlements: {}, usage, grants: [], trial: null, notices: [], canManageBilling: true, entitlementVersion: 1,
    asOf: new Date(now).toISOString(),
  }
}

function decisionOf(feature: string, used: number, limit: number | null, gates: Decision['gates'] = []): Decision {
  return {
    allowed: true, reason: 'allowed', feature, repeated: false, drawn: [], limit, used, reserved: 0,
    remaining: limit === null ? null : limit - used, overage: 0, resetsAt: Date.parse(period.periodEnd), window: 2_592_000,
    unit: 'call', retryAt: null, gates, keyUntil: null, plan: 'free', requiredPlans: [], graceEndedAt: null,
  }
}

const gate = { id: '100/minute', limit: 100, window: 60, remaining: 7, resetsAt: now }
const calls = snapshotOf({ apiCalls: view(2, 5), tokens: view(1, 9) })

describe('observeRateLimit', () => {
  it('moves the feature that was metered and leaves the rest as it is', () => {
    const next = observeRateLimit(calls, new Headers(rateLimitFields(decisionOf('apiCalls', 4, 5, [gate]), now)))
    expect(next?.usage['apiCalls']).toMatchObject({ used: 4, remaining: 1, limit: 5 })
    expect(next?.usage['tokens']).toBe(calls.usage['tokens'])
  })

  it('answers the same snapshot when nothing is new', () => {
    expect(observeRateLimit(calls, new Headers(rateLimitFields(decisionOf('apiCalls', 2, 5), now)))).toBe(calls)
    expect(observeRateLimit(calls, new Headers(rateLimitFields(decisionOf('other', 2, 5), now)))).toBe(calls)
    expect(observeRateLimit(calls, new Headers())).toBe(calls)
  })

  it.each([
    ['another limit', decisionOf('apiCalls', 3, 500)],
    ['usage given back or a new period', decisionOf('apiCalls', 1, 5)],
  ])('asks for the snapshot on %s', (_, decision) => {
    expect(observeRateLimit(calls, new Headers(rateLimitFields(decision, now)))).toBeUndefined()
  })

  it('asks for the snapshot on what may be billed beyond the allowance, of which the fields tell nothing', () => {
    const terms = { kind: 'metered', limit: 5, unit: 'call', interval: 'month', overage: { amount: '10', currency: 'usd' } } as const
    const paid: Snapshot = { ...calls, entitlements: { apiCalls: { terms, source: 'subscription', onError: 'deny' } } }
    const after = (used: number) => observeRateLimit(paid, new Headers(rateLimitFields(decisionOf('apiCalls', used, 5), now)))
    expect(after(4)?.usage['apiCalls']).toMatchObject({ used: 4, remaining: 1 })
    expect(after(5)).toBeUndefined()
    expect(observeRateLimit(calls, new Headers(rateLimitFields(decisionOf('apiCalls', 5, 5), now)))?.usage['apiCalls']).toMatchObject({ used: 5 })
  })

  it('asks for the snapshot when what was unlimited has a limit', () => {
    const unlimited = snapshotOf({ apiCalls: view(2, null) })
    expect(observeRateLimit(unlimited, new Headers(rateLimitFields(decisionOf('apiCalls', 2, 5), now)))).toBeUndefined()
  })

  it('reads fields whatever the order of their items and parameters', () => {
    const headers = new Headers({
      RateLimit: '"100/minute";r=99;t=60,"tokens";t=5;r=3, "apiCalls";t=1209600;r=0',
      'RateLimit-Policy': '"100/minute";q=100;w=60, "apiCalls";w=2592000;qu="call";q=5,"tokens";qu="token";q=9',
    })
    const next = observeRateLimit(calls, headers)
    expect(next?.usage['apiCalls']).toMatchObject({ used: 5, remaining: 0 })
    expect(next?.usage['tokens']).toMatchObject({ used: 6, remaining: 3 })
  })

  it('agrees with what the server writes, for any counts, names and gates', () => {
    const name = fc.stringMatching(/^[a-z][A-Za-z0-9-]{0,20}$/)
    const gates = fc.array(fc.record({ id: fc.constantFrom('9/second', '100/minute/5'), limit: fc.nat(), window: fc.nat(), remaining: fc.nat(), resetsAt: fc.constant(now) }), { maxLength: 3 })
    fc.assert(
      fc.property(name, fc.nat(), fc.nat(), fc.nat(), gates, (feature, before, more, left, listed) => {
        const limit = before + more + left
        const snapshot = snapshotOf({ [feature]: view(before, limit), [`${feature}2`]: view(1, 2) })
        const fields = rateLimitFields(decisionOf(feature, before + more, limit, listed), now)
        const next = observeRateLimit(snapshot, new Headers(fields))
        expect(next?.usage).toEqual({ [feature]: view(before + more, limit), [`${feature}2`]: view(1, 2) })
      }),
    )
  })

  it('never throws, and believes nothing that it cannot read', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ';', '=', ',', ' ', 'r', 'q', 'apiCalls', '-1', '3', '\\', 'e9') })
    fc.assert(
      fc.property(text, text, (state, policy) => {
        const next = observeRateLimit(calls, new Headers({ ratelimit: state, 'ratelimit-policy': policy }))
        const counts = next === undefined ? [] : Object.values(next.usage)
        for (const { used, remaining, limit } of counts) expect(used + (remaining ?? 0)).toBe(limit)
      }),
    )
  })
})
