import { type FareboxOptions, type Identity, allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { type AdminCustomerView, type AdminCustomersView, type RouteName, problemNameOf, routes } from '@farebox/core/protocol'
import { manualClock } from '@farebox/core/testing'
import { describe, expect, it, test, vi } from 'vitest'
import { identityOf, knownTokens } from '../../test/known-tokens.ts'
import { day } from '../domain/instant.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month').overage(usd('0.10')), exports: true } },
  },
})

const appUrl = 'https://app.example.com'
const tokens = { ann: identityOf('ann'), root: identityOf('root'), helper: identityOf('root', { actor: 'helper' }) }

const isRoot = ({ subject }: Identity): boolean => subject === 'root'

type Options = Partial<Omit<FareboxOptions<typeof catalog>, 'catalog'>>

async function setUp(more: Options = { admin: isRoot }) {
  const clock = manualClock()
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const store = memoryStore({ clock })
  const farebox = createFarebox({ catalog, clock, store, auth: knownTokens(tokens), appUrl, cookie: 'session', logger, ...more })
  await farebox.ensureCustomer({ customer: 'ann', email: 'Ann@Example.com', name: 'Ann' })

  interface Asking {
    readonly token?: string | null
    readonly fields?: Readonly<Record<string, string>>
  }

  async function ask(name: RouteName, given: object = {}, { token = 'root', fields = {} }: Asking = {}): Promise<Response> {
    const { method, path } = routes[name]
    const headers = new Headers({ ...(token !== null && { authorization: `Bearer ${token}` }), ...fields })
    if (method === 'GET') {
      const query = new URLSearchParams({ ...given })
      return farebox.handle(new Request(`${appUrl}/api/billing${path}?${query}`, { headers }))
    }
    if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    return farebox.handle(new Request(`${appUrl}/api/billing${path}`, { method, headers, body: JSON.stringify(given) }))
  }

  async function found(search: string): Promise<readonly string[]> {
    const { customers }: AdminCustomersView = await (await ask('adminCustomers', { search })).json()
    return customers.map(({ customer }) => customer)
  }

  /** Nothing of Ann's was changed. */
  async function expectNothingChanged(): Promise<void> {
    const { rows } = await store.records.load('ann', ['grants', 'overrides', 'audit'])
    expect(rows).toEqual({ grants: [], overrides: [], audit: [] })
  }

  return { clock, logger, store, farebox, ask, found, expectNothingChanged }
}

async function viewOf(answered: Response | Promise<Response>): Promise<AdminCustomerView> {
  const response = await answered
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('private, no-store')
  return response.json()
}

async function refusal(answered: Response | Promise<Response>) {
  const response = await answered
  const problem: { readonly type: string; readonly faults?: readonly { readonly path: string }[] } = await response.json()
  return { status: response.status, name: problemNameOf(problem), paths: problem.faults?.map(({ path }) => path) }
}

const grant = { customer: 'ann', feature: 'apiCalls', amount: 10, key: 'sorry', reason: 'An outage' }
const override = { customer: 'ann', plan: 'pro', key: 'trial' }
const asked: readonly (readonly [RouteName, object])[] = [
  ['adminCustomers', { search: 'ann' }],
  ['adminCustomer', { customer: 'ann' }],
  ['adminGrant', grant],
  ['adminVoidGrant', { customer: 'ann', key: 'sorry' }],
  ['adminOverride', override],
  ['adminEndOverride', { customer: 'ann', key: 'trial' }],
]

it('asks every admin route here', () => {
  expect(asked.map(([name]) => name)).toEqual(Object.keys(routes).filter((name) => name.startsWith('admin')))
})

