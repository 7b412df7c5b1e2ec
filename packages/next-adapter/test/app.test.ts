import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pathSpellings } from '../../hono-adapter/test/path-spellings.ts'
import { describeBillingPages } from './billing-pages.ts'
import { type RunningApp, startApp } from './running-app.ts'
import { tokenOf } from './sign-in.ts'

let app: RunningApp

beforeAll(async () => {
  app = await startApp('app')
}, 600_000)

afterAll(() => app.stop())

beforeEach(async () => {
  await takeReached()
})

/** What was reached behind a guard since this was last asked. */
async function takeReached(): Promise<readonly string[]> {
  return (await fetch(`${app.url}/control/reached`, { method: 'POST' })).json()
}

interface Person {
  readonly name: string
  readonly bearer: { readonly authorization: string }
  readonly cookie: { readonly cookie: string }
  readonly used: () => Promise<number>
}

let people = 0

/** A test that was given up goes on asking, and takes from the next what that reached. */
const hundredsOfRequests = { timeout: 600_000 }

/** Somebody new, signed in. */
async function person({ plan = 'free', claims = {} } = {}): Promise<Person> {
  people += 1
  const name = `person-${people}`
  const token = await tokenOf(name, claims)
  if (plan === 'pro') await fetch(`${app.url}/control/upgrade`, { method: 'POST', body: name })
  const bearer = { authorization: `Bearer ${token}` }
  const used = async () => {
    const me: { usage: { apiCalls: { used: number } } } = await (await fetch(`${app.url}/api/billing/me`, { headers: bearer })).json()
    return me.usage.apiCalls.used
  }
  return { name, bearer, cookie: { cookie: `session=${token}` }, used }
}

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${app.url}${path}`, { redirect: 'manual', ...init })
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return response.json()
}

describe('createRouteHandlers()', () => {
  test('answers the routes of the contract', async () => {
    const { name, bearer } = await person()
    expect(await (await ask('/api/billing/plans')).json()).toMatchObject({ plans: [{ key: 'free' }, { key: 'pro' }] })
    expect(await (await ask('/api/billing/me', { headers: bearer })).json()).toMatchObject({ customer: name, plan: 'free' })
    expect((await ask('/api/billing/plans', { method: 'HEAD' })).status).toBe(200)
    expect((await ask('/api/billing/me')).status).toBe(401)
    expect((await ask('/api/billing/nothing')).status).toBe(404)
    expect((await ask('/api/billing/plans', { method: 'DELETE' })).status).toBe(405)
    expect((await ask('/api/billing/checkout', { method: 'POST', headers: bearer, body: '{' })).status).toBe(400)
  })
})

describe('a route handler', () => {
  test('with a meter counts, says what is left, and refuses when nothing is', async () => {
    const { name, bearer } = await person()
    for (const remaining of [4, 3, 2, 1, 0]) {
      const response = await ask('/api/quote', { headers: bearer })
      expect(await response.json()).toEqual({ text: 'reached-quote', customer: name, remaining })
      expect(response.headers.get('ratelimit')).toContain(`"apiCalls";r=${remaining}`)
      expect(response.headers.get('ratelimit-policy')).toContain('"apiCalls";q=5')
    }
    const refused = await ask('/api/quote', { headers: bearer })
    expect(refused.status).toBe(429)
    expect(await problemOf(refused)).toMatchObject({ type: '/problems/quota-exceeded', limit: 5, used: 5, upgradeUrl: '/upgrade' })
    expect(await takeReached()).toHaveLength(5)
  })

  test('takes the cookie too', async () => {
    const { cookie } = await person()
    expect((await ask('/api/quote', { headers: cookie })).status).toBe(200)
  })

  test('runs once for one Idempotency-Key, where it takes one', async () => {
    const { bearer, used } = await person()
    const asking = { method: 'POST', headers: { ...bearer, 'idempotency-key': 'order-1' } }
    expect((await ask('/api/quote', asking)).status).toBe(200)
    const repeated = await ask('/api/quote', asking)
    expect(repeated.status).toBe(409)
    expect(await problemOf(repeated)).toMatchObject({ type: '/problems/idempotency-replayed' })
    expect(await takeReached()).toEqual(['quote-post'])
    expect(await used()).toBe(2)
  })

  test('that fails gives back what it used', async () => {
    const { bearer, used } = await person()
    for (const method of ['GET', 'POST']) expect((await ask('/api/failure', { method, headers: bearer })).status).toBe(500)
    expect(await takeReached()).toEqual(['failure', 'failure'])
    expect(await used()).toBe(0)
  })

  test('that redirects has done its work', async () => {
    const { bearer, used } = await person()
    for (const [method, status] of [['GET', 307], ['POST', 303]] as const) {
      const response = await ask('/api/redirect', { method, headers: bearer })
      expect(response.status).toBe(status)
      expect(response.headers.get('location')).toMatch(/\/upgrade$/)
    }
    expect(await used()).toBe(2)
  })

  test('for a plan or a feature refuses with 402 until the plan is there', async () => {
    const free = await person()
    for (const method of ['GET', 'POST']) {
      const refused = await ask('/api/reports/7', { method, headers: free.bearer })
      expect(refused.status).toBe(402)
      expect(await problemOf(refused)).toMatchObject({ type: '/problems/plan-required', requiredPlans: ['pro'], upgradeUrl: '/upgrade' })
    }
    expect(await takeReached()).toEqual([])
    const { bearer } = await person({ plan: 'pro' })
    expect(await (await ask('/api/reports/7', { headers: bearer })).json()).toEqual({ text: 'reached-report', id: '7' })
    expect(await (await ask('/api/reports/8', { method: 'POST', headers: bearer })).json()).toEqual({ text: 'reached-report-post', id: '8' })
  })

  test('for a role refuses with 403', async () => {
    const { bearer } = await person()
    expect((await ask('/api/quote', { method: 'DELETE', headers: bearer })).status).toBe(403)
    const admin = await person({ claims: { org_id: 'org_1', org_role: 'admin' } })
    expect((await ask('/api/quote', { method: 'DELETE', headers: admin.bearer })).status).toBe(200)
  })
})

describe('a page', () => {
  test('sends a visitor without a token to the sign-in', async () => {
    for (const path of ['/reports/1', '/exports', '/insights', '/account']) {
      const response = await ask(path)
      expect({ path, status: response.status, location: response.headers.get('location') }).toEqual({
        path, status: 307, location: '/sign-in',
      })
    }
    expect(await takeReached()).toEqual([])
  })

  test('sends a customer of another plan to the upgrade', async () => {
    const { cookie } = await person()
    const response = await ask('/reports/1', { headers: cookie })
    expect(response.status).toBe(307)
    expect(response.headers.get('location')).toBe('/upgrade')
    expect(await takeReached()).toEqual([])
  })

  test('shows what the app says in its place', async () => {
    const { cookie } = await person()
    const response = await ask('/exports', { headers: cookie })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('refused: <!-- -->The plan does not include this')
    expect(await takeReached()).toEqual([])
  })

  test('is rendered for whom it is meant', async () => {
    const { name, cookie } = await person({ plan: 'pro' })
    expect(await (await ask('/reports/1', { headers: cookie })).text()).toContain('reached-report-page')
    expect(await (await ask('/exports', { headers: cookie })).text()).toContain('reached-exports-page')
    expect(await (await ask('/account', { headers: cookie })).text()).toContain(name)
    expect(await takeReached()).toEqual(['report-page', 'exports-page', 'account-page'])
  })

  test('with a meter counts each rendering, and gives back one that fails', async () => {
    const { cookie, used } = await person()
    expect(await (await ask('/insights', { headers: cookie })).text()).toContain('left: <!-- -->4')
    expect(await used()).toBe(1)
    expect((await ask('/insights?missing', { headers: cookie })).status).toBe(404)
    expect(await used()).toBe(1)
    for (let index = 0; index < 4; index += 1) await ask('/insights', { headers: cookie })
    const refused = await ask('/insights', { headers: cookie })
    expect(refused.status).toBe(307)
    expect(refused.headers.get('location')).toBe('/upgrade')
  })

  test('in a cached scope says what to do instead', async () => {
    const { cookie } = await person()
    expect((await ask('/cached', { headers: cookie })).status).toBe(500)
    expect(app.log()).toContain('A guard was called in a cached scope')
    expect(app.log()).toContain('Guard outside of the cached function')
    expect(await takeReached()).toEqual([])
  })
})

/** The paragraphs of a page. */
async function lines(path: string, headers: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const html = await (await ask(path, { headers })).text()
  return [...html.matchAll(/<p>([^<]*)<\/p>/g)].map(([, text = '']) => text)
}

describe('a gate', () => {
  test('is closed to a visitor without a token, and sends nothing of what is behind it', async () => {
    const html = await (await ask('/gates')).text()
    expect(html).toContain('for everybody')
    expect(html).toContain('plans: 401 /problems/unauthenticated')
    expect(html).not.toContain('reached-')
    expect(html).not.toMatch(/: open/)
    expect(await takeReached()).toEqual([])
  })

  test('is open to whom it is meant for, by plan, by feature and by what is left', async () => {
    const { name, bearer, cookie } = await person()
    expect(await lines('/gates', cookie)).toEqual([
      'for everybody', 'plan: closed', `plans: ${name}`, 'exports: 402 /problems/plan-required', 'tokens: closed', 'calls: open',
      'one call: open', 'three calls: open',
    ])
    for (let call = 0; call < 3; call += 1) await ask('/api/quote', { headers: bearer })
    expect((await lines('/gates', cookie)).slice(-3)).toEqual(['calls: open', 'one call: open', 'three calls: 429 /problems/quota-exceeded'])
    for (let call = 0; call < 2; call += 1) await ask('/api/quote', { headers: bearer })
    expect((await lines('/gates', cookie)).slice(-3)).toEqual([
      'calls: open', 'one call: closed', 'three calls: 429 /problems/quota-exceeded',
    ])
    await takeReached()
    await fetch(`${app.url}/control/upgrade`, { method: 'POST', body: name })
    expect(await lines('/gates', cookie)).toEqual([
      'for everybody', 'reached-gated-report', `plans: ${name}`, 'exports: open', 'tokens: open', 'calls: open', 'one call: open',
      'three calls: open',
    ])
    expect(await takeReached()).toEqual(['gated-report'])
  })

  test('counts nothing', async () => {
    const { cookie, used } = await person()
    await ask('/gates', { headers: cookie })
    expect(await used()).toBe(0)
  })

  test('may send a visitor elsewhere', async () => {
    const { cookie } = await person()
    const response = await ask('/gates?leaving', { headers: cookie })
    expect(response.headers.get('location') ?? (await response.text())).toContain('/upgrade')
  })

  test('stays closed where nothing can be decided', async () => {
    const { cookie } = await person()
    expect(await lines('/broken', cookie)).toEqual(['closed: 503', 'closed: 503'])
    expect(await takeReached()).toEqual([])
  })

  test('does not hold up the page around it', async () => {
    const { cookie } = await person()
    const { body } = await ask('/streaming', { headers: cookie })
    const decoder = new TextDecoder()
    let html = ''
    let before = ''
    for await (const chunk of body ?? new ReadableStream<Uint8Array>()) {
      html += decoder.decode(chunk, { stream: true })
      if (before !== '' || !html.includes('deciding')) continue
      before = html
      expect(await takeReached()).toEqual([])
      await fetch(`${app.url}/control/release`, { method: 'POST' })
    }
    expect(before).toContain('around the gate')
    expect(before).not.toContain('reached-')
    expect(html).toContain('reached-held-report')
    expect(await takeReached()).toEqual(['held-report'])
  })
})

describeBillingPages(() => app)

/** Calls a server action as Next's client does; what it answered is the row `1:` of the stream. */
async function act(action: string, values: readonly unknown[], headers: Readonly<Record<string, string>>) {
  const response = await ask('/account', {
    method: 'POST',
    headers: { ...headers, 'next-action': app.actions[action] ?? 'none', accept: 'text/x-component', 'content-type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify(values),
  })
  const text = await response.text()
  const [, row] = /^1:(\{.*\})$/m.exec(text) ?? []
  return { status: response.status, text, answer: row === undefined ? undefined : (JSON.parse(row) as unknown), headers: response.headers }
}

describe('a server action', () => {
  const names = ['whoAmI', 'readReport', 'exportRows', 'quote', 'quoteAndLeave', 'quoteAndFail']

  test('can be called at all', () => {
    expect(Object.keys(app.actions)).toEqual(expect.arrayContaining(names))
  })

  test.each(names)('without a token answers the problem: %s', async (name) => {
    const { answer } = await act(name, [], {})
    expect(answer).toMatchObject({ problem: { type: '/problems/unauthenticated', status: 401 } })
    expect((await takeReached()).filter((resource) => resource.endsWith('-action'))).toEqual([])
  })

  test('answers the problem where the plan is another', async () => {
    const { cookie } = await person()
    for (const name of ['readReport', 'exportRows']) {
      expect((await act(name, ['7'], cookie)).answer).toMatchObject({ problem: { type: '/problems/plan-required', upgradeUrl: '/upgrade' } })
    }
    expect((await takeReached()).filter((resource) => resource.endsWith('-action'))).toEqual([])
  })

  test('runs for whom it is meant, and gets what was sent', async () => {
    const { cookie } = await person({ plan: 'pro' })
    expect((await act('readReport', ['7'], cookie)).answer).toEqual({ text: 'reached-report-action', id: '7' })
    expect((await act('exportRows', ['all'], cookie)).answer).toEqual({ text: 'reached-exports-action', name: 'all' })
  })

  test('is told who passed by the guard alone, whatever a browser sends', async () => {
    const { name, cookie } = await person()
    const forged = { kind: 'pass', caller: { customer: 'somebody-else', canManageBilling: true } }
    expect((await act('whoAmI', [forged, forged], cookie)).answer).toEqual({ text: 'reached-who-action', customer: name, values: 2 })
  })

  test('with a meter counts, refuses when nothing is left, and gives back what failed', async () => {
    const { cookie, used } = await person()
    expect((await act('quote', [], cookie)).answer).toEqual({ text: 'reached-quote-action', remaining: 4 })
    expect((await act('quoteAndFail', [], cookie)).status).toBe(500)
    expect(await used()).toBe(1)
    const left = await act('quoteAndLeave', [], cookie)
    expect(left.headers.get('x-action-redirect')).toContain('/upgrade')
    expect(await used()).toBe(2)
    for (let index = 0; index < 3; index += 1) await act('quote', [], cookie)
    expect((await act('quote', [], cookie)).answer).toMatchObject({ problem: { type: '/problems/quota-exceeded', used: 5 } })
  })
})

const segments = ['_tree', '_index', '_full', '_head', 'reports', 'reports/$d$id', 'reports/$d$id/__PAGE__', 'exports/__PAGE__', '!KA']

/** Ways around a guard that stands in front of a path, and not around the resource. */
function detours(path: string): readonly (readonly [target: string, fields?: readonly string[], method?: string])[] {
  const rsc = ['RSC: 1', 'Accept: text/x-component']
  const suffixes = ['.rsc', '.rsc?_rsc=1', '.prefetch.rsc', '.txt', '.json', '.html', '.action']
  const prefixes = ['/index', '/en', '/_next/static/..', `/_next/data/${app.buildId}`, '/_next/data/development']
  const queries = [
    '', 'x', 'id=1', 'id=2&id=3', 'nxtPid=1', 'nxtIid=1', 'nextParamid=1', 'nextInternalLocale=en', '__nextLocale=en', '__nextDataReq=1',
    '_rsc=1', '__nextDefaultLocale=en', '__flight__=1', '__rsc=1', 'amp=1', 'customer=admin', '__proto__[role]=admin', '%00',
  ]
  const targets = [
    ...pathSpellings(path),
    ...suffixes.map((suffix) => `${path}${suffix}`),
    ...prefixes.flatMap((prefix) => [`${prefix}${path}`, `${prefix}${path}.json`]),
    `/_next/image?url=${encodeURIComponent(path)}&w=64&q=75`,
    ...segments.map((segment) => `${path}.segments/${segment}.segment.rsc`),
    ...queries.map((query) => `${path}?${query}`),
  ]
  const subrequest = ['middleware', 'src/middleware', 'proxy', 'src/proxy', 'pages/_middleware', Array(5).fill('middleware').join(':'), Array(5).fill('src/middleware').join(':')]
  const fields = [
    ...subrequest.map((value) => [`x-middleware-subrequest: ${value}`]),
    rsc,
    [...rsc, 'Next-Router-Prefetch: 1'],
    [...rsc, 'Next-Router-Prefetch: 2'],
    ...segments.map((segment) => [...rsc, 'Next-Router-Prefetch: 1', `Next-Router-Segment-Prefetch: /${segment}`]),
    [...rsc, 'Next-Router-State-Tree: %5B%22%22%2C%7B%7D%2Cnull%2C%22refetch%22%5D'],
    [...rsc, 'Next-HMR-Refresh: 1'], ['Next-Action: 00'], ['Next-Url: /reports/1'], ['x-nextjs-data: 1'], ['x-matched-path: /'],
    [`x-matched-path: ${path}`], [`x-invoke-path: ${path}`], [`x-rewrite-url: ${path}`], ['x-now-route-matches: 1=1'], ['x-middleware-next: 1'],
    ['x-middleware-rewrite: /'], ['x-middleware-prefetch: 1'], ['x-prerender-revalidate: 1'], ['x-next-cache-tags: 1'], ['x-nextjs-postponed: 1'],
    ['next-resume: 1'], ['purpose: prefetch'], ['x-forwarded-host: evil.example.com'], ['x-clerk-auth-status: signed-in'], ['cookie: session=x'],
    ['cookie: __prerender_bypass=1'], ['authorization: Bearer'], ['authorization: Bearer null'], ['x-http-method-override: GET'],
  ]
  return [
    ...targets.map((target) => [target] as const),
    ...targets.slice(-60).map((target) => [target, rsc] as const),
    ...fields.map((list) => [path, list] as const),
    ...['HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'PURGE'].map((method) => [path, [], method] as const),
  ]
}

describe.each(['/reports/1', '/exports', '/insights', '/account', '/gates', '/api/quote', '/api/reports/1'])('nobody gets around the guard of %s', (path) => {
  test('without a token', hundredsOfRequests, async () => {
    const tried = detours(path)
    expect(tried.length).toBeGreaterThan(200)
    const passed: unknown[] = []
    for (const [target, fields, method] of tried) {
      const answer = await app.send(target, fields, method)
      if (answer.includes('reached-')) passed.push({ target, fields, method })
    }
    expect(passed).toEqual([])
    expect(await takeReached()).toEqual([])
  })
})

test('every request that gets in, however it is spelled, was counted', hundredsOfRequests, async () => {
  for (const path of ['/api/quote', '/insights']) {
    const { bearer, used } = await person({ plan: 'pro' })
    for (const [target, fields = [], method] of detours(path)) {
      if (fields.some((field) => /^(cookie|authorization):/i.test(field))) continue
      await app.send(target, [...fields, `Authorization: ${bearer.authorization}`], method)
    }
    const reached = (await takeReached()).filter((resource) => !resource.startsWith('quote-'))
    expect(reached.length).toBeGreaterThan(10)
    // POST on the quote has a price of its own.
    const posted = path === '/api/quote' ? 2 : 0
    expect(await used()).toBe(reached.length + posted)
  }
})
