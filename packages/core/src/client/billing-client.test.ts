import { allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { describe, expect, it, vi } from 'vitest'
import { sellingPayments } from '../../test/known-payments.ts'
import { identityOf, knownTokens } from '../../test/known-tokens.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { type BillingClient, type BillingClientOptions, createBillingClient } from './billing-client.ts'
import { readProblem } from './read-problem.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') }, gates: { apiCalls: ['9/minute'] } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})
const appUrl = 'https://app.example.com'

/** A Farebox app with one metered route, and a client of it whose requests can be counted, changed and broken. */
function setUp(options: BillingClientOptions = {}) {
  const clock = manualClock()
  const auth = knownTokens({ ann: identityOf('ann') })
  const farebox = createFarebox({ catalog, clock, store: memoryStore({ clock }), auth, payments: sellingPayments, appUrl })
  const requests: Request[] = []
  const server = { answer: undefined as ((request: Request) => Response | Promise<Response> | undefined) | undefined }
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const request = new Request(input)
    requests.push(request)
    const other = server.answer?.(request)
    if (other !== undefined) return other
    if (new URL(request.url).pathname !== '/api/quote') return farebox.handle(request)
    const verdict = await farebox.guard.meter((name) => request.headers.get(name), { feature: 'apiCalls' })
    if (verdict.kind === 'pass') return Response.json({ quote: 'Less is more.' }, { headers: verdict.headers })
    return Response.json(verdict.problem, { status: verdict.status, headers: verdict.headers })
  }
  const visited: string[] = []
  const client = createBillingClient({
    baseUrl: `${appUrl}/api/billing`, fetch, getToken: () => 'ann', navigate: (url) => visited.push(url), ...options,
  })
  return { client, farebox, requests, server, visited, quote: () => client.fetch(`${appUrl}/api/quote`) }
}

/** The snapshot is answered as it is when it is asked for, and arrives when the test says so. */
function holdSnapshots({ farebox, server }: ReturnType<typeof setUp>) {
  const held: (() => void)[] = []
  server.answer = (request) => request.url.endsWith('/me')
    ? farebox.handle(request).then((answer) => new Promise((arrive) => held.push(() => arrive(answer))))
    : undefined
  return held
}

