import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { NextRequest } from 'next/server.js'
import { expect, test } from 'vitest'
import { withMeterForAnyone } from './guard-route.ts'

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
