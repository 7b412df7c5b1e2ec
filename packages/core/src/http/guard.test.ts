import {
  FareboxError, type FareboxOptions, type Guard, type Identity, type ReadHeader, type Store, allowance, createFarebox, defineCatalog, metered, seats, toggle, usd,
} from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { manualClock } from '../testing/manual-clock.ts'
import { describe, expect, test, vi } from 'vitest'
import { identityOf, knownTokens } from '../../test/known-tokens.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle(), members: seats() },
  plans: {
    free: {
      name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') }, gates: { apiCalls: ['3/minute'] },
    },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month'), exports: true } },
    team: { name: 'Team', contactSales: true, features: { apiCalls: allowance(500).per('month') } },
  },
})

type Options = Omit<FareboxOptions<typeof catalog>, 'catalog' | 'store'>

function setUp(more: Partial<Options> & { readonly store?: Store } = {}) {
  const clock = manualClock()
  const auth = knownTokens({
    ann: identityOf('ann'),
    member: identityOf('bob', { organization: { id: 'org_1', role: 'member' } }),
    admin: identityOf('cleo', { organization: { id: 'org_1', role: 'admin' } }),
  })
  const farebox = createFarebox({ catalog, clock, store: memoryStore({ clock }), auth, ...more })
  // Names are any text, as in plain JavaScript.
  const guard: Guard = farebox.guard
  return { clock, auth, farebox, guard }
}

/** Header fields of a request. */
function from(token: string | null, fields: Readonly<Record<string, string>> = {}): ReadHeader {
  const headers = new Headers(token === null ? fields : { authorization: `Bearer ${token}`, ...fields })
  return (name) => headers.get(name)
}

async function upgrade({ farebox }: ReturnType<typeof setUp>, customer: string): Promise<void> {
  await farebox.override({ customer, plan: 'pro', until: null })
}

const gates = {
  authenticate: (s: ReturnType<typeof setUp>, h: ReadHeader) => s.guard.authenticate(h),
  requireRole: (s: ReturnType<typeof setUp>, h: ReadHeader) => s.guard.requireRole(h, 'admin'),
  requirePlan: (s: ReturnType<typeof setUp>, h: ReadHeader) => s.guard.requirePlan(h, ['free', 'pro']),
  requireFeature: (s: ReturnType<typeof setUp>, h: ReadHeader) => s.guard.requireFeature(h, 'apiCalls'),
  meter: (s: ReturnType<typeof setUp>, h: ReadHeader) => s.guard.meter(h, { feature: 'apiCalls' }),
}

describe.each(Object.entries(gates))('%s', (_, ask) => {
  test.each([null, '', 'nobody', 'ann.', 'ANN'])('refuses the token %j', async (token) => {
    expect(await ask(setUp(), from(token))).toMatchObject({ kind: 'stop', status: 401, headers: { 'www-authenticate': 'Bearer' } })
  })

  test('lets a request go on, and says for whom', async () => {
    expect(await ask(setUp(), from('admin'))).toMatchObject({ kind: 'pass', caller: { customer: 'org_1', identity: { subject: 'cleo' } } })
  })

  test('answers 503 when keys cannot be fetched, and tells the log why', async () => {
    const cause = new Error('canary')
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const verify = () => Promise.reject(new FareboxError('unavailable', 'No keys', { reason: 'keys-unavailable', cause }))
    const stopped = await ask(setUp({ logger, auth: { verifier: { verify }, claims: null, webhooks: null } }), from('ann'))
    expect(logger.error.mock.calls).toEqual([['A guard could not decide', { code: 'unavailable:keys-unavailable' }]])
    expect(stopped).toMatchObject({ kind: 'stop', status: 503, headers: { 'retry-after': '5' } })
    expect(JSON.stringify(stopped)).not.toContain('canary')
  })

  test.each([
    ['throws', () => { throw new TypeError('canary') }],
    ['rejects', () => Promise.reject(new TypeError('canary'))],
  ])('never passes when the verifier %s what nobody knows', async (__, verify) => {
    const setup = setUp({ auth: { verifier: { verify }, claims: null, webhooks: null } })
    await expect(async () => ask(setup, from('ann'))).rejects.toThrow('canary')
  })

  test('tells whoever wrote the route that there is no sign-in', async () => {
    const clock = manualClock()
    const farebox = createFarebox({ catalog, clock, store: memoryStore({ clock }) })
    const setup = { ...setUp(), farebox, guard: farebox.guard }
    await expect(async () => ask(setup, from('ann'))).rejects.toMatchObject({ code: 'invalid-configuration' })
  })

  test.each([
    ['throws', () => { throw new RangeError('no such tenant') }, { message: 'no such tenant' }],
    ['answers nothing', () => '', { code: 'invalid-configuration', reason: 'customer-invalid' }],
    ['answers what is no text', () => 7 as never, { code: 'invalid-configuration' }],
    ['answers too much', () => 'x'.repeat(256), { code: 'invalid-configuration' }],
  ])('never passes when customerOf %s', async (__, customerOf, error) => {
    await expect(async () => ask(setUp({ customerOf }), from('admin'))).rejects.toMatchObject(error)
  })
})

