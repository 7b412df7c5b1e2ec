import { describe, expect, test } from 'vitest'
import type { Decision } from '../domain/decision.ts'
import { nothing } from '../use-cases/decisions/explain-refusal.ts'
import { rateLimitFields } from './rate-limit-fields.ts'

const now = Date.UTC(2026, 0, 31, 12)

const metered: Decision = {
  ...nothing('apiCalls', 'free', ['free']),
  allowed: true,
  reason: 'allowed',
  limit: 5,
  used: 2,
  remaining: 3,
  unit: 'call',
  window: 2_678_400,
  resetsAt: now + 3_600_000,
}

const gate = { id: '100/minute', limit: 100, window: 60, remaining: 99, resetsAt: now + 600 }

describe('RateLimit and RateLimit-Policy', () => {
  test('name the allowance with its unit', () => {
    expect(rateLimitFields(metered, now)).toEqual({
      ratelimit: '"apiCalls";r=3;t=3600',
      'ratelimit-policy': '"apiCalls";q=5;w=2678400;qu="call"',
    })
  })

  test('name every gate after it', () => {
    expect(rateLimitFields({ ...metered, gates: [gate, { ...gate, id: '10/second', window: 1 }] }, now)).toEqual({
      ratelimit: '"apiCalls";r=3;t=3600, "100/minute";r=99;t=1, "10/second";r=99;t=1',
      'ratelimit-policy': '"apiCalls";q=5;w=2678400;qu="call", "100/minute";q=100;w=60, "10/second";q=100;w=1',
    })
  })

  test('leave out an allowance of more digits than a structured field may have, and keep the gates', () => {
    const most = { limit: 999_999_999_999_999, remaining: 999_999_999_999_999 }
    expect(rateLimitFields({ ...metered, ...most }, now).ratelimit).toBe('"apiCalls";r=999999999999999;t=3600')
    expect(rateLimitFields({ ...metered, limit: 1e15, remaining: 5, gates: [gate] }, now)).toEqual({
      ratelimit: '"100/minute";r=99;t=1',
      'ratelimit-policy': '"100/minute";q=100;w=60',
    })
  })

  test('name the gates alone where the allowance is unlimited', () => {
    expect(rateLimitFields({ ...metered, limit: null, remaining: null, gates: [gate] }, now)).toEqual({
      ratelimit: '"100/minute";r=99;t=1',
      'ratelimit-policy': '"100/minute";q=100;w=60',
    })
  })

  test('are left out where nothing is limited', () => {
    expect(rateLimitFields({ ...metered, limit: null, remaining: null }, now)).toEqual({})
    expect(rateLimitFields(nothing('exports', 'free', []), now)).toEqual({})
  })

  test('never tell a client to come back in the past', () => {
    expect(rateLimitFields({ ...metered, resetsAt: now - 1 }, now).ratelimit).toBe('"apiCalls";r=3;t=0')
  })

  test.each(['call "A"', 'back\\slash', 'c\u00f4t\u00e9', '\u6b21', 'a\r\nset-cookie: x=1', ''])('a unit of %j never breaks the field', (unit) => {
    const fields = rateLimitFields({ ...metered, unit }, now)
    const headers = new Headers(fields)
    expect(headers.get('set-cookie')).toBeNull()
    // RFC 9651 section 3.3.3: printable ASCII, with quotes and backslashes escaped.
    expect(headers.get('ratelimit-policy')).toMatch(/^"apiCalls";q=5;w=2678400(;qu="([ !#-[\]-~]|\\["\\])+")?$/)
  })
})
