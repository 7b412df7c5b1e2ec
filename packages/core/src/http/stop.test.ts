import { describe, expect, test } from 'vitest'
import type { Decision, RefusalReason } from '../domain/decision.ts'
import { type ErrorCode, FareboxError } from '../errors/error.ts'
import type { ProblemName } from '../protocol/problem.ts'
import { nothing } from '../use-cases/decisions/explain-refusal.ts'
import { httpSettings } from './options.ts'
import { problemResponse } from './problem-response.ts'
import { stop, stopOf, stopOfDecision } from './stop.ts'

const now = Date.UTC(2026, 0, 31, 12)
const settings = httpSettings({ appUrl: 'https://app.example.com', upgradeUrl: 'https://app.example.com/upgrade' }, [])

const statuses: Readonly<Record<ProblemName, number>> = {
  unauthenticated: 401,
  'plan-required': 402,
  'payment-past-due': 402,
  'quota-exceeded': 429,
  'rate-limited': 429,
  forbidden: 403,
  'idempotency-conflict': 409,
  'idempotency-replayed': 409,
  'already-subscribed': 409,
  'in-progress': 409,
  'invalid-request': 400,
  'invalid-signature': 400,
  'not-found': 404,
  'method-not-allowed': 405,
  'payload-too-large': 413,
  'payments-failed': 502,
  overloaded: 503,
  unavailable: 503,
  internal: 500,
}

const names = Object.keys(statuses) as ProblemName[]

describe('a problem', () => {
  test.each(names)('%s is a problem document that no cache keeps', async (name) => {
    const response = problemResponse(stop(settings, name))
    expect(response.status).toBe(statuses[name])
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ type: `/problems/${name}`, title: expect.any(String), status: statuses[name] })
  })

  test.each(names)('%s asks for a token only at 401, and for a pause at 503', (name) => {
    const { headers } = stop(settings, name)
    expect(headers['www-authenticate']).toBe(statuses[name] === 401 ? 'Bearer' : undefined)
    expect(headers['retry-after']).toBe(statuses[name] === 503 ? '5' : undefined)
  })

  test('is described where the app says', () => {
    const elsewhere = httpSettings({ problemBase: 'https://docs.example.com/problems' }, [])
    expect(stop(elsewhere, 'forbidden').problem.type).toBe('https://docs.example.com/problems/forbidden')
  })
})

const refused: Decision = {
  ...nothing('apiCalls', 'free', ['pro']),
  limit: 5,
  used: 5,
  unit: 'call',
  window: 2_678_400,
  resetsAt: now + 3_600_000,
  retryAt: now + 3_600_000,
  graceEndedAt: now - 1000,
  lift: { plan: 'pro', limit: 500 },
  gates: [{ id: '3/minute', limit: 3, window: 60, remaining: 0, resetsAt: now + 20_000 }],
}

function refusalOf<Reason extends RefusalReason>(reason: Reason, more: Partial<Decision> = {}) {
  return stopOfDecision(settings, { ...refused, ...more, reason }, now)
}