describe('a verifier in plain JavaScript', () => {
  test('is waited for where what it answers is a function with a `then`, as a call to another Worker', async () => {
    const refusal = new FareboxError('unauthenticated', 'The token is not valid')
    const verify = () => callable(Promise.reject(refusal))
    const { guard } = setUp({ customerOf: () => 'tenant', auth: { verifier: { verify }, claims: null, webhooks: null } })
    expect(await guard.authenticate(from('forged'))).toMatchObject({ kind: 'stop', status: 401 })
  })

  test('may leave plan claims out', async () => {
    const { planClaims: _, ...identity } = identityOf('ann')
    // As an app without types has it.
    const { farebox, guard } = setUp({ auth: knownTokens({ ann: identity as Identity }) })
    await farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    expect(await guard.requirePlan(from('ann'), ['free'])).toMatchObject({ kind: 'pass' })
  })
})

/** A promise whose `typeof` is `function`. */
function callable<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined)
  // It is called by nobody.
  return new Proxy(() => undefined, {
    has: (_, name) => name in promise,
    get: (_, name) => {
      const part: unknown = Reflect.get(promise, name)
      return typeof part === 'function' ? part.bind(promise) : part
    },
  }) as never
}

describe('requireRole', () => {
  test.each([['member'], ['ann']])('refuses %s with 403 and no way to upgrade', async (token) => {
    const stopped = await setUp().guard.requireRole(from(token), 'admin')
    expect(stopped).toMatchObject({ kind: 'stop', status: 403, problem: { type: '/problems/forbidden' } })
    expect(stopped).not.toHaveProperty('problem.upgradeUrl')
  })

  test('takes a role as it is, not by its beginning', async () => {
    expect(await setUp().guard.requireRole(from('admin'), 'adm')).toMatchObject({ kind: 'stop', status: 403 })
    expect(await setUp().guard.requireRole(from('admin'), '')).toMatchObject({ kind: 'stop', status: 403 })
  })

  test('lets nobody in where no role is named, as by a variable that is not set', async () => {
    const none = identityOf('dan', { organization: { id: 'org_1', role: null } })
    const { guard } = setUp({ auth: knownTokens({ ann: identityOf('ann'), none, empty: { ...none, organization: { id: 'org_1', role: '' } } }) })
    for (const token of ['ann', 'none', 'empty']) {
      // What JavaScript may pass: the types do not allow it.
      for (const role of [undefined, null, ''] as string[]) expect(await guard.requireRole(from(token), role)).toMatchObject({ status: 403 })
    }
  })
})

