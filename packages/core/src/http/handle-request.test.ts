import {
  type AccountEvent, type Auth, FareboxError, type FareboxOptions, type Logger, type Payments, allowance, createFarebox, defineCatalog, metered, toggle, usd,
} from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { describe, expect, test, vi } from 'vitest'
import { sellingPayments } from '../../test/known-payments.ts'
import { identityOf, knownTokens } from '../../test/known-tokens.ts'
import { routes } from '../protocol/routes.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { largestDelivery, largestJson } from './read-body.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month'), exports: true } },
  },
})

const canary = 'canary-sk_live_7d1f'
const appUrl = 'https://app.example.com'

/** Payments that sell, and remember what they were asked. */
function rememberingPayments() {
  const asked: unknown[] = []
  const payments: Payments = {
    ...sellingPayments,
    createCheckout: async (checkout) => {
      asked.push(checkout)
      return sellingPayments.createCheckout(checkout)
    },
    createPortal: async (portal) => {
      asked.push(portal)
      return sellingPayments.createPortal(portal)
    },
    readDelivery: async () => {
      throw new FareboxError('invalid-signature', 'The signature is not valid')
    },
  }
  return { payments, asked }
}

type Options = Partial<Omit<FareboxOptions<typeof catalog>, 'catalog'>>

const tokens = {
  ann: identityOf('ann'),
  member: identityOf('bob', { organization: { id: 'org_1', role: 'member' } }),
  acting: identityOf('bob', { organization: { id: 'org_1', role: 'member' }, actor: 'support' }),
  admin: identityOf('cleo', { organization: { id: 'org_1', role: 'admin' } }),
}

function setUp(more: Options = {}) {
  const clock = manualClock()
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const { payments, asked } = rememberingPayments()
  const auth = knownTokens(tokens)
  const store = memoryStore({ clock })
  const farebox = createFarebox({ catalog, clock, store, auth, payments, appUrl, cookie: 'session', logger, ...more })
  return { farebox, store, logger, asked, auth }
}

interface Asking {
  readonly method?: string
  readonly token?: string | null
  readonly fields?: Readonly<Record<string, string>>
  readonly body?: unknown
}

function request(path: string, { method = 'GET', token = 'ann', fields = {}, body }: Asking = {}): Request {
  const headers = new Headers(fields)
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  return new Request(`${appUrl}/api/billing${path}`, { method, headers, ...(body === undefined ? {} : { body: raw as BodyInit }) })
}

function post(path: string, body: unknown, asking: Asking = {}): Request {
  return request(path, { method: 'POST', body, ...asking })
}

interface Answered {
  readonly status: number
  readonly name: string | undefined
  readonly faults: unknown
}

async function problemOf(response: Response): Promise<Answered> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const problem: { type: string; status: number; faults?: unknown } = await response.json()
  expect(problem.status).toBe(response.status)
  return { status: response.status, name: problem.type.split('/').at(-1), faults: problem.faults }
}

const takesBody = ['checkout', 'portal', 'converge', 'token', 'change', 'cancel', 'resume', 'pause'] as const
const needsCaller = ['me', 'usage', 'credits', ...takesBody] as const

/** What a body must hold where an empty one is not valid. */
const validBodies: Readonly<Record<string, object>> = { checkout: { plan: 'pro', interval: 'month' }, change: { plan: 'pro' } }

/** What there is none of here: a signer of tokens, and a subscription. */
const hasNone: readonly string[] = ['token', 'change', 'pause']