describe.each(asked)('%s', (name, given) => {
  test('is not there unless the app says who an admin is', async () => {
    const { ask, expectNothingChanged } = await setUp({})
    expect(await refusal(ask(name, given))).toMatchObject({ status: 404, name: 'not-found' })
    expect(await refusal(ask(name, given, { token: null }))).toMatchObject({ status: 404, name: 'not-found' })
    await expectNothingChanged()
  })

  test('needs a token that is valid', async () => {
    const admin = vi.fn(() => true)
    const { ask, expectNothingChanged } = await setUp({ admin })
    for (const token of [null, 'forged']) expect(await refusal(ask(name, given, { token }))).toMatchObject({ status: 401, name: 'unauthenticated' })
    expect(admin).not.toHaveBeenCalled()
    await expectNothingChanged()
  })

  test('is forbidden to whom the app does not answer with true itself', async () => {
    const answers: readonly unknown[] = [false, undefined, null, 1, 'true', {}, Promise.resolve(false), Promise.resolve('yes')]
    for (const answer of answers) {
      const { ask, expectNothingChanged } = await setUp({ admin: () => answer as boolean })
      expect(await refusal(ask(name, given))).toMatchObject({ status: 403, name: 'forbidden' })
      await expectNothingChanged()
    }
  })

  test('lets nobody in where the rule fails, and tells the log why without its message', async () => {
    const canary = 'canary-sk_live_4a'
    for (const admin of [() => { throw new Error(canary) }, () => Promise.reject(new Error(canary))]) {
      const { ask, expectNothingChanged, logger } = await setUp({ admin })
      const response = await ask(name, given)
      expect(await response.clone().text()).not.toContain(canary)
      expect(await refusal(response)).toMatchObject({ status: 503, name: 'unavailable' })
      expect(logger.error.mock.calls).toEqual([['A request could not be answered', { route: name, code: 'unavailable:admin-rule-failed' }]])
      await expectNothingChanged()
    }
  })

  test('asks the rule for each request, with the verified identity', async () => {
    let isOpen = true
    const admin = vi.fn((_: Identity, request: Request) => isOpen && request.method === routes[name].method)
    const { ask } = await setUp({ admin })
    expect((await ask(name, given, { token: 'ann' })).status).toBeLessThan(500)
    isOpen = false
    expect(await refusal(ask(name, given))).toMatchObject({ status: 403 })
    expect(admin.mock.calls.map(([{ subject }]) => subject)).toEqual(['ann', 'root'])
  })
})

describe.each(asked.filter(([name]) => routes[name].method !== 'GET'))('%s by cookie', (name, given) => {
  test('takes JSON of the app\'s own origin alone', async () => {
    const { ask, expectNothingChanged } = await setUp()
    const cookie = { cookie: 'session=root' }
    for (const fields of [
      cookie,
      { ...cookie, origin: 'https://evil.example.com' },
      { ...cookie, origin: 'null' },
      { ...cookie, origin: appUrl, 'content-type': 'text/plain' },
    ]) {
      expect(await refusal(ask(name, given, { token: null, fields }))).toEqual({ status: 403, name: 'forbidden', paths: ['origin'] })
    }
    await expectNothingChanged()
    const own = await ask(name, given, { token: null, fields: { ...cookie, origin: appUrl } })
    expect([200, 404]).toContain(own.status)
  })
})

describe('searching', () => {
  test('finds by id, by e-mail address in any case and by Stripe\'s id', async () => {
    const { farebox, store, found } = await setUp()
    await farebox.ensureCustomer({ customer: 'ben', email: 'ben@example.com' })
    const { rows } = await store.records.load('ben', ['customers'])
    await store.records.commit('ben', [{ collection: 'customers', id: 'ben', value: { ...rows.customers[0]!.value, paymentCustomer: 'cus_ben' } }])

    expect(await found('ann')).toEqual(['ann'])
    expect(await found(' ANN@example.COM ')).toEqual(['ann'])
    expect(await found('cus_ben')).toEqual(['ben'])
    expect(await found('Ann')).toEqual([])
    expect(await found('@example.com')).toEqual([])
    expect((await store.records.load('Ann', ['customers'])).rows.customers).toEqual([])
  })

  test('finds by the address of now', async () => {
    const { farebox, found } = await setUp()
    await farebox.ensureCustomer({ customer: 'ann', email: 'ann@new.example.com' })
    expect(await found('ann@example.com')).toEqual([])
    expect(await found('ann@new.example.com')).toEqual(['ann'])
  })

  test('tells the plan of each, and 20 at most, the one of that id first', async () => {
    const { farebox, ask } = await setUp()
    for (let index = 0; index < 25; index += 1) await farebox.ensureCustomer({ customer: `team-${index}`, email: 'Team@example.com' })
    await farebox.ensureCustomer({ customer: 'team@example.com' })
    await farebox.override({ customer: 'team@example.com', plan: 'pro', until: null })
    const { customers }: AdminCustomersView = await (await ask('adminCustomers', { search: 'team@example.com' })).json()
    expect(customers).toHaveLength(20)
    expect(customers[0]).toEqual({
      customer: 'team@example.com', name: null, email: null, plan: 'pro', planName: 'Pro', status: 'none', createdAt: '2026-01-31T10:00:00.000Z',
    })
    expect(customers[1]).toMatchObject({ email: 'Team@example.com', plan: 'free' })
  })

  test('refuses what is no text to search for', async () => {
    const { ask } = await setUp()
    for (const given of [{}, { search: '' }, { search: '  ' }, { search: 'a\u0000b' }, { search: 'x'.repeat(256) }]) {
      expect(await refusal(ask('adminCustomers', given))).toEqual({ status: 400, name: 'invalid-request', paths: ['search'] })
    }
  })
})

