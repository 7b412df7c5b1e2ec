import { type AnonymousOptions, allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { manualClock } from '@farebox/core/testing'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono, type MiddlewareHandler } from 'hono'
import { expect, test } from 'vitest'
import { bearer, testAuth } from '../test/sign-in.ts'
import { createGates } from './create-gates.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

function setUp(changes: Partial<AnonymousOptions<'apiCalls'>> = {}) {
  const anonymous = { gates: { apiCalls: ['2/minute'] }, trustedHops: 1, ...changes } as const
  const clock = manualClock(Date.now())
  const farebox = createFarebox({ catalog, clock, store: memoryStore({ clock }), auth: testAuth(), anonymous })
  const gates = createGates(farebox, { getConnInfo })
  return new Hono().get('/', gates.meterAnyone('apiCalls'), gates.meterAnyone('apiCalls'), (c) => c.json({ who: c.var.farebox.caller?.customer ?? null }))
}

test('a caller without a token passes the gates of its address, twice where there are two', async () => {
  const app = setUp()
  const headers = { 'x-forwarded-for': '203.0.113.7' }
  const passed = await app.request('/', { headers })
  expect(await passed.json()).toEqual({ who: null })
  expect(passed.headers.get('ratelimit')).toMatch(/^"2\/minute";r=0;t=\d+, "2\/minute";r=1;t=\d+$/)

  const refused = await app.request('/', { headers })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('30')
  expect(await refused.json()).toMatchObject({ type: '/problems/rate-limited' })
  expect((await app.request('/', { headers: { 'x-forwarded-for': '203.0.113.8' } })).status).toBe(200)
  expect((await app.request('/')).status).toBe(401)
})

test('a caller with a token is a customer, and one with a bad token is refused', async () => {
  const app = setUp()
  expect(await (await app.request('/', { headers: { authorization: await bearer('ann') } })).json()).toEqual({ who: 'ann' })
  expect((await app.request('/', { headers: { authorization: 'Bearer x', 'x-forwarded-for': '203.0.113.7' } })).status).toBe(401)
})

test('a caller without a token passes no other gate behind it', async () => {
  const gates = createGates(createFarebox({ catalog, store: memoryStore(), auth: testAuth(), anonymous: { gates: { apiCalls: ['2/minute'] }, trustedHops: 1 } }))
  const others: readonly MiddlewareHandler[] = [gates.requireAuth(), gates.requireAuth({ role: 'admin' }), gates.requirePlan('free'), gates.requireFeature('apiCalls'), gates.meter('apiCalls')]
  for (const [index, other] of others.entries()) {
    const app = new Hono().get('/', gates.meterAnyone('apiCalls'), other, (c) => c.text('reached'))
    expect((await app.request('/', { headers: { 'x-forwarded-for': `203.0.113.${index}` } })).status).toBe(401)
  }
})

test('a customer is counted by the amount of the request, once for a key where it may name one', async () => {
  const farebox = createFarebox({ catalog, store: memoryStore(), auth: testAuth(), anonymous: { gates: { apiCalls: ['2/minute'] }, trustedHops: 1 } })
  const gates = createGates(farebox)
  const gate = gates.meterAnyone('apiCalls', { amount: (c) => Number(c.req.query('amount')), idempotency: 'header' })
  const app = new Hono().get('/', gate, (c) => c.text('reached'))
  const headers = { authorization: await bearer('ann'), 'idempotency-key': 'order-1' }
  expect((await app.request('/?amount=3', { headers })).status).toBe(200)
  expect((await app.request('/?amount=3', { headers })).status).toBe(409)
  expect(await farebox.check({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ used: 3 })
})

test('without proxies the connection tells the address', async () => {
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: setUp({ trustedHops: 0 }).fetch, hostname: '127.0.0.1', port: 0 }, () => resolve(started))
  })
  try {
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
    const statuses: number[] = []
    for (const spoofed of ['203.0.113.7', '203.0.113.8']) statuses.push((await fetch(url, { headers: { 'x-forwarded-for': spoofed } })).status)
    expect(statuses).toEqual([200, 429])
  } finally {
    server.close()
  }
})