describe('a path', () => {
  test.each([
    '', '/', '/nothing', '/me/', '/me/x', '/ME', '/%6de', '/plans%2f', '//plans', '/plans/..', '/.well-known/jwks.json/', '/plans;x=1', '/me%00',
  ])('that is none, %j, answers 404', async (path) => {
    expect(await problemOf(await setUp().farebox.handle(request(path)))).toMatchObject({ status: 404, name: 'not-found' })
  })

  test.each([
    'https://app.example.com/plans', 'https://app.example.com/api/billingplans', 'https://app.example.com/api/billing2/plans',
    'https://app.example.com/x/api/billing/plans', 'https://app.example.com//api/billing/plans', 'https://app.example.com/API/billing/plans',
  ])('outside of the base path, %s, answers 404', async (url) => {
    expect(await problemOf(await setUp().farebox.handle(new Request(url)))).toMatchObject({ status: 404 })
  })

  test('is looked for under the base path of the app', async () => {
    const { farebox } = setUp({ basePath: '/billing' })
    expect((await farebox.handle(new Request(`${appUrl}/billing/plans`))).status).toBe(200)
    expect((await farebox.handle(request('/plans'))).status).toBe(404)
  })

  test('outside of the base path is told to the log, once and without the path: the routes may be mounted elsewhere', async () => {
    const { farebox, logger } = setUp()
    await farebox.handle(request('/nothing'))
    expect(logger.warn).not.toHaveBeenCalled()
    for (const path of [`/billing/${canary}`, '/billing/plans']) await farebox.handle(new Request(appUrl + path))
    expect(logger.warn.mock.calls).toEqual([['A request was not below basePath: mount the routes there', { basePath: '/api/billing' }]])
  })

  test.each([...new Set(Object.values(routes).map(({ path }) => path))])('%s answers 405 to any other method, and says which it takes', async (path) => {
    const methods: readonly string[] = Object.values(routes).filter((route) => route.path === path).map(({ method }) => method)
    for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE']) {
      if (methods.includes(other)) continue
      const response = await setUp().farebox.handle(request(path, { method: other }))
      expect(response.headers.get('allow')).toBe(methods.map((method) => (method === 'GET' ? 'GET, HEAD' : method)).join(', '))
      expect(await problemOf(response)).toMatchObject({ status: 405, name: 'method-not-allowed' })
    }
  })

  test('that is read answers HEAD as it answers GET, without a body', async () => {
    const { farebox } = setUp()
    const response = await farebox.handle(request('/me', { method: 'HEAD' }))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.text()).toBe('')
    expect((await farebox.handle(request('/me', { method: 'HEAD', token: null }))).status).toBe(401)
    expect((await farebox.handle(request('/checkout', { method: 'HEAD' }))).status).toBe(405)
  })
})

test.each([
  ['nothing', null],
  ['a path', '/api/billing/me'],
  ["Hono's context", { req: { raw: request('/me') }, get: () => undefined }],
  ["Node's request", { url: '/api/billing/me', method: 'GET', headers: {} }],
])('what is no Request, %s, is refused and says what to give', async (_, wrong) => {
  const { farebox } = setUp()

  // What a caller in plain JavaScript gives.
  const answer = farebox.handle(wrong as Request)

  await expect(answer).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'request', message: expect.stringContaining('c.req.raw') }] })
})

describe('who is asking', () => {
  test.each(needsCaller)('%s needs a valid token', async (name) => {
    const { method, path } = routes[name]
    for (const token of [null, 'nobody']) {
      const response = await setUp().farebox.handle(request(path, { method, token, ...(method === 'POST' ? { body: {} } : {}) }))
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      expect(await problemOf(response)).toMatchObject({ status: 401, name: 'unauthenticated' })
    }
  })

  test.each(needsCaller)('%s answers 404 in an app without a sign-in', async (name) => {
    const { method, path } = routes[name]
    const clock = manualClock()
    const farebox = createFarebox({ catalog, clock, store: memoryStore({ clock }) })
    const response = await farebox.handle(request(path, { method, ...(method === 'POST' ? { body: {} } : {}) }))
    expect(await problemOf(response)).toMatchObject({ status: 404 })
  })

  test.each(['checkout', 'portal', 'change', 'cancel', 'resume', 'pause'] as const)('%s needs someone who may manage billing', async (name) => {
    const { asked, farebox } = setUp()
    for (const token of ['member', 'acting']) {
      const response = await farebox.handle(post(routes[name].path, { plan: 'pro', interval: 'month' }, { token }))
      expect(await problemOf(response)).toEqual({ status: 403, name: 'forbidden', faults: undefined })
    }
    expect(asked).toEqual([])
  })

  test('comes from the token alone, whatever body and query say', async () => {
    const { farebox } = setUp()
    const me = await farebox.handle(request('/me?customer=org_1&userId=bob'))
    expect(await me.json()).toMatchObject({ customer: 'ann', canManageBilling: true })
    for (const extra of [{ customer: 'org_1' }, { userId: 'bob' }, { email: 'x@example.com' }, { price: 1 }, { trialDays: 730 }]) {
      const response = await farebox.handle(post('/checkout', { plan: 'pro', interval: 'month', ...extra }))
      expect(await problemOf(response)).toMatchObject({ status: 400, faults: [{ path: Object.keys(extra)[0] }] })
    }
  })
})

