import { type FareboxOptions, type Store, allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { type Handler, Hono, type MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { describe, expect, test, vi } from 'vitest'
import { bearer, testAuth } from '../test/sign-in.ts'
import { createGates } from './create-gates.ts'
import type { MeterEnv } from './gate.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token' }), exports: toggle() },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { apiCalls: allowance(5).per('month'), tokens: allowance(100).per('month') },
      gates: { tokens: ['2/minute'] },
    },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month'), exports: true } },
  },
})

type Options = Partial<Omit<FareboxOptions<typeof catalog>, 'catalog'>>

async function setUp(more: Options = {}) {
  const farebox = createFarebox({ catalog, store: memoryStore(), auth: testAuth(), ...more })
  const authorization = await bearer('ann')
  const used = async (feature: 'apiCalls' | 'tokens' = 'apiCalls') => (await farebox.check({ customer: 'ann', feature })).used
  return { farebox, gates: createGates(farebox), headers: { authorization }, used }
}

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const problem: Record<string, unknown> = await response.json()
  expect(problem['status']).toBe(response.status)
  return problem
}

/** A store of which one method fails. */
function failing(method: 'execute' | 'read'): Store {
  const store = memoryStore()
  vi.spyOn(store.usage, method).mockRejectedValue(new Error('canary'))
  return store
}

describe('requireAuth', () => {
  test('refuses a request without a valid token, and does not run the handler', async () => {
    const { gates } = await setUp()
    const handler = vi.fn<Handler>((c) => c.text('reached'))
    const app = new Hono().get('/', gates.requireAuth(), handler)
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'Basic YTpi' }]) {
      const response = await app.request('/', { headers })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      expect(await problemOf(response)).toMatchObject({ type: '/problems/unauthenticated' })
    }
    expect(handler).not.toHaveBeenCalled()
  })

  test('leaves the caller for the handler', async () => {
    const { gates, headers } = await setUp()
    const app = new Hono().get('/', gates.requireAuth(), (c) => c.json(c.var.farebox.caller.identity.subject))
    expect(await (await app.request('/', { headers })).json()).toBe('ann')
  })

  test('wants the role where it is named, and offers no upgrade', async () => {
    const { gates, headers } = await setUp()
    const app = new Hono().get('/', gates.requireAuth({ role: 'admin' }), (c) => c.text('reached'))
    const refused = await app.request('/', { headers })
    expect(refused.status).toBe(403)
    expect(await problemOf(refused)).not.toHaveProperty('upgradeUrl')
    const authorization = await bearer('ann', { org_id: 'org_1', org_role: 'admin' })
    expect((await app.request('/', { headers: { authorization } })).status).toBe(200)
  })

  test('keeps header fields that earlier middleware prepared', async () => {
    const { gates } = await setUp()
    const app = new Hono()
      .use(async (c, next) => {
        c.header('access-control-allow-origin', 'https://page.example.com')
        await next()
      })
      .get('/', gates.requireAuth(), (c) => c.text('reached'))
    const response = await app.request('/')
    expect(response.headers.get('access-control-allow-origin')).toBe('https://page.example.com')
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })

  test('hands a missing configuration to onError, and never lets it pass', async () => {
    const gates = createGates(createFarebox({ catalog, store: memoryStore() }))
    const app = new Hono()
      .get('/auth', gates.requireAuth(), (c) => c.text('reached'))
      .get('/plan', gates.requirePlan('free'), (c) => c.text('reached'))
      .get('/feature', gates.requireFeature('apiCalls'), (c) => c.text('reached'))
      .get('/meter', gates.meter('apiCalls'), (c) => c.text('reached'))
      .onError((error, c) => c.text(error.message, 500))
    for (const path of ['/auth', '/plan', '/feature', '/meter']) {
      const response = await app.request(path, { headers: { authorization: 'Bearer x' } })
      expect(response.status).toBe(500)
      expect(await response.text()).toContain('Give `auth` to createFarebox')
    }
  })
})

describe('requirePlan', () => {
  test('refuses another plan with 402, and sees an upgrade at once', async () => {
    const { farebox, gates, headers } = await setUp()
    const app = new Hono().get('/', gates.requirePlan('pro'), (c) => c.text('reached'))
    const refused = await app.request('/', { headers })
    expect(refused.status).toBe(402)
    expect(await problemOf(refused)).toMatchObject({ type: '/problems/plan-required', currentPlan: 'free', requiredPlans: ['pro'] })
    await farebox.override({ customer: 'ann', plan: 'pro', until: null })
    expect(await (await app.request('/', { headers })).text()).toBe('reached')
  })

  test('takes any of several', async () => {
    const { gates, headers } = await setUp()
    const app = new Hono().get('/', gates.requirePlan(['pro', 'free']), (c) => c.text('reached'))
    expect((await app.request('/', { headers })).status).toBe(200)
  })
})