describe('requirePlan', () => {
  test('refuses another plan with the ones that would do', async () => {
    expect(await setUp().guard.requirePlan(from('ann'), ['pro'])).toMatchObject({
      kind: 'stop', status: 402, problem: { type: '/problems/plan-required', currentPlan: 'free', requiredPlans: ['pro'], upgradeUrl: '/' },
    })
  })

  test('sees an upgrade at once', async () => {
    const setup = setUp()
    expect(await setup.guard.requirePlan(from('ann'), ['pro'])).toMatchObject({ kind: 'stop' })
    await upgrade(setup, 'ann')
    expect(await setup.guard.requirePlan(from('ann'), ['pro'])).toMatchObject({ kind: 'pass' })
    expect(await setup.guard.requirePlan(from('admin'), ['pro'])).toMatchObject({ kind: 'stop' })
  })

  test.each([
    ['a driver\'s own words', () => new TypeError('canary')],
    ['a code', () => new FareboxError('unavailable', 'canary')],
  ])('answers 503 when the store fails with %s', async (_, failure) => {
    const clock = manualClock()
    const store = memoryStore({ clock })
    vi.spyOn(store.records, 'load').mockImplementation(() => Promise.reject(failure()))
    const stopped = await setUp({ clock, store }).guard.requirePlan(from('ann'), ['free'])
    expect(stopped).toMatchObject({ kind: 'stop', status: 503, problem: { type: '/problems/unavailable' } })
    expect(JSON.stringify(stopped)).not.toContain('canary')
  })

  test('asks for a payment where that would bring the plan back, and for an upgrade where it would not', async () => {
    const clock = manualClock()
    const store = memoryStore({ clock })
    const now = clock.now()
    await store.records.commit('ann', [
      { collection: 'customers', id: 'ann', value: { version: 1, createdAt: now, paymentCustomer: 'cus_1', email: null, name: null, plan: 'free', changesAt: null, converged: 0, convergedAt: null } },
      {
        collection: 'subscriptions',
        id: 'sub_1',
        value: {
          id: 'sub_1', ours: true, plan: 'pro', price: 'price_1', interval: 'month', quantity: 1, status: 'past_due', startedAt: now, billingAnchor: now,
          currentPeriodStart: now, currentPeriodEnd: now + 86_400_000, trialEnd: null, cancelAt: null, endedAt: null, pastDueSince: now,
          currency: 'usd', pendingChange: null, paused: null, payment: null, card: null, endReason: null,
        },
      },
    ])
    const { guard } = setUp({ clock, store })
    clock.advance(8 * 86_400_000)
    expect(await guard.requirePlan(from('ann'), ['pro'])).toMatchObject({
      status: 402, problem: { type: '/problems/payment-past-due', currentPlan: 'free', portalUrl: '/', graceEndedAt: '2026-02-07T10:00:00.000Z' },
    })
    expect(await guard.requirePlan(from('ann'), ['team'])).toMatchObject({
      status: 402, problem: { type: '/problems/plan-required', requiredPlans: ['team'] },
    })
  })

  test.each<readonly [unknown]>([[[]], [['platinum']], [['pro', 'platinum']], [['toString']], [undefined], ['pro']])('is not satisfied by naming %j', async (plans) => {
    // What a caller in plain JavaScript may name.
    const named = plans as readonly string[]
    await expect(async () => setUp().guard.requirePlan(from('ann'), named)).rejects.toMatchObject({ code: 'invalid-configuration' })
  })
})

describe('requireFeature', () => {
  test('refuses what the plan lacks, and lets the plan that has it pass', async () => {
    const setup = setUp()
    expect(await setup.guard.requireFeature(from('ann'), 'exports')).toMatchObject({
      status: 402, problem: { type: '/problems/plan-required', feature: 'exports', requiredPlans: ['pro'], lift: { plan: 'pro' } },
    })
    await upgrade(setup, 'ann')
    expect(await setup.guard.requireFeature(from('ann'), 'exports')).toMatchObject({ kind: 'pass' })
  })

  test('counts nothing, and refuses when nothing is left', async () => {
    const { farebox, guard, clock } = setUp()
    for (let index = 0; index < 10; index += 1) expect(await guard.requireFeature(from('ann'), 'apiCalls')).toMatchObject({ kind: 'pass' })
    for (let index = 0; index < 5; index += 1) {
      clock.advance(60_000)
      await farebox.consume({ customer: 'ann', feature: 'apiCalls' })
    }
    clock.advance(60_000)
    expect(await guard.requireFeature(from('ann'), 'apiCalls')).toMatchObject({ status: 429, problem: { type: '/problems/quota-exceeded' } })
  })

  test('refuses where less is left than is asked for', async () => {
    const { guard } = setUp()
    expect(await guard.requireFeature(from('ann'), 'apiCalls', undefined, 5)).toMatchObject({ kind: 'pass' })
    expect(await guard.requireFeature(from('ann'), 'apiCalls', undefined, 6)).toMatchObject({
      status: 429, problem: { type: '/problems/quota-exceeded' },
    })
    await expect(async () => guard.requireFeature(from('ann'), 'apiCalls', undefined, -1)).rejects.toMatchObject({ code: 'invalid-request' })
  })

  test.each(['export', '', '__proto__', 'constructor'])('tells whoever wrote the route that there is no %j', async (feature) => {
    await expect(async () => setUp().guard.requireFeature(from('ann'), feature)).rejects.toMatchObject({ code: 'invalid-request' })
  })
})