describe('a request by cookie', () => {
  const cookie = { cookie: 'session=ann' }
  const ownPage = { ...cookie, origin: appUrl, 'content-type': 'application/json' }

  test('may read from anywhere', async () => {
    expect((await setUp().farebox.handle(request('/me', { token: null, fields: cookie }))).status).toBe(200)
  })

  test.each(takesBody)('may %s with JSON from the own origin', async (name) => {
    const response = await setUp().farebox.handle(post(routes[name].path, validBodies[name] ?? {}, { token: null, fields: ownPage }))
    expect(response.status).toBe(hasNone.includes(name) ? 404 : 200)
  })

  test.each([
    ['without an origin', { ...cookie, 'content-type': 'application/json' }],
    ['from another origin', { ...ownPage, origin: 'https://evil.example.com' }],
    ['from a subdomain', { ...ownPage, origin: 'https://x.app.example.com' }],
    ['from a look-alike', { ...ownPage, origin: 'https://app.example.com.evil.example' }],
    ['from another port', { ...ownPage, origin: 'https://app.example.com:8443' }],
    ['over plain http', { ...ownPage, origin: 'http://app.example.com' }],
    ['from nowhere', { ...ownPage, origin: 'null' }],
    ['with a form', { ...ownPage, 'content-type': 'application/x-www-form-urlencoded' }],
    ['with a form of parts', { ...ownPage, 'content-type': 'multipart/form-data' }],
    ['with plain text', { ...ownPage, 'content-type': 'text/plain' }],
    ['with JSON in disguise', { ...ownPage, 'content-type': 'text/plain; application/json' }],
    ['from the referer alone', { ...cookie, 'content-type': 'application/json', referer: `${appUrl}/` }],
    ['from a forwarded host', { ...ownPage, origin: 'https://evil.example.com', 'x-forwarded-host': 'evil.example.com' }],
  ])('changes nothing %s', async (_, fields) => {
    for (const name of takesBody) {
      const { asked, farebox } = setUp()
      const response = await farebox.handle(post(routes[name].path, { plan: 'pro', interval: 'month' }, { token: null, fields }))
      expect(await problemOf(response)).toMatchObject({ status: 403, name: 'forbidden', faults: [{ path: 'origin' }] })
      expect(asked).toEqual([])
    }
  })

  test('is held to an origin only where it counts: a bearer token needs none', async () => {
    const fields = { ...cookie, origin: 'https://evil.example.com' }
    expect((await setUp().farebox.handle(post('/portal', {}, { fields }))).status).toBe(200)
  })

  test('changes nothing in an app that states no origin', async () => {
    const clock = manualClock()
    const farebox = createFarebox({ catalog, clock, store: memoryStore({ clock }), auth: knownTokens(tokens), cookie: 'session' })
    const response = await farebox.handle(post('/converge', {}, { token: null, fields: ownPage }))
    expect(response.status).toBe(403)
  })
})

const sale = { plan: 'pro', interval: 'month' }