describe('changing', () => {
  test('grants once a key, tells who did it and why, and answers the customer as it is then', async () => {
    const { ask } = await setUp()
    const first = await viewOf(ask('adminGrant', { ...grant, expiresAt: '2026-02-10T00:00:00Z' }))
    expect(first).toMatchObject({ email: 'Ann@Example.com', name: 'Ann', paymentCustomer: null, overrides: [] })
    expect(first.snapshot.usage['apiCalls']).toMatchObject({ limit: 15, used: 0, remaining: 15 })
    expect(first.explanation['apiCalls']).toEqual([
      { source: 'grant', key: 'sorry', amount: 10, used: 0, reserved: 0, priority: 50, expiresAt: '2026-02-10T00:00:00.000Z', reason: 'An outage' },
      { source: 'allowance', key: null, amount: 5, used: 0, reserved: 0, priority: 50, expiresAt: '2026-02-28T10:00:00.000Z', reason: null },
    ])
    expect(first.audit).toEqual([{
      id: '2', at: '2026-01-31T10:00:00.000Z', actor: 'root', action: 'grant',
      detail: { key: 'sorry', feature: 'apiCalls', amount: 10, expiresAt: '2026-02-10T00:00:00.000Z', reason: 'An outage' },
    }])

    expect(await viewOf(ask('adminGrant', grant))).toEqual(first)
    expect(await refusal(ask('adminGrant', { ...grant, amount: 11 }))).toEqual({ status: 409, name: 'idempotency-conflict', paths: ['key'] })

    const voided = await viewOf(ask('adminVoidGrant', { customer: 'ann', key: 'sorry', reason: 'By mistake' }))
    expect(voided.explanation['apiCalls']).toMatchObject([{ source: 'allowance' }])
    expect(voided.audit).toMatchObject([{ id: '3', action: 'void-grant', detail: { key: 'sorry', reason: 'By mistake' } }, { id: '2' }])
    expect((await viewOf(ask('adminVoidGrant', { customer: 'ann', key: 'sorry' }))).audit).toHaveLength(2)
  })

  test('gives a plan for free once a key, until it ends', async () => {
    const { clock, ask } = await setUp()
    const until = new Date(clock.now() + 10 * day).toISOString()
    const first = await viewOf(ask('adminOverride', { ...override, until, reason: 'A pilot' }))
    expect(first).toMatchObject({ snapshot: { plan: 'pro', planSource: 'override' }, overrides: [{ key: 'trial', plan: 'pro', reason: 'A pilot', until, endedAt: null }] })
    expect(first.audit).toMatchObject([{ actor: 'root', action: 'override', detail: { key: 'trial', plan: 'pro', until, reason: 'A pilot' } }])
    expect(first.explanation['apiCalls']).toMatchObject([{ source: 'allowance', amount: 500 }, { source: 'overage', amount: null, priority: null }])
    expect(await viewOf(ask('adminOverride', { ...override, until }))).toEqual(first)
    expect(await refusal(ask('adminOverride', override))).toEqual({ status: 409, name: 'idempotency-conflict', paths: ['key'] })

    clock.advance(day)
    const endedAt = new Date(clock.now()).toISOString()
    const ended = await viewOf(ask('adminEndOverride', { customer: 'ann', key: 'trial' }))
    expect(ended).toMatchObject({ snapshot: { plan: 'free' }, overrides: [{ until, endedAt }], audit: [{ action: 'end-override', actor: 'root' }, {}] })

    await viewOf(ask('adminOverride', { ...override, key: 'other', until }))
    clock.advance(10 * day)
    const now = await viewOf(ask('adminCustomer', { customer: 'ann' }))
    expect(now).toMatchObject({ snapshot: { plan: 'free' }, overrides: [{ key: 'other', endedAt: until }, { key: 'trial', endedAt }] })
    expect(await viewOf(ask('adminEndOverride', { customer: 'ann', key: 'other' }))).toEqual(now)
  })

  test('makes no customer of a stranger', async () => {
    const { ask, store } = await setUp()
    for (const [name, given] of asked.filter(([item]) => item !== 'adminCustomers')) {
      expect(await refusal(ask(name, { ...given, customer: 'nobody' }))).toMatchObject({ status: 404, name: 'not-found' })
    }
    expect((await store.records.load('nobody', ['customers', 'grants', 'overrides', 'audit'])).rows).toEqual({ customers: [], grants: [], overrides: [], audit: [] })
  })

  test('takes the actor from the token alone, and names who acts in another\'s place', async () => {
    const { ask, expectNothingChanged } = await setUp()
    for (const more of [{ actor: 'somebody' }, { identity: tokens.root }, { priority: 1 }]) {
      expect(await refusal(ask('adminGrant', { ...grant, ...more }))).toEqual({ status: 400, name: 'invalid-request', paths: Object.keys(more) })
    }
    await expectNothingChanged()
    expect((await viewOf(ask('adminGrant', grant, { token: 'helper' }))).audit).toMatchObject([{ actor: 'helper' }])
  })

  test('refuses what does not fit, with its path', async () => {
    const { ask, expectNothingChanged } = await setUp()
    const wrong: readonly (readonly [RouteName, object, string])[] = [
      ['adminGrant', { ...grant, amount: 0 }, 'amount'],
      ['adminGrant', { ...grant, amount: 1.5 }, 'amount'],
      ['adminGrant', { ...grant, feature: 'exports' }, 'feature'],
      ['adminGrant', { ...grant, key: '' }, 'key'],
      ['adminGrant', { ...grant, reason: ' ' }, 'reason'],
      ['adminGrant', { ...grant, reason: 'x'.repeat(501) }, 'reason'],
      ['adminGrant', { ...grant, expiresAt: 'tomorrow' }, 'expiresAt'],
      ['adminGrant', { ...grant, expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
      ['adminOverride', { ...override, plan: 'gold' }, 'plan'],
      ['adminOverride', { ...override, until: '2020-01-01T00:00:00Z' }, 'until'],
      ['adminCustomer', { customer: 'ann', more: '1' }, 'more'],
    ]
    for (const [name, given, path] of wrong) {
      expect(await refusal(ask(name, given))).toEqual({ status: 400, name: 'invalid-request', paths: [path] })
    }
    await expectNothingChanged()
  })

  test('tells what the app did itself, with no actor unless it names one', async () => {
    const { farebox, ask } = await setUp()
    await farebox.grant({ customer: 'ann', feature: 'apiCalls', amount: 1, key: 'welcome' })
    await farebox.voidGrant({ customer: 'ann', key: 'welcome', actor: 'script', reason: 'Cleaned up' })
    const { audit } = await viewOf(ask('adminCustomer', { customer: 'ann' }))
    expect(audit).toMatchObject([
      { actor: 'script', action: 'void-grant', detail: { reason: 'Cleaned up' } },
      { actor: null, action: 'grant', detail: { key: 'welcome', amount: 1, reason: null } },
    ])
  })
})

it('shows a customer nothing of why something was given', async () => {
  const { farebox, ask } = await setUp()
  await ask('adminGrant', grant)
  await ask('adminOverride', { ...override, reason: 'An outage' })
  expect(JSON.stringify(await farebox.snapshot({ customer: 'ann', canManageBilling: true }))).not.toContain('outage')
})

it('names a rule that is no function when the farebox is made', () => {
  const wrong: object = { admin: true }
  expect(() => createFarebox({ catalog, store: memoryStore(), ...wrong })).toThrow(expect.objectContaining({ code: 'invalid-configuration', faults: [expect.objectContaining({ path: 'admin' })] }))
})