describe('meter', () => {
  test('counts each request and says what is left', async () => {
    const { guard } = setUp()
    const first = await guard.meter(from('ann'), { feature: 'apiCalls' })
    expect(first).toMatchObject({
      kind: 'pass',
      decision: { used: 1, remaining: 4 },
      headers: {
        ratelimit: expect.stringMatching(/^"apiCalls";r=4;t=\d+, "3\/minute";r=2;t=20$/),
        'ratelimit-policy': '"apiCalls";q=5;w=2419200;qu="call", "3/minute";q=3;w=60',
      },
    })
    expect(await guard.meter(from('ann'), { feature: 'apiCalls', amount: 2 })).toMatchObject({ decision: { used: 3 } })
  })

  test('answers without a promise once the customer is known', async () => {
    const { guard } = setUp()
    await guard.meter(from('ann'), { feature: 'apiCalls' })
    expect(guard.meter(from('ann'), { feature: 'apiCalls' })).toMatchObject({ kind: 'pass', decision: { used: 2 } })
  })

  test('tells a burst from an empty allowance', async () => {
    const { guard, clock } = setUp()
    for (let index = 0; index < 3; index += 1) await guard.meter(from('ann'), { feature: 'apiCalls' })
    expect(await guard.meter(from('ann'), { feature: 'apiCalls' })).toMatchObject({
      status: 429, problem: { type: '/problems/rate-limited' }, headers: { 'retry-after': '20' },
    })
    clock.advance(60_000)
    for (let index = 0; index < 2; index += 1) await guard.meter(from('ann'), { feature: 'apiCalls' })
    expect(await guard.meter(from('ann'), { feature: 'apiCalls' })).toMatchObject({
      status: 429, problem: { type: '/problems/quota-exceeded', limit: 5, used: 5, upgradeUrl: '/', lift: { plan: 'pro', limit: 500 } },
    })
  })

  test('spends one allowance for a whole organization', async () => {
    const { guard } = setUp()
    await guard.meter(from('member'), { feature: 'apiCalls' })
    expect(await guard.meter(from('admin'), { feature: 'apiCalls' })).toMatchObject({ decision: { used: 2 } })
  })

  test('takes a caller who was looked at before, and looks at no token again', async () => {
    const { guard, auth } = setUp()
    const passed = await guard.authenticate(from('ann'))
    if (passed.kind === 'stop') throw new Error('refused')
    expect(await guard.meter(from(null), { feature: 'apiCalls' }, passed.caller)).toMatchObject({ kind: 'pass' })
    expect(auth.asked()).toBe(1)
  })

  test('counts nothing where its clock throws', async () => {
    const now = vi.fn(() => Date.now())
    const { farebox, guard } = setUp({ clock: { now } })
    // From the second on a memory store is asked by the short way, which needs no other clock.
    for (const used of [1, 2]) expect(await guard.meter(from('ann'), { feature: 'apiCalls' })).toMatchObject({ decision: { used } })
    now.mockImplementation(() => {
      throw new Error('no time')
    })
    await expect(async () => guard.meter(from('ann'), { feature: 'apiCalls' })).rejects.toThrow('no time')
    now.mockRestore()
    expect(await farebox.check({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ used: 2 })
  })

  test('gives back what a failed handler used, once', async () => {
    const { guard, farebox } = setUp()
    await guard.meter(from('ann'), { feature: 'apiCalls', amount: 3 })
    const passed = await guard.meter(from('ann'), { feature: 'apiCalls' })
    if (passed.kind === 'stop') throw new Error('refused')
    await Promise.all([passed.giveBack(), passed.giveBack()])
    await passed.giveBack()
    expect(await farebox.check({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ used: 3, remaining: 2 })
  })

  test('does not fail a second time when giving back fails', async () => {
    const clock = manualClock()
    const store = memoryStore({ clock })
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const { guard } = setUp({ clock, store, logger })
    const passed = await guard.meter(from('ann'), { feature: 'apiCalls' })
    if (passed.kind === 'stop') throw new Error('refused')
    vi.spyOn(store.usage, 'execute').mockRejectedValue(new Error('canary'))
    await expect(passed.giveBack()).resolves.toBeUndefined()
    expect(logger.error).toHaveBeenCalledOnce()
    expect(JSON.stringify(logger.error.mock.calls)).not.toContain('canary')
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, null as never])('refuses an amount of %s and counts nothing', async (amount) => {
    const { guard, farebox } = setUp()
    expect(await guard.meter(from('ann'), { feature: 'apiCalls', amount })).toMatchObject({
      kind: 'stop', status: 400, problem: { faults: [{ path: 'amount' }] },
    })
    expect(await farebox.check({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ used: 0 })
  })

  test.each(['exports', 'members', 'apiCall', '__proto__'])('tells whoever wrote the route that %j is not metered', async (feature) => {
    await expect(async () => setUp().guard.meter(from('ann'), { feature })).rejects.toMatchObject({ code: 'invalid-request' })
  })

  test('denies when the store is down', async () => {
    const clock = manualClock()
    const store = memoryStore({ clock })
    vi.spyOn(store.usage, 'execute').mockRejectedValue(new Error('canary'))
    const stopped = await setUp({ clock, store }).guard.meter(from('ann'), { feature: 'apiCalls' })
    expect(stopped).toMatchObject({ kind: 'stop', status: 503, problem: { type: '/problems/unavailable' } })
    expect(JSON.stringify(stopped)).not.toContain('canary')
  })
})

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'order-1' }

  test('is not taken from clients by default', async () => {
    for (const options of [{ feature: 'apiCalls' }, { feature: 'apiCalls', idempotency: 'none' }] as const) {
      const { guard } = setUp()
      for (const used of [1, 2]) expect(await guard.meter(from('ann', key), options)).toMatchObject({ decision: { used } })
    }
  })

  test('lets the handler run once where the route takes it', async () => {
    const { guard, farebox } = setUp()
    const options = { feature: 'apiCalls', idempotency: 'header' } as const
    expect(await guard.meter(from('ann', key), options)).toMatchObject({ kind: 'pass' })
    expect(await guard.meter(from('ann', key), options)).toMatchObject({ status: 409, problem: { type: '/problems/idempotency-replayed' } })
    expect(await guard.meter(from('ann', key), { ...options, amount: 2 })).toMatchObject({
      status: 409, problem: { type: '/problems/idempotency-conflict' },
    })
    expect(await guard.meter(from('admin', key), options)).toMatchObject({ kind: 'pass' })
    expect(await guard.meter(from('ann'), options)).toMatchObject({ kind: 'pass', decision: { used: 2 } })
    expect(await farebox.check({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ used: 2 })
  })

  test('lets one of many run that come at once', async () => {
    const { guard, farebox } = setUp()
    const options = { feature: 'apiCalls', idempotency: 'header' } as const
    const outcomes = await Promise.all(Array.from({ length: 20 }, async () => guard.meter(from('ann', key), options)))
    expect(outcomes.filter(({ kind }) => kind === 'pass')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.kind === 'stop' && outcome.status === 409)).toHaveLength(19)
    expect(await farebox.check({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ used: 1 })
  })

  test('is free again when the handler failed', async () => {
    const { guard } = setUp()
    const options = { feature: 'apiCalls', idempotency: 'header' } as const
    const passed = await guard.meter(from('ann', key), options)
    if (passed.kind === 'stop') throw new Error('refused')
    await passed.giveBack()
    expect(await guard.meter(from('ann', key), options)).toMatchObject({ kind: 'pass', decision: { used: 1 } })
  })

  test.each(['', 'k'.repeat(256), 'a\tb'])('that is not one (%j) is refused', async (value) => {
    const { guard } = setUp()
    const header: ReadHeader = (name) => (name === 'idempotency-key' ? value : 'Bearer ann')
    expect(await guard.meter(header, { feature: 'apiCalls', idempotency: 'header' })).toMatchObject({
      kind: 'stop', status: 400, problem: { faults: [{ path: 'idempotencyKey' }] },
    })
  })
})
