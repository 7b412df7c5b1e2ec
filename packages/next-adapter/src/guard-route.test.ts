import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { NextRequest } from 'next/server.js'
import { describe, expect, test } from 'vitest'
import { requirePlan, withMeter, withMeterForAnyone } from './guard-route.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

test('withMeterForAnyone() lets callers without a token in by address, and says what is left', async () => {
  const verifier = { verify: () => { throw new Error('No token is looked at') } }
  const farebox = createFarebox({
    catalog,
    store: memoryStore(),
    auth: { verifier, claims: null, webhooks: null },
    anonymous: { gates: { apiCalls: ['1/minute'] }, trustedHops: 1 },
  })
  const route = withMeterForAnyone(farebox, 'apiCalls', (_request, _context: unknown, { caller }) => Response.json({ who: caller }))
  const ask = async (address: string) =>
    route(new NextRequest('http://localhost/api/quote', { headers: { 'x-forwarded-for': address } }), {})

  const passed = await ask('203.0.113.7')
  expect(await passed.json()).toEqual({ who: null })
  expect(passed.headers.get('ratelimit')).toMatch(/^"1\/minute";r=0;t=\d+$/)
  expect((await ask('9.9.9.9, 203.0.113.7')).status).toBe(429)
  expect((await ask('203.0.113.8')).status).toBe(200)
  expect((await ask('unknown')).status).toBe(401)
})

const handler = () => Response.json({})

function request(): NextRequest {
  return new NextRequest('http://localhost/api/quote', { headers: { authorization: 'Bearer ann' } })
}

describe('a guard within withMeter()', () => {
  const plans = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token' }) },
    plans: {
      free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month'), tokens: allowance(5).per('month') } },
      pro: { name: 'Pro', contactSales: true, features: {} },
    },
  })
  const identity = { subject: 'ann', organization: null, email: null, planClaims: null, actor: null, expiresAt: Date.UTC(2100, 0, 1), claims: {} }
  const setUp = () => createFarebox({ catalog: plans, store: memoryStore(), auth: { verifier: { verify: () => identity }, claims: null, webhooks: null } })

  test.each([{}, { countFailures: true }])('that refuses costs nothing, with %j', async (options) => {
    const farebox = setUp()
    const route = withMeter(farebox, 'apiCalls', withMeter(farebox, 'tokens', requirePlan(farebox, 'pro', handler), options), options)
    const response = await route(request(), {})
    expect(response.status).toBe(402)
    expect(response.headers.get('ratelimit')).toContain('"apiCalls"')
    expect((await farebox.snapshot({ customer: 'ann' })).usage).toMatchObject({ apiCalls: { used: 0 }, tokens: { used: 0 } })
  })

  test('that lets pass is counted', async () => {
    const farebox = setUp()
    const route = withMeter(farebox, 'apiCalls', withMeter(farebox, 'tokens', requirePlan(farebox, 'free', handler)))
    expect((await route(request(), {})).status).toBe(200)
    expect((await farebox.snapshot({ customer: 'ann' })).usage).toMatchObject({ apiCalls: { used: 1 }, tokens: { used: 1 } })
  })
})