describe('requireFeature', () => {
  test('refuses with 402 what the plan lacks, and counts nothing', async () => {
    const { gates, headers, used } = await setUp()
    const app = new Hono()
      .get('/exports', gates.requireFeature('exports'), (c) => c.text('reached'))
      .get('/calls', gates.requireFeature('apiCalls'), (c) => c.text('reached'))
    const refused = await app.request('/exports', { headers })
    expect(refused.status).toBe(402)
    expect(await problemOf(refused)).toMatchObject({ feature: 'exports', lift: { plan: 'pro' } })
    expect((await app.request('/calls', { headers })).status).toBe(200)
    expect(await used()).toBe(0)
  })

  test('answers 503 when the store is down', async () => {
    const { gates, headers } = await setUp({ store: failing('read') })
    const app = new Hono().get('/', gates.requireFeature('exports'), (c) => c.text('reached'))
    const first = await app.request('/', { headers })
    expect(first.status).toBe(503)
    expect(await first.text()).not.toContain('canary')
  })
})

describe('meter', () => {
  test('counts, tells the handler, and says what is left until nothing is', async () => {
    const { gates, headers } = await setUp()
    const app = new Hono().get('/', gates.meter('apiCalls'), (c) => c.json(c.var.farebox.decision.used, 200))
    for (const used of [1, 2, 3, 4, 5]) {
      const response = await app.request('/', { headers })
      expect(await response.json()).toBe(used)
      expect(response.headers.get('ratelimit')).toMatch(new RegExp(`^"apiCalls";r=${5 - used};t=\\d+$`))
      expect(response.headers.get('ratelimit-policy')).toMatch(/^"apiCalls";q=5;w=\d+;qu="call"$/)
      expect(response.headers.get('content-type')).toBe('application/json')
    }
    const refused = await app.request('/', { headers })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('ratelimit')).toContain('"apiCalls";r=0')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await problemOf(refused)).toMatchObject({ type: '/problems/quota-exceeded', limit: 5, used: 5, lift: { plan: 'pro', limit: 500 } })
  })

  test('tells a burst apart, without an upgrade', async () => {
    const { gates, headers } = await setUp()
    const app = new Hono().get('/', gates.meter('tokens'), (c) => c.text('reached'))
    await app.request('/', { headers })
    await app.request('/', { headers })
    const refused = await app.request('/', { headers })
    expect(refused.status).toBe(429)
    const problem = await problemOf(refused)
    expect(problem).toMatchObject({ type: '/problems/rate-limited' })
    expect(problem).not.toHaveProperty('upgradeUrl')
  })

  test('counts the amount of the route, or of the request', async () => {
    const { gates, headers, used } = await setUp()
    const app = new Hono()
      .get('/two', gates.meter('tokens', { amount: 2 }), (c) => c.text('reached'))
      .get('/asked', gates.meter('tokens', { amount: (c) => Number(c.req.query('n')) }), (c) => c.text('reached'))
    await app.request('/two', { headers })
    await app.request('/asked?n=40', { headers })
    expect(await used('tokens')).toBe(42)
    for (const amount of ['0', '-1', 'NaN', '1.5', '1e99', 'x']) {
      const refused = await app.request(`/asked?n=${amount}`, { headers })
      expect(refused.status).toBe(400)
      expect(await problemOf(refused)).toMatchObject({ type: '/problems/invalid-request', faults: [{ path: 'amount' }] })
    }
    expect(await used('tokens')).toBe(42)
  })

  test.each<[string, Handler]>([
    ['throws', () => { throw new Error('canary') }],
    ['rejects', () => Promise.reject(new Error('canary'))],
    ['throws an HTTPException', () => { throw new HTTPException(404) }],
    ['answers 500', (c) => c.text('failed', 500)],
    ['answers 503 of its own', () => new Response(null, { status: 503 })],
  ])('gives back what a handler used that %s, unless failures count', async (_, handler) => {
    const { gates, headers, used } = await setUp()
    const app = new Hono()
      .get('/', gates.meter('apiCalls'), handler)
      .get('/counted', gates.meter('apiCalls', { countFailures: true }), handler)
      .onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text('failed', 500)))
    expect((await app.request('/', { headers })).status).toBeGreaterThanOrEqual(400)
    expect(await used()).toBe(0)
    await app.request('/counted', { headers })
    expect(await used()).toBe(1)
  })

  test('gives back what was thrown and is no error', async () => {
    const { gates, headers, used } = await setUp()
    const thrown: unknown = 'not an error'
    const app = new Hono().get('/', gates.meter('apiCalls'), () => Promise.reject(thrown))
    await expect(async () => app.request('/', { headers })).rejects.toBe('not an error')
    expect(await used()).toBe(0)
    const counted = new Hono().get('/', gates.meter('apiCalls', { countFailures: true }), () => Promise.reject(thrown))
    await expect(async () => counted.request('/', { headers })).rejects.toBe('not an error')
    expect(await used()).toBe(1)
  })

  test.each(['meter', 'meterAnyone'] as const)('counts what fails where it says so, by a store or a sign-in that takes its time: %s', async (kind) => {
    const auth = testAuth()
    const { verifier } = auth
    const { gates, headers, used } = await setUp({ auth: { ...auth, verifier: { verify: async (token) => verifier.verify(token) } } })
    const gate = (countFailures: boolean): MiddlewareHandler => gates[kind]('apiCalls', { countFailures })
    const app = new Hono().get('/counted', gate(true), (c) => c.text('failed', 500)).get('/given-back', gate(false), (c) => c.text('failed', 500))
    await app.request('/given-back', { headers })
    expect(await used()).toBe(0)
    expect((await app.request('/counted', { headers })).headers.get('ratelimit')).toContain('r=4')
    expect(await used()).toBe(1)
  })

  test.each([200, 204, 302, 400, 404, 422])('counts an answer of %d', async (status) => {
    const { gates, headers, used } = await setUp()
    const app = new Hono().get('/', gates.meter('apiCalls'), () => new Response(null, { status }))
    const response = await app.request('/', { headers })
    expect(response.status).toBe(status)
    expect(response.headers.get('ratelimit')).toContain('r=4')
    expect(await used()).toBe(1)
  })

  test('says what is left on responses whose header fields are fixed', async () => {
    const { gates, headers } = await setUp()
    const app = new Hono().get('/', gates.meter('apiCalls'), () => Response.redirect('https://app.example.com/', 307))
    const response = await app.request('/', { headers })
    expect(response.status).toBe(307)
    expect(response.headers.get('location')).toBe('https://app.example.com/')
    expect(response.headers.get('ratelimit')).toContain('r=4')
  })

  test('leaves a stream a stream', async () => {
    const { gates, headers } = await setUp()
    const app = new Hono().get('/', gates.meter('apiCalls'), () => {
      const chunks = ['a', 'b', 'c']
      return new Response(
        new ReadableStream({
          pull(controller) {
            const chunk = chunks.shift()
            if (chunk === undefined) controller.close()
            else controller.enqueue(new TextEncoder().encode(chunk))
          },
        }),
      )
    })
    const response = await app.request('/', { headers })
    expect(response.headers.get('ratelimit')).toContain('r=4')
    expect(await response.text()).toBe('abc')
  })

  test('runs a handler once for one Idempotency-Key, where the route takes it', async () => {
    const { gates, headers, used } = await setUp()
    const handler = vi.fn<Handler<MeterEnv>>((c) => c.text('reached'))
    const app = new Hono()
      .post('/', gates.meter('apiCalls', { idempotency: 'header' }), handler)
      .post('/other', gates.meter('apiCalls', { idempotency: 'header', amount: 2 }), handler)
      .post('/plain', gates.meter('apiCalls'), handler)
    const asking = { method: 'POST', headers: { ...headers, 'idempotency-key': 'order-1' } }
    expect((await app.request('/', asking)).status).toBe(200)
    const repeated = await app.request('/', asking)
    expect(repeated.status).toBe(409)
    expect(await problemOf(repeated)).toMatchObject({ type: '/problems/idempotency-replayed' })
    const conflicting = await app.request('/other', asking)
    expect(conflicting.status).toBe(409)
    expect(await problemOf(conflicting)).toMatchObject({ type: '/problems/idempotency-conflict' })
    expect(handler).toHaveBeenCalledTimes(1)
    await app.request('/plain', asking)
    await app.request('/plain', asking)
    expect(handler).toHaveBeenCalledTimes(3)
    expect(await used()).toBe(3)
  })

  test('runs a handler again for the Idempotency-Key of one that failed, and one of many that come at once', async () => {
    const { gates, headers, used } = await setUp()
    let fails = true
    const handler = vi.fn<Handler<MeterEnv>>(async (c) => {
      await Promise.resolve()
      return fails ? c.text('failed', 500) : c.text('reached')
    })
    const app = new Hono().post('/', gates.meter('apiCalls', { idempotency: 'header' }), handler)
    const asking = { method: 'POST', headers: { ...headers, 'idempotency-key': 'order-1' } }
    expect((await app.request('/', asking)).status).toBe(500)
    expect(await used()).toBe(0)
    fails = false
    const answers = await Promise.all(Array.from({ length: 10 }, async () => (await app.request('/', asking)).status))
    expect(answers.filter((status) => status === 200)).toHaveLength(1)
    expect(answers.filter((status) => status === 409)).toHaveLength(9)
    expect(handler).toHaveBeenCalledTimes(2)
    expect(await used()).toBe(1)
  })

  test('gives back what a handler used that answered nothing', async () => {
    const { gates, headers, used } = await setUp()
    const app = new Hono().get('/', gates.meter('apiCalls'), (() => undefined) as never).onError((_, c) => c.text('failed', 500))
    expect((await app.request('/', { headers })).status).toBe(500)
    expect(await used()).toBe(0)
  })

  test('counts HEAD as the GET that it runs, and OPTIONS not at all', async () => {
    const { gates, headers, used } = await setUp()
    const app = new Hono().get('/', gates.meter('apiCalls'), (c) => c.text('reached'))
    const head = await app.request('/', { method: 'HEAD', headers })
    expect([head.status, head.headers.get('ratelimit')]).toEqual([200, expect.stringContaining('r=4')])
    expect((await app.request('/', { method: 'OPTIONS', headers })).status).toBe(404)
    expect(await used()).toBe(1)
  })

  test('lets a page of another origin read what is left, also of a refusal', async () => {
    const { gates, headers } = await setUp()
    const origin = 'https://page.example.com'
    const app = new Hono()
      .use(cors({ origin, exposeHeaders: ['RateLimit', 'RateLimit-Policy', 'Retry-After'] }))
      .get('/', gates.meter('apiCalls', { amount: 3 }), (c) => c.text('reached'))
    for (const status of [200, 429]) {
      const response = await app.request('/', { headers: { ...headers, origin } })
      expect(response.status).toBe(status)
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
      expect(response.headers.get('access-control-expose-headers')).toBe('RateLimit,RateLimit-Policy,Retry-After')
      expect(response.headers.has('ratelimit')).toBe(true)
    }
    expect((await app.request('/', { method: 'OPTIONS', headers: { origin } })).status).toBe(204)
  })

  test('answers 503 when the store is down, and does not run the handler', async () => {
    const { gates, headers } = await setUp({ store: failing('execute') })
    const handler = vi.fn<Handler>((c) => c.text('reached'))
    const response = await new Hono().get('/', gates.meter('apiCalls'), handler).request('/', { headers })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(JSON.stringify(await problemOf(response))).not.toContain('canary')
    expect(handler).not.toHaveBeenCalled()
  })
})

