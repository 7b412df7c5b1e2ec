import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { NextRequest } from 'next/server.js'
import { describe, expect, test } from 'vitest'
import { requireAuth, requirePlan, withMeter, withMeterForAnyone } from './guard-route.ts'

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

function request(fields: Readonly<Record<string, string>> = {}): NextRequest {
  return new NextRequest('http://localhost/api/quote', { headers: { authorization: 'Bearer ann', ...fields } })
}

const plans = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month'), tokens: allowance(5).per('month') } },
    pro: { name: 'Pro', contactSales: true, features: {} },
  },
})

function setUp(role?: string) {
  const organization = role === undefined ? null : { id: 'org_1', role }
  const identity = { subject: 'ann', organization, email: null, planClaims: null, actor: null, expiresAt: Date.UTC(2100, 0, 1), claims: {} }
  return createFarebox({ catalog: plans, store: memoryStore(), auth: { verifier: { verify: () => identity }, claims: null, webhooks: null } })
}

describe('a guard within withMeter()', () => {
  test.each([{}, { countFailures: true }])('that refuses costs nothing, with %j', async (options) => {
    const farebox = setUp()
    const route = withMeter(farebox, 'apiCalls', withMeter(farebox, 'tokens', requirePlan(farebox, 'pro', handler), options), options)
    const response = await route(request(), {})
    expect(response.status).toBe(402)
    expect(response.headers.get('ratelimit')).toMatch(/"tokens".*"apiCalls"/)
    expect((await farebox.snapshot({ customer: 'ann' })).usage).toMatchObject({ apiCalls: { used: 0 }, tokens: { used: 0 } })
  })

  test('that lets pass is counted', async () => {
    const farebox = setUp()
    const route = withMeter(farebox, 'apiCalls', withMeter(farebox, 'tokens', requirePlan(farebox, 'free', handler)))
    expect((await route(request(), {})).status).toBe(200)
    expect((await farebox.snapshot({ customer: 'ann' })).usage).toMatchObject({ apiCalls: { used: 1 }, tokens: { used: 1 } })
  })
})

describe.each([['withMeter', withMeter], ['withMeterForAnyone', withMeterForAnyone]] as const)('%s() counts a handler', (_, meter) => {
  test.each([
    [200, {}, 1],
    [404, {}, 1],
    [499, {}, 1],
    [500, {}, 0],
    [503, {}, 0],
    [500, { countFailures: true }, 1],
    [200, { amount: 3 }, 3],
    [500, { amount: 3 }, 0],
  ])('that answers %i with %j: %i', async (status, options, used) => {
    const farebox = setUp()
    const route = meter(farebox, 'apiCalls', () => new Response(null, { status }), options)
    expect((await route(request(), {})).status).toBe(status)
    expect((await farebox.snapshot({ customer: 'ann' })).usage).toMatchObject({ apiCalls: { used } })
  })

  test.each([
    ['whose body was read before', 'body', async () => {
      const response = Response.json({})
      await response.text()
      return response
    }],
    ['that has no status', 'status', () => Response.error()],
  ])('not at all where nothing can be sent of an answer %s', async (__, fault, failing) => {
    const farebox = setUp()
    await expect(meter(farebox, 'apiCalls', failing)(request(), {})).rejects.toThrow(fault)
    expect((await farebox.snapshot({ customer: 'ann' })).usage).toMatchObject({ apiCalls: { used: 0 } })
  })

  test('once for each key that a client names, where it may', async () => {
    const farebox = setUp()
    const route = meter(farebox, 'apiCalls', handler, { idempotency: 'header' })
    for (const status of [200, 409]) expect((await route(request({ 'idempotency-key': 'k1' }), {})).status).toBe(status)
    expect((await farebox.snapshot({ customer: 'ann' })).usage).toMatchObject({ apiCalls: { used: 1 } })
  })
})

describe('a guard lets pass', () => {
  test.each([['member', 403], ['admin', 200]])('%s where an admin is asked for: %i', async (role, status) => {
    expect((await requireAuth(setUp(role), handler, { role: 'admin' })(request(), {})).status).toBe(status)
    expect((await requireAuth(setUp(role), handler)(request(), {})).status).toBe(200)
  })

  test('nobody by a role that comes from a variable which is not set', async () => {
    const missing: Record<string, string> = {}
    // What a configuration without exact optional properties takes.
    const options = { role: missing['ADMIN_ROLE'] } as { role: string }
    for (const role of [undefined, 'member', 'admin']) {
      expect((await requireAuth(setUp(role), handler, options)(request(), {})).status).toBe(403)
    }
  })

  test('each of several plans', async () => {
    expect((await requirePlan(setUp(), ['pro', 'free'], handler)(request(), {})).status).toBe(200)
    expect((await requirePlan(setUp(), ['pro'], handler)(request(), {})).status).toBe(402)
  })
})