test.each([
  ['ann', 'ann@example.com'],
  ['admin', null],
])('a checkout of %s tells Stripe the address %j: a person\'s is not the organization\'s', async (token, email) => {
  const { payments } = rememberingPayments()
  const createCustomer = vi.spyOn(payments, 'createCustomer')
  const { farebox } = setUp({ payments })
  expect((await farebox.handle(post('/checkout', sale, { token }))).status).toBe(200)
  expect(createCustomer).toHaveBeenCalledWith(expect.objectContaining({ email }))
})

const long = 'x'.repeat(3000)

describe('a body', () => {
  test.each([
    [{}, ['plan', 'interval']],
    [{ plan: 'pro' }, ['interval']],
    [{ ...sale, plan: 1 }, ['plan']],
    [{ ...sale, plan: null }, ['plan']],
    [{ ...sale, plan: ['pro'] }, ['plan']],
    [{ ...sale, plan: { key: 'pro' } }, ['plan']],
    [{ ...sale, plan: '' }, ['plan']],
    [{ ...sale, plan: 'platinum' }, ['plan']],
    [{ ...sale, plan: 'free' }, ['interval']],
    [{ ...sale, plan: '__proto__' }, ['plan']],
    [{ ...sale, plan: long }, ['plan']],
    [{ ...sale, interval: 'week' }, ['interval']],
    [{ ...sale, interval: 'year' }, ['interval']],
    [{ ...sale, interval: ['month'] }, ['interval']],
    [{ ...sale, interval: 1 }, ['interval']],
    [{ ...sale, successUrl: 1 }, ['successUrl']],
    [{ ...sale, successUrl: `${appUrl}/${long}` }, ['successUrl']],
    [{ ...sale, cancelUrl: null }, ['cancelUrl']],
    [{ ...sale, quantity: 0 }, ['quantity']],
    [{ ...sale, amount: 2 }, ['amount']],
    [{ plan: 1, interval: 2, amount: 3 }, ['plan', 'interval', 'amount']],
    [[], ['body']],
    ['null', ['body']],
    ['"pro"', ['body']],
    ['{', ['body']],
    [new Uint8Array([0xff, 0xfe]), ['body']],
  ])('of checkout, %j, is refused with every fault', async (body, paths) => {
    const { asked, farebox } = setUp()
    const { status, name, faults } = await problemOf(await farebox.handle(post('/checkout', body)))
    expect({ status, name }).toEqual({ status: 400, name: 'invalid-request' })
    expect(faults).toEqual(paths.map((path) => ({ path, message: expect.any(String) })))
    expect(asked).toEqual([])
  })

  test.each([
    ['/portal', { returnUrl: 1 }, 'returnUrl'],
    ['/portal', { url: appUrl }, 'url'],
    ['/change', { plan: 'pro', customer: 'org_1' }, 'customer'],
    ['/change', { plan: 'pro', prorationDate: 0 }, 'prorationDate'],
    ['/change', { plan: 'pro', interval: 'week' }, 'interval'],
    ['/change', { plan: 'pro', quantity: 0 }, 'quantity'],
    ['/change', { plan: 'pro', quantity: 1.5 }, 'quantity'],
    ['/change', { plan: 'pro', preview: 'yes' }, 'preview'],
    ['/change', { plan: 'gold' }, 'plan'],
    ['/change', {}, 'plan'],
    ['/cancel', { when: 'yesterday' }, 'when'],
    ['/cancel', { customer: 'org_1' }, 'customer'],
    ['/resume', { when: 'now' }, 'when'],
    ['/pause', { until: 'tomorrow' }, 'until'],
    ['/pause', { until: 1_800_000_000_000 }, 'until'],
    ['/converge', { customer: 'org_1' }, 'customer'],
    ['/converge', [], 'body'],
    ['/token', { subject: 'bob' }, 'subject'],
    ['/token', { claims: { plan: 'pro' } }, 'claims'],
  ])('of %s, %j, is refused', async (path, body, fault) => {
    expect(await problemOf(await setUp().farebox.handle(post(path, body)))).toMatchObject({ status: 400, faults: [{ path: fault }] })
  })

  test.each(takesBody)('of %s that is too large answers 413', async (name) => {
    const body = JSON.stringify({ plan: 'p'.repeat(largestJson) })
    const response = await setUp().farebox.handle(post(routes[name].path, body))
    expect(await problemOf(response)).toMatchObject({ status: 413, name: 'payload-too-large', faults: [{ path: 'body' }] })
  })

  test('of a webhook that is too large answers 413 and is not looked at', async () => {
    const { payments } = rememberingPayments()
    const readDelivery = vi.spyOn(payments, 'readDelivery')
    const { farebox } = setUp({ payments })
    const response = await farebox.handle(post('/webhooks/stripe', new Uint8Array(largestDelivery + 1), { token: null }))
    expect(await problemOf(response)).toMatchObject({ status: 413 })
    expect(readDelivery).not.toHaveBeenCalled()
  })
})