describe('several gates on one route', () => {
  test('look at the token once', async () => {
    const auth = testAuth()
    const verify = vi.spyOn(auth.verifier, 'verify')
    const { gates, headers } = await setUp({ auth })
    const app = new Hono().get('/', gates.requireAuth(), gates.requireFeature('apiCalls'), gates.meter('apiCalls'), gates.requireAuth(), (c) =>
      c.json({ customer: c.var.farebox.caller.customer, used: c.var.farebox.decision.used }, 200),
    )
    expect(await (await app.request('/', { headers })).json()).toEqual({ customer: 'ann', used: 1 })
    expect(verify).toHaveBeenCalledTimes(1)
  })

  const kinds = ['auth', 'role', 'plan', 'feature', 'meter', 'meterAnyone'] as const

  test.each(kinds.flatMap((first) => kinds.map((second) => [first, second] as const)))('%s, then %s, look at the token once and keep what was decided', async (first, second) => {
    const auth = testAuth()
    const verify = vi.spyOn(auth.verifier, 'verify')
    const { gates } = await setUp({ auth })
    const byKind: Readonly<Record<(typeof kinds)[number], MiddlewareHandler>> = {
      auth: gates.requireAuth(),
      role: gates.requireAuth({ role: 'admin' }),
      plan: gates.requirePlan('free'),
      feature: gates.requireFeature('apiCalls'),
      meter: gates.meter('apiCalls'),
      meterAnyone: gates.meterAnyone('apiCalls'),
    }
    const app = new Hono<MeterEnv>().get('/', byKind[first], byKind[second], (c) =>
      c.json({ customer: c.var.farebox.caller.customer, isDecided: 'decision' in c.var.farebox }),
    )
    const headers = { authorization: await bearer('ann', { org_id: 'org_1', org_role: 'admin' }) }
    const isDecided = [first, second].some((kind) => kind.startsWith('meter'))
    expect(await (await app.request('/', { headers })).json()).toEqual({ customer: 'org_1', isDecided })
    expect(verify).toHaveBeenCalledTimes(1)
  })

  test('give back what was counted when a later one refuses', async () => {
    const { gates, headers, used } = await setUp()
    const app = new Hono().get('/', gates.meter('apiCalls'), gates.requireFeature('exports'), (c) => c.text('reached'))
    expect((await app.request('/', { headers })).status).toBe(402)
    expect(await used()).toBe(0)
  })

  test('are both heard of when both meter', async () => {
    const { gates, headers } = await setUp()
    const app = new Hono().get('/', gates.meter('apiCalls'), gates.meter('tokens', { amount: 10 }), (c) => c.text('reached'))
    const fields = (await app.request('/', { headers })).headers
    expect(fields.get('ratelimit')).toMatch(/^"tokens";r=90;t=\d+, "2\/minute";r=1;t=\d+, "apiCalls";r=4;t=\d+$/)
    const fixed = new Hono().get('/', gates.meter('apiCalls'), gates.meter('tokens'), () => Response.redirect('https://app.example.com/', 307))
    expect((await fixed.request('/', { headers })).headers.get('ratelimit')).toMatch(/^"tokens";r=89;.+, "apiCalls";r=3;/)
  })

  test('of two apps in one each ask for themselves who pays', async () => {
    const auth = testAuth()
    const person = createFarebox({ catalog, store: memoryStore(), auth, customerOf: ({ subject }) => subject })
    const team = createFarebox({ catalog, store: memoryStore(), auth })
    const app = new Hono().get('/', createGates(person).requireAuth(), createGates(team).meter('apiCalls'), (c) =>
      c.json(c.var.farebox.caller.customer),
    )
    const authorization = await bearer('ann', { org_id: 'org_1' })
    expect(await (await app.request('/', { headers: { authorization } })).json()).toBe('org_1')
    expect(await team.check({ customer: 'org_1', feature: 'apiCalls' })).toMatchObject({ used: 1 })
    expect(await team.check({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ used: 0 })
  })

  test('never let two requests share a caller', async () => {
    const { gates } = await setUp()
    const app = new Hono().get('/', gates.requireAuth(), async (c) => {
      await Promise.resolve()
      return c.json(c.var.farebox.caller.customer)
    })
    const names = Array.from({ length: 50 }, (_, index) => `person-${index}`)
    const answers = await Promise.all(
      names.map(async (name) => (await app.request('/', { headers: { authorization: await bearer(name) } })).json()),
    )
    expect(answers).toEqual(names)
  })
})

test('gates stay closed, and open to whom they should, where a tool has put something in the place of Promise', async () => {
  const { gates, headers } = await setUp()
  const app = new Hono()
    .get('/auth', gates.requireAuth(), (c) => c.text('reached'))
    .get('/plan', gates.requirePlan('pro'), (c) => c.text('reached'))
    .get('/feature', gates.requireFeature('exports'), (c) => c.text('reached'))
    .get('/meter', gates.meter('apiCalls', { amount: 3 }), (c) => c.text('reached'))
  // What async functions answer is no instance of it.
  vi.stubGlobal('Promise', class Other<Value> extends Promise<Value> {})
  try {
    expect((await app.request('/auth')).status).toBe(401)
    expect((await app.request('/meter')).status).toBe(401)
    const statuses: number[] = []
    for (const path of ['/auth', '/plan', '/feature', '/meter', '/meter']) statuses.push((await app.request(path, { headers })).status)
    expect(statuses).toEqual([200, 402, 402, 200, 429])
  } finally {
    vi.unstubAllGlobals()
  }
})