describe('refresh', () => {
  it('is pending until the server has answered, and tells its listeners', async () => {
    const { client } = setUp()
    const listener = vi.fn()
    client.subscribe(listener)
    expect(client.getSnapshot()).toEqual({ status: 'pending' })
    const state = await client.refresh()
    expect(state).toMatchObject({ status: 'success', isStale: false, data: { plan: 'free', planName: 'Free' } })
    expect(state.data?.plans).toEqual({ free: { name: 'Free', interval: null }, pro: { name: 'Pro', interval: 'month' } })
    expect(state.data?.usage['apiCalls']).toMatchObject({ used: 0, limit: 5, lift: { plan: 'pro', limit: 500 } })
    expect(client.getSnapshot()).toBe(state)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('shares one request between calls at the same time, and asks again later', async () => {
    const { client, requests } = setUp()
    const states = await Promise.all([client.refresh(), client.refresh(), client.refresh()])
    expect(new Set(states).size).toBe(1)
    expect(requests).toHaveLength(1)
    await client.refresh()
    expect(requests).toHaveLength(2)
  })

  it('keeps what was there when it fails, marks it stale, and recovers', async () => {
    const { client, server } = setUp()
    const before = await client.refresh()
    server.answer = () => Promise.reject(new TypeError('Failed to fetch'))
    const after = await client.refresh()
    expect(after).toMatchObject({ status: 'success', isStale: true, error: { status: 0 } })
    expect(after.data).toBe(before.data)
    server.answer = undefined
    expect(await client.refresh()).toMatchObject({ status: 'success', isStale: false })
    expect(client.getSnapshot().error).toBeUndefined()
  })

  it.each([
    ['a sign-in page', () => new Response('<h1>Sign in</h1>'), 200],
    ['JSON that is no snapshot', () => Response.json({ hello: 'you' }), 200],
    ['null', () => Response.json(null), 200],
    ['a bare failure', () => new Response(null, { status: 502 }), 502],
  ])('takes %s for an error, never for data', async (_, answer, status) => {
    const { client, server } = setUp()
    server.answer = answer
    expect(await client.refresh()).toMatchObject({ status: 'error', error: { status } })
  })

  it('tells the problem document of a refusal', async () => {
    const { client } = setUp({ getToken: () => 'nobody' })
    const { error } = await client.refresh()
    expect(error?.status).toBe(401)
    expect(error?.problem?.type).toBe('/problems/unauthenticated')
  })

  it('answers with an error when the token cannot be had', async () => {
    const { client, requests } = setUp({ getToken: () => Promise.reject(new Error('signed out')) })
    expect(await client.refresh()).toEqual({ status: 'error', error: { status: 0, problem: undefined } })
    expect(requests).toHaveLength(0)
  })

  it('stops calling a listener that has left', async () => {
    const { client } = setUp()
    const listener = vi.fn()
    client.subscribe(listener)()
    await client.refresh()
    expect(listener).not.toHaveBeenCalled()
  })
})

describe('accept', () => {
  it('begins with the snapshot that the server rendered', async () => {
    const { farebox } = setUp()
    const initialSnapshot = await farebox.snapshot({ customer: 'ann' })
    const { client, requests } = setUp({ initialSnapshot })
    expect(client.getSnapshot()).toEqual({ status: 'success', data: initialSnapshot, isStale: false })
    expect(requests).toHaveLength(0)
  })

  it('forgets what was there when it is told that nobody is signed in', async () => {
    const { client, requests } = setUp()
    await client.refresh()
    client.accept(null)
    expect(client.getSnapshot()).toEqual({ status: 'error', error: { status: 401 } })
    expect(requests).toHaveLength(1)
  })

  it('never goes back to an older version, but follows another customer', async () => {
    const { client, farebox } = setUp()
    const first = { ...(await farebox.snapshot({ customer: 'ann' })), entitlementVersion: 7 }
    client.accept(first)
    client.accept({ ...first, plan: 'old', entitlementVersion: 6 })
    expect(client.getSnapshot().data).toBe(first)
    client.accept({ ...first, plan: 'pro', entitlementVersion: 8 })
    expect(client.getSnapshot().data?.plan).toBe('pro')
    client.accept({ ...first, customer: 'bob', entitlementVersion: 1 })
    expect(client.getSnapshot().data?.customer).toBe('bob')
  })

  it('never goes back to what was read earlier at the same version, whichever way it comes, and tells nobody of it', async () => {
    const { client, farebox, server } = setUp()
    const early = await farebox.snapshot({ customer: 'ann' })
    const late = { ...early, asOf: new Date(Date.parse(early.asOf) + 1).toISOString(), usage: {} }
    client.accept(late)
    const listener = vi.fn()
    client.subscribe(listener)
    client.accept(early)
    expect(listener).not.toHaveBeenCalled()
    server.answer = () => Response.json(early)
    expect((await client.converge()).data).toBe(late)
    client.accept({ ...early, entitlementVersion: early.entitlementVersion + 1 })
    expect(client.getSnapshot().data?.entitlementVersion).toBe(early.entitlementVersion + 1)
  })

  it('takes what it asked for since, also where the clock of the server was set back', async () => {
    const { client, farebox, server } = setUp()
    const early = await farebox.snapshot({ customer: 'ann' })
    client.accept({ ...early, asOf: '2100-01-01T00:00:00.000Z' })
    server.answer = () => new Response(null, { status: 503 })
    expect((await client.refresh()).isStale).toBe(true)
    server.answer = () => Response.json(early)
    expect(await client.refresh()).toEqual({ status: 'success', data: early, isStale: false })
    client.accept({ ...early, asOf: '2000-01-01T00:00:00.000Z' })
    expect(client.getSnapshot().data).toEqual(early)
  })

  it('of what was read earlier does not make what is stale fresh', async () => {
    const { client, farebox, server } = setUp()
    const early = await farebox.snapshot({ customer: 'ann' })
    client.accept({ ...early, entitlementVersion: 7 })
    server.answer = () => new Response(null, { status: 503 })
    const stale = await client.refresh()
    client.accept(early)
    expect(client.getSnapshot()).toBe(stale)
    expect(stale.isStale).toBe(true)
  })
})

describe('fetch and observe', () => {
  it('moves the numbers by the headers of each metered response, without a request', async () => {
    const { client, requests, quote } = setUp()
    await client.refresh()
    for (const used of [1, 2, 3, 4, 5]) {
      expect((await quote()).status).toBe(200)
      expect(client.getSnapshot().data?.usage['apiCalls']).toMatchObject({ used, remaining: 5 - used, limit: 5 })
    }
    const refused = await quote()
    expect(refused.status).toBe(429)
    expect(await readProblem(refused)).toMatchObject({ type: '/problems/quota-exceeded', lift: { plan: 'pro', limit: 500 } })
    expect(await refused.json()).toHaveProperty('title')
    expect(client.getSnapshot().data?.usage['apiCalls']).toMatchObject({ used: 5, remaining: 0 })
    expect(requests.filter((request) => request.url.endsWith('/me'))).toHaveLength(1)
  })

  it('reads the snapshot again when the limit is another', async () => {
    const { client, farebox, requests, quote } = setUp()
    await client.refresh()
    await farebox.override({ customer: 'ann', plan: 'pro', key: 'gift', until: null })
    await quote()
    await expect.poll(() => client.getSnapshot().data).toMatchObject({ plan: 'pro', usage: { apiCalls: { used: 1, limit: 500 } } })
    expect(requests.filter((request) => request.url.endsWith('/me'))).toHaveLength(2)
  })

  it('reads the snapshot again after a conflict, because the page knew something old', async () => {
    const { client, requests } = setUp()
    await client.refresh()
    client.observe(new Response(null, { status: 409 }))
    await client.refresh()
    expect(requests).toHaveLength(2)
  })

  it('never goes back behind what was told while the snapshot was read, however often that was', async () => {
    const app = setUp()
    const { client, quote } = app
    await client.refresh()
    const shown: unknown[] = []
    client.subscribe(() => shown.push(client.getSnapshot().data?.usage['apiCalls']?.used))
    const held = holdSnapshots(app)
    const reading = client.refresh()
    for (const used of [1, 2]) {
      await expect.poll(() => held).toHaveLength(1)
      await quote()
      expect(shown.at(-1)).toBe(used)
      held.shift()?.()
    }
    expect(await reading).toMatchObject({ isStale: false, data: { usage: { apiCalls: { used: 2, remaining: 3 } } } })
    expect(shown).toEqual([1, 2, 2])
  })

  it('reads the snapshot once more where what is under way was asked for before it knew that it was old', async () => {
    const app = setUp()
    const { client, farebox, quote } = app
    await client.refresh()
    const held = holdSnapshots(app)
    const reading = client.refresh()
    await expect.poll(() => held).toHaveLength(1)
    await farebox.override({ customer: 'ann', plan: 'pro', key: 'gift', until: null })
    await quote()
    held.shift()?.()
    expect((await reading).data?.plan).toBe('free')
    await expect.poll(() => held).toHaveLength(1)
    held.shift()?.()
    await expect.poll(() => client.getSnapshot().data?.plan).toBe('pro')
  })

  it('waits for the first snapshot before it looks at headers', async () => {
    const { client, requests, quote } = setUp()
    await quote()
    expect(client.getSnapshot()).toEqual({ status: 'pending' })
    expect(requests).toHaveLength(1)
  })

  it('gives the token to its own origin alone, and never replaces one that is there', async () => {
    const { client, requests, server } = setUp()
    await client.refresh()
    server.answer = () => new Response(null, { headers: { ratelimit: '"apiCalls";r=0', 'ratelimit-policy': '"apiCalls";q=5;qu="call"' } })
    await client.fetch('https://elsewhere.example.com/api/quote')
    await client.fetch('https://app.example.com.evil.test/api/quote')
    await client.fetch(new URL(`${appUrl}:8443/api/quote`))
    expect(client.getSnapshot().data?.usage['apiCalls']?.used).toBe(0)
    await client.fetch(new Request(`${appUrl}/api/quote`), { headers: { authorization: 'Bearer mine' } })
    expect(requests.map((request) => request.headers.get('authorization'))).toEqual(['Bearer ann', null, null, null, 'Bearer mine'])
    expect(client.getSnapshot().data?.usage['apiCalls']?.used).toBe(5)
  })

  it('rejects as fetch does, and sends no token where there is none', async () => {
    const { client, requests, server, quote } = setUp({ getToken: async () => null })
    server.answer = () => Promise.reject(new TypeError('Failed to fetch'))
    await expect(quote()).rejects.toThrow('Failed to fetch')
    expect(requests[0]?.headers.has('authorization')).toBe(false)
    expect(client.getSnapshot()).toEqual({ status: 'pending' })
  })
})

describe('checkout, portal and converge', () => {
  it('goes to the page that the server opens', async () => {
    const { client, visited, requests } = setUp()
    expect(await client.checkout({ plan: 'pro', interval: 'month' })).toEqual({
      status: 'success', data: { url: 'https://pay.example.com/cs_1' },
    })
    expect(await client.portal()).toMatchObject({ status: 'success' })
    expect(visited).toEqual(['https://pay.example.com/cs_1', 'https://pay.example.com/portal'])
    expect(requests.map((request) => request.headers.get('content-type'))).toEqual(['application/json', 'application/json'])
  })

  it('answers when the way to the page has come to its end', async () => {
    let arrive: (() => void) | undefined
    const { client } = setUp({ navigate: () => new Promise<void>((resolve) => (arrive = resolve)) })
    const settled = vi.fn()
    const opening = client.portal().then(settled)
    await expect.poll(() => arrive).toBeDefined()
    expect(settled).not.toHaveBeenCalled()
    arrive?.()
    await opening
    expect(settled).toHaveBeenCalledOnce()
  })

  it('goes on with what is asked for while the answer before is only read again', async () => {
    const { client, requests, server, visited } = setUp()
    let arrive: ((answer: Response) => void) | undefined
    server.answer = ({ url }) => {
      if (url.endsWith('/cancel')) return Response.json({ kind: 'scheduled', plan: 'free', at: '2026-12-21T06:30:00.000Z' })
      return url.endsWith('/me') ? new Promise<Response>((resolve) => (arrive = resolve)) : undefined
    }
    const leaving = client.cancel()
    await expect.poll(() => arrive).toBeDefined()
    expect(await client.portal()).toMatchObject({ status: 'success' })
    expect(visited).toHaveLength(1)
    server.answer = undefined
    arrive?.(new Response(null, { status: 503 }))
    expect(await leaving).toMatchObject({ status: 'success' })
    expect(requests.map(({ method }) => method)).toContain('GET')
  })

  it('keeps the way that the second one takes to itself when the first has been read again', async () => {
    let arrive: ((answer: Response) => void) | undefined
    const { client, server, visited } = setUp({
      navigate: (url) => visited.push(url) === 1 && new Promise(() => undefined),
    })
    server.answer = ({ url }) => {
      if (url.endsWith('/cancel')) return Response.json({ kind: 'scheduled', plan: 'free', at: '2026-12-21T06:30:00.000Z' })
      return url.endsWith('/me') ? new Promise<Response>((resolve) => (arrive = resolve)) : undefined
    }
    const ending = client.cancel()
    await expect.poll(() => arrive).toBeDefined()
    void client.portal()
    await expect.poll(() => visited).toHaveLength(1)
    arrive?.(new Response(null, { status: 503 }))
    await ending
    expect(await client.checkout({ plan: 'pro', interval: 'month' })).toEqual({ status: 'error', error: { status: 0 } })
    expect(visited).toHaveLength(1)
  })

  it('answers with an error when the way to the page is barred', async () => {
    const { client } = setUp({ navigate: () => Promise.reject(new Error('not allowed here')) })
    expect(await client.checkout({ plan: 'pro', interval: 'month' })).toEqual({ status: 'error', error: { status: 200 } })
  })

  it('goes nowhere when the server refuses', async () => {
    const { client, visited } = setUp()
    const outcome = await client.checkout({ plan: 'pro', interval: 'month', successUrl: 'https://evil.test/' })
    expect(outcome).toMatchObject({ status: 'error', error: { status: 400, problem: { type: '/problems/invalid-request' } } })
    expect(visited).toEqual([])
  })

  it.each([
    ['go there while the page is followed', () => undefined, ['https://pay.example.com/cs_1', 'https://pay.example.com/portal']],
    ['lead nobody away whose sign-in has ended', (client: BillingClient) => client.refresh(), []],
    ['lead nobody away who has left the page', (_client: BillingClient, leave: () => void) => leave(), []],
  ] as const)('%s', async (_what, happens, pages) => {
    const visits = await Promise.all([(client: BillingClient) => client.checkout({ plan: 'pro', interval: 'month' }), (client: BillingClient) => client.portal()].map(ask))
    expect(visits.flat()).toEqual(pages)

    async function ask(open: (client: BillingClient) => Promise<{ readonly status: string }>) {
      const { client, server, visited } = setUp()
      await client.refresh()
      const leave = client.subscribe(() => undefined)
      const opening = new EventTarget()
      const opened = new Promise((resolve) => opening.addEventListener('open', resolve))
      server.answer = async ({ method, url }) => {
        if (method === 'GET') return Response.json({ type: '/problems/unauthenticated' }, { status: 401 })
        await opened
        return Response.json({ url: url.endsWith('/portal') ? 'https://pay.example.com/portal' : 'https://pay.example.com/cs_1' })
      }
      const asked = open(client)
      await happens(client, leave)
      opening.dispatchEvent(new Event('open'))
      expect((await asked).status).toBe('success')
      return visited
    }
  })

  it.each([
    ['heeds their signal', async ({ signal }: Request) => new Promise<Response>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))],
    ['does not', async ({ signal }: Request) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return Response.json({ url: 'https://pay.example.com/late' })
    }],
  ] as const)('lead nobody away who has called them off, where fetch %s, and can be asked for again', async (_what, answer) => {
    for (const what of ['checkout', 'portal'] as const) {
      const { client, requests, server, visited } = setUp()
      const leaving = new AbortController()
      server.answer = answer
      const asked = what === 'portal' ? client.portal({}, leaving.signal) : client.checkout({ plan: 'pro', interval: 'month' }, leaving.signal)
      await vi.waitFor(() => expect(requests).toHaveLength(1))
      leaving.abort()
      await asked
      expect(visited).toEqual([])
      server.answer = undefined
      expect(await client.portal()).toMatchObject({ status: 'success' })
      expect(visited).toEqual(['https://pay.example.com/portal'])
    }
  })

  it('are refused, and not sent, while another one is under way or leads away', async () => {
    const arrivals = new EventTarget()
    const { client, requests, visited } = setUp({
      navigate: (url) => visited.push(url) && new Promise((resolve) => arrivals.addEventListener('back', resolve)),
    })
    const first = client.checkout({ plan: 'pro', interval: 'month' })
    const refused = { status: 'error', error: { status: 0 } }
    expect(await client.checkout({ plan: 'pro', interval: 'month' })).toEqual(refused)
    await vi.waitFor(() => expect(visited).toEqual(['https://pay.example.com/cs_1']))
    for (const ask of [client.portal, client.resume, client.cancel]) expect(await ask()).toEqual(refused)
    expect(requests).toHaveLength(1)
    arrivals.dispatchEvent(new Event('back'))
    expect(await first).toMatchObject({ status: 'success' })
    void client.portal()
    await vi.waitFor(() => expect(visited).toHaveLength(2))
  })

  it.each([
    ['nowhere to go, and reads what it came to', null, ['POST /change', 'GET /me'], []],
    ['a page, and goes there', 'https://pay.example.com/in_1', ['POST /change'], ['https://pay.example.com/in_1']],
  ])('tells that a change waits for a payment: %s', async (_, url, routes, pages) => {
    const { client, requests, server, visited } = setUp()
    await client.refresh()
    requests.length = 0
    server.answer = ({ method }) => (method === 'POST' ? Response.json({ kind: 'action-required', url }) : undefined)
    expect(await client.change({ plan: 'pro' })).toMatchObject({ status: 'success', data: { kind: 'action-required', url } })
    expect(requests.map((request) => `${request.method} ${new URL(request.url).pathname.replace('/api/billing', '')}`)).toEqual(routes)
    expect(visited).toEqual(pages)
  })

  it('has the server read Stripe and takes the answer', async () => {
    const { client, requests } = setUp()
    expect(await client.converge()).toMatchObject({ status: 'success', data: { customer: 'ann' } })
    expect(requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual(['POST /api/billing/converge'])
  })
})

describe('readProblem', () => {
  it.each([
    ['a problem of another app', Response.json({ type: 'https://example.com/out-of-stock' }, { status: 409 })],
    ['something that is not JSON', new Response('no', { status: 500 })],
    ['an empty answer', new Response(null, { status: 204 })],
    ['a list', Response.json([1], { status: 400 })],
    ['null', Response.json(null, { status: 400 })],
  ])('finds none in %s', async (_, response) => {
    expect(await readProblem(response)).toBeUndefined()
  })

  it('finds none in a body that was read before', async () => {
    const response = Response.json({ type: '/problems/forbidden' }, { status: 403 })
    await response.text()
    expect(await readProblem(response)).toBeUndefined()
  })
})