describe('a refused decision', () => {
  test('for a plan says which plan would do, and not to wait', () => {
    const { status, problem, headers } = refusalOf('plan-required')
    expect(status).toBe(402)
    expect(problem).toMatchObject({
      feature: 'apiCalls', currentPlan: 'free', requiredPlans: ['pro'], upgradeUrl: 'https://app.example.com/upgrade',
    })
    expect(headers).not.toHaveProperty('retry-after')
  })

  test('for a debt leads to where it can be paid, and not to an upgrade', () => {
    const { status, problem, headers } = refusalOf('payment-past-due')
    expect(status).toBe(402)
    expect(problem).toMatchObject({ portalUrl: 'https://app.example.com/upgrade', graceEndedAt: '2026-01-31T11:59:59.000Z' })
    expect(problem).not.toHaveProperty('upgradeUrl')
    expect(headers).not.toHaveProperty('retry-after')
  })

  test('for an allowance says what was used, when it refills and what would lift it', () => {
    const { status, problem, headers } = refusalOf('quota-exceeded')
    expect(status).toBe(429)
    expect(problem).toMatchObject({
      type: '/problems/quota-exceeded',
      feature: 'apiCalls',
      limit: 5,
      used: 5,
      resetsAt: '2026-01-31T13:00:00.000Z',
      upgradeUrl: 'https://app.example.com/upgrade',
      lift: { plan: 'pro', limit: 500 },
    })
    expect(headers).toMatchObject({ 'retry-after': '3600', ratelimit: expect.stringContaining('"apiCalls";r=0;t=3600') })
  })

  test('for a burst says when to come back, and never to upgrade', () => {
    const { status, problem, headers } = refusalOf('rate-limited', { retryAt: now + 20_000 })
    expect(status).toBe(429)
    expect(problem.type).toBe('/problems/rate-limited')
    expect(problem).not.toHaveProperty('upgradeUrl')
    expect(problem).not.toHaveProperty('lift')
    expect(headers).toMatchObject({
      'retry-after': '20',
      ratelimit: expect.stringContaining('"3/minute";r=0;t=20'),
      'ratelimit-policy': expect.stringContaining('"3/minute";q=3;w=60'),
    })
  })

  test('never sends a client back at once, nor before the gate opens', () => {
    expect(refusalOf('rate-limited', { retryAt: now + 1 }).headers['retry-after']).toBe('1')
    expect(refusalOf('rate-limited', { retryAt: now - 5000 }).headers['retry-after']).toBe('1')
    expect(refusalOf('rate-limited', { retryAt: now + 1001 }).headers['retry-after']).toBe('2')
  })

  test('for a key that was used otherwise is a conflict, which waiting for a new period does not end', () => {
    const { status, problem, headers } = refusalOf('idempotency-conflict', { retryAt: null })
    expect({ status, type: problem.type }).toEqual({ status: 409, type: '/problems/idempotency-conflict' })
    expect(headers).not.toHaveProperty('retry-after')
  })

  test('that could not be made is not the client\'s fault', () => {
    const { status, problem, headers } = refusalOf('unavailable', { ...nothing('apiCalls', 'free', []) })
    expect(status).toBe(503)
    expect(problem).toEqual({ type: '/problems/unavailable', title: expect.any(String), status: 503, feature: 'apiCalls' })
    expect(headers['retry-after']).toBe('5')
  })

  test('that could not be made is asked for again soon, however far away the period\'s end is', () => {
    expect(refusalOf('unavailable', { retryAt: null }).headers['retry-after']).toBe('5')
  })
})

const canary = 'canary-sk_live_7d1f'

const problemOfCode: Readonly<Record<ErrorCode, ProblemName>> = {
  'invalid-catalog': 'internal',
  'invalid-configuration': 'internal',
  'invalid-request': 'invalid-request',
  unauthenticated: 'unauthenticated',
  'invalid-signature': 'invalid-signature',
  forbidden: 'forbidden',
  'not-found': 'not-found',
  'already-subscribed': 'already-subscribed',
  conflict: 'unavailable',
  overloaded: 'overloaded',
  'payments-failed': 'payments-failed',
  unavailable: 'unavailable',
}

describe('an error', () => {
  test.each(Object.keys(problemOfCode) as ErrorCode[])('%s tells its code, and nothing of its message, reason or cause', async (code) => {
    const error = new FareboxError(code, `message ${canary}`, { reason: canary, cause: new Error(canary) })
    const response = problemResponse(stopOf(settings, error))
    expect(response.status).toBe(statuses[problemOfCode[code]])
    const text = await response.text()
    expect(text).toContain(`/problems/${problemOfCode[code]}`)
    expect(text + JSON.stringify([...response.headers])).not.toContain(canary)
  })

  test.each([
    new Error(canary), new TypeError(canary), canary, null, undefined, 42, { code: 'forbidden', message: canary }, [canary],
  ])('of nobody we know is internal: %#', async (error) => {
    const response = problemResponse(stopOf(settings, error))
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ type: '/problems/internal', title: expect.any(String), status: 500 })
  })

  test('of the client lists its faults; one of ours does not', () => {
    const faults = [{ path: 'plan', message: 'Name a plan' }]
    expect(stopOf(settings, new FareboxError('invalid-request', 'x', { faults })).problem.faults).toEqual(faults)
    expect(stopOf(settings, new FareboxError('invalid-configuration', 'x', { faults })).problem.faults).toBeUndefined()
    expect(stopOf(settings, new FareboxError('unavailable', 'x', { faults })).problem.faults).toBeUndefined()
  })
})