describe('a query of usage', () => {
  test.each([
    ['', ['feature']],
    ['?feature=', ['feature']],
    ['?feature=exports', ['feature']],
    ['?feature=nothing', ['feature']],
    ['?feature=__proto__', ['feature']],
    [`?feature=${long}`, ['feature']],
    ['?feature=apiCalls&from=yesterday', ['from']],
    ['?feature=apiCalls&from=2026-13-01T00:00:00Z', ['from']],
    ['?feature=apiCalls&to=1700000000', ['to']],
    ['?feature=apiCalls&from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', ['from']],
    ['?feature=apiCalls&step=hour', ['step']],
    ['?feature=apiCalls&customer=org_1', ['customer']],
    ['?feature=apiCalls&feature=exports', ['feature']],
  ])('%j is refused', async (query, paths) => {
    const { status, faults } = await problemOf(await setUp().farebox.handle(request(`/usage${query}`)))
    expect(status).toBe(400)
    expect(faults).toEqual(paths.map((path) => ({ path, message: expect.any(String) })))
  })

  test('that fits answers the caller\'s own usage', async () => {
    const { farebox } = setUp()
    await farebox.consume({ customer: 'ann', feature: 'apiCalls', amount: 3 })
    const response = await farebox.handle(request('/usage?feature=apiCalls'))
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ feature: 'apiCalls', unit: 'call', periods: [{ used: 3 }] })
    expect(await (await farebox.handle(request('/usage?feature=apiCalls', { token: 'member' }))).json()).toMatchObject({ periods: [] })
  })
})

describe('a return URL', () => {
  test.each([
    [`${appUrl}/thanks?plan=pro#top`],
    [`${appUrl}:443/thanks`],
    ['https://APP.EXAMPLE.COM/thanks'],
    ['https://preview.example.com/x'],
  ])('%s is taken', async (url) => {
    const { asked, farebox } = setUp({ returnOrigins: ['https://preview.example.com'] })
    expect((await farebox.handle(post('/portal', { returnUrl: url }))).status).toBe(200)
    expect(asked).toMatchObject([{ returnUrl: url }])
  })

  test.each([
    '', '/thanks', 'https:app.example.com', 'https:/app.example.com/', 'https:///app.example.com/', '//evil.example.com', 'thanks', 'evil.example.com', 'https://evil.example.com/', 'http://app.example.com/',
    'https://app.example.com:8443/', 'https://app.example.com.evil.example/', 'https://app.example.com@evil.example.com/',
    'https://app.example.com%2eevil.example/', 'https://evil.example.com/?https://app.example.com', 'https://sub.app.example.com/',
    'https://app.example.com\\@evil.example.com/', 'https:\\\\evil.example.com', 'javascript:alert(1)', 'data:text/html,x',
    'file:///etc/passwd', 'ftp://app.example.com/', 'blob:https://app.example.com/x', 'https://', 'https://аpp.example.com/', '\u0000',
    'https://user:secret@app.example.com/', 'https://user@app.example.com/', 'https://:secret@app.example.com/', ' https://app.example.com/', 'https://app.exa\nmple.com/',
  ])('%j is refused', async (url) => {
    for (const [path, body, fault] of [
      ['/portal', { returnUrl: url }, 'returnUrl'],
      ['/checkout', { ...sale, successUrl: url }, 'successUrl'],
      ['/checkout', { ...sale, cancelUrl: url }, 'cancelUrl'],
    ] as const) {
      const { asked, farebox } = setUp({ returnOrigins: ['https://preview.example.com'] })
      expect(await problemOf(await farebox.handle(post(path, body)))).toMatchObject({ status: 400, faults: [{ path: fault }] })
      expect(asked).toEqual([])
    }
  })

  test('that is not given leads back to the app, under the path where it is served', async () => {
    const { asked, farebox } = setUp({ appUrl: 'https://example.com/app/' })
    expect((await farebox.handle(post('/portal', {}))).status).toBe(200)
    expect(asked).toEqual([{ paymentCustomer: 'cus_1', returnUrl: 'https://example.com/app/?portal=done' }])
  })

  test('that is not given leads back to the app', async () => {
    const { asked, farebox } = setUp()
    expect(await (await farebox.handle(post('/checkout', sale))).json()).toEqual({ url: 'https://pay.example.com/cs_1' })
    expect(asked).toMatchObject([{ customer: 'ann', successUrl: `${appUrl}/?checkout=done`, cancelUrl: `${appUrl}/?checkout=canceled` }])
  })
})

describe('a failure', () => {
  test.each([
    ['payments-failed', 502, () => new FareboxError('payments-failed', canary, { faults: [{ path: canary, message: canary }], cause: new Error(canary) })],
    ['unavailable', 503, () => new FareboxError('unavailable', canary, { cause: new Error(canary) })],
    ['overloaded', 503, () => new FareboxError('overloaded', canary)],
    ['already-subscribed', 409, () => new FareboxError('already-subscribed', canary)],
    ['internal', 500, () => new TypeError(canary)],
    ['internal', 500, () => canary],
    ['internal', 500, () => new FareboxError('invalid-configuration', canary, { faults: [{ path: 'payments', message: canary }] })],
  ])('of the payments is told as %s (%d), never with its cause', async (name, status, failure) => {
    const { payments } = rememberingPayments()
    const { farebox, logger } = setUp({ payments: { ...payments, createPortal: () => Promise.reject(failure()) } })
    const response = await farebox.handle(post('/portal', {}))
    const told = await response.clone().text()
    expect(await problemOf(response)).toMatchObject({ status, name })
    const logged = JSON.stringify([logger.error.mock.calls, logger.warn.mock.calls, logger.info.mock.calls])
    expect(told + JSON.stringify([...response.headers]) + logged).not.toContain(canary)
    expect(told).not.toMatch(/\bat .+:\d+:\d+/)
    expect(logger.error).toHaveBeenCalledTimes(status >= 500 ? 1 : 0)
  })

  test('that is ours names its route, its reason and Stripe\'s request in the log', async () => {
    const { payments } = rememberingPayments()
    vi.spyOn(payments, 'createPortal').mockRejectedValue(new FareboxError('payments-failed', 'Stripe refused', {
      reason: 'resource_missing', cause: { log: { stripeRequest: 'req_Ab12', stripeParameter: 'configuration' }, other: canary },
    }))
    const { farebox, logger } = setUp({ payments })
    const response = await farebox.handle(post('/portal', {}))
    expect(await response.text()).not.toMatch(/resource_missing|req_Ab12|configuration/)
    expect(logger.error.mock.calls).toEqual([['A request could not be answered', {
      route: 'portal', code: 'payments-failed:resource_missing', stripeRequest: 'req_Ab12', stripeParameter: 'configuration',
    }]])
  })

  test('is answered also where the logger of the host fails', async () => {
    const broken = vi.fn((): never => {
      throw new Error(canary)
    })
    const { payments } = rememberingPayments()
    vi.spyOn(payments, 'createPortal').mockRejectedValue(new TypeError(canary))
    const { farebox, store } = setUp({ payments, logger: { info: broken, warn: broken, error: broken } })
    expect(await problemOf(await farebox.handle(post('/portal', {})))).toMatchObject({ status: 500, name: 'internal' })
    vi.spyOn(store.usage, 'execute').mockRejectedValue(new FareboxError('unavailable', canary))
    expect(await farebox.consume({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ allowed: false, reason: 'unavailable' })
    expect(broken).toHaveBeenCalledTimes(2)
  })

  test('ends no process where the logger of the host fails later', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const later = vi.fn(() => Promise.reject(new Error(canary)))
    // The types ask for nothing, so they take a promise too.
    const logger: Record<keyof Logger, () => unknown> = { info: later, warn: later, error: later }
    const { farebox, store } = setUp({ logger })
    vi.spyOn(store.usage, 'execute').mockRejectedValue(new FareboxError('unavailable', canary))
    expect(await farebox.consume({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ allowed: false, reason: 'unavailable' })
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  test.each(['me', 'credits', 'usage'] as const)('of the store answers %s with 503', async (name) => {
    const { farebox, store } = setUp()
    vi.spyOn(store.records, 'load').mockRejectedValue(new FareboxError('unavailable', canary))
    vi.spyOn(store.usage, 'history').mockRejectedValue(new FareboxError('unavailable', canary))
    const response = await farebox.handle(request(`${routes[name].path}${name === 'usage' ? '?feature=apiCalls' : ''}`))
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await problemOf(response)).toMatchObject({ status: 503, name: 'unavailable' })
  })

  test('in words of a newer copy of the package answers 500', async () => {
    // Two versions may be installed, one of the app and one of a package of its own.
    const failure = Object.assign(new FareboxError('unavailable', canary), { code: 'not-known-yet' })
    const verify = () => Promise.reject(failure)
    const { farebox } = setUp({ auth: { verifier: { verify }, claims: null, webhooks: null } })
    expect(await problemOf(await farebox.handle(request('/me')))).toMatchObject({ status: 500, name: 'internal' })
  })

  test('of a verifier that throws what nobody knows answers 500', async () => {
    const verify = () => Promise.reject(new TypeError(canary))
    const { farebox } = setUp({ auth: { verifier: { verify }, claims: null, webhooks: null } })
    const response = await farebox.handle(request('/me'))
    expect(await response.clone().text()).not.toContain(canary)
    expect(await problemOf(response)).toMatchObject({ status: 500, name: 'internal' })
  })
})

describe('webhooks', () => {
  test('of Stripe with a wrong signature answer 400 and say nothing of the body', async () => {
    const { farebox, logger } = setUp()
    const response = await farebox.handle(post('/webhooks/stripe', `{"id":"${canary}"}`, { token: null }))
    expect(await response.clone().text()).not.toContain(canary)
    expect(await problemOf(response)).toMatchObject({ status: 400, name: 'invalid-signature' })
    expect(JSON.stringify(logger.error.mock.calls)).not.toContain(canary)
  })

  test('reach the verifier byte by byte', async () => {
    const { payments } = rememberingPayments()
    const bodies: Uint8Array[] = []
    const readDelivery: Payments['readDelivery'] = async (body, signature) => {
      bodies.push(body)
      return { id: 'evt_1', type: 'ping', createdAt: 0, paymentCustomer: null, relevant: false, ours: signature === 't=1,v1=00' }
    }
    const { farebox } = setUp({ payments: { ...payments, readDelivery } })
    const bytes = new TextEncoder().encode('\ufeff{ "a" : 1,\r\n"b":"\u00e9"}  ')
    const response = await farebox.handle(
      post('/webhooks/stripe', bytes, { token: null, fields: { 'stripe-signature': 't=1,v1=00', 'content-type': 'text/plain' } }),
    )
    expect(await response.json()).toEqual({ received: true, outcome: 'ignored' })
    expect(bodies).toEqual([bytes])
  })

  test('of a sign-in service are answered where there is one', async () => {
    const event: AccountEvent = { kind: 'created', customer: 'dora', email: null, name: null }
    const webhooks = { read: async () => event }
    const { farebox } = setUp({ auth: { ...knownTokens(tokens), webhooks } })
    expect(await (await farebox.handle(post('/webhooks/clerk', '{}', { token: null }))).json()).toEqual({ received: true, outcome: 'created' })
    expect(await farebox.findCustomer({ customer: 'dora' })).toMatchObject({ customer: 'dora' })
    expect((await setUp().farebox.handle(post('/webhooks/clerk', '{}', { token: null }))).status).toBe(404)
    // As an app without types has it.
    const untyped: Partial<Auth> = { verifier: knownTokens(tokens).verifier }
    const { farebox: other } = setUp({ auth: untyped as Auth })
    expect((await other.handle(post('/webhooks/clerk', '{}', { token: null }))).status).toBe(404)
  })
})

describe('answers', () => {
  test('of the catalog are public', async () => {
    const response = await setUp().farebox.handle(request('/plans', { token: null }))
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    expect(await response.json()).toMatchObject({
      plans: [{ key: 'free', name: 'Free', prices: {} }, { key: 'pro', prices: { month: { amount: 2900, currency: 'usd' } } }],
    })
  })

  test('about a customer are kept by no shared cache', async () => {
    const { farebox } = setUp()
    for (const path of ['/me', '/credits', '/usage?feature=apiCalls']) {
      expect((await farebox.handle(request(path))).headers.get('cache-control')).toBe('private, no-store')
    }
  })

  test('of /me say what is left', async () => {
    const { farebox } = setUp()
    await farebox.consume({ customer: 'ann', feature: 'apiCalls', amount: 2 })
    expect(await (await farebox.handle(request('/me'))).json()).toMatchObject({
      customer: 'ann', plan: 'free', status: expect.any(String), entitlementVersion: expect.any(Number),
      usage: { apiCalls: { used: 2, limit: 5, remaining: 3, periodStart: expect.stringMatching(/Z$/), periodEnd: expect.stringMatching(/Z$/) } },
    })
  })

  test('of /token and its keys are missing where no tokens are signed', async () => {
    expect((await setUp().farebox.handle(post('/token', {}))).status).toBe(404)
    expect((await setUp().farebox.handle(request('/.well-known/jwks.json'))).status).toBe(404)
  })

  test('of /health turn to 503 when a part that is needed is down', async () => {
    const { farebox, store } = setUp()
    const well = await farebox.handle(request('/health', { token: null }))
    expect([well.status, well.headers.get('cache-control')]).toEqual([200, 'no-store'])
    vi.spyOn(store.records, 'find').mockRejectedValue(new Error(canary))
    const response = await farebox.handle(request('/health', { token: null }))
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain(canary)
  })
})

describe('work after an answer', () => {
  test('is handed to a host that can wait', async () => {
    const { farebox } = setUp()
    const work: Promise<unknown>[] = []
    const { status } = await farebox.handle(request('/me'), { waitUntil: (promise) => work.push(promise) })
    expect({ status, handed: work.length }).toEqual({ status: 200, handed: 1 })
    await Promise.all(work)
  })

  test('is awaited where the host cannot wait after all', async () => {
    const { farebox } = setUp()
    const seen: unknown[] = []
    farebox.on('plan.changed', ({ data }) => {
      seen.push(data)
    })
    await farebox.override({ customer: 'ann', plan: 'pro', until: null })
    const { status } = await farebox.handle(request('/me'), {
      waitUntil: () => {
        throw new TypeError('Illegal invocation')
      },
    })
    expect({ status, seen }).toEqual({ status: 200, seen: [{ from: 'free', to: 'pro' }] })
  })

  test('is awaited where nothing waits', async () => {
    const { farebox } = setUp()
    const seen: unknown[] = []
    farebox.on('plan.changed', ({ data }) => {
      seen.push(data)
    })
    await farebox.override({ customer: 'ann', plan: 'pro', until: null })
    await farebox.handle(request('/me'))
    expect(seen).toEqual([{ from: 'free', to: 'pro' }])
  })
})
