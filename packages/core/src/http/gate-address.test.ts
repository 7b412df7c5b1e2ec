import { FareboxError, type FareboxOptions, type ReadHeader, type Store, allowance, createFarebox, defineCatalog, metered, toggle } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { expect, test, vi } from 'vitest'
import { identityOf, knownTokens } from '../../test/known-tokens.ts'
import { minute } from '../domain/instant.ts'
import { manualClock } from '../testing/manual-clock.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), search: metered({ unit: 'search', onError: 'allow', lease: true }), exports: toggle() },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month'), search: allowance(5).per('month') } } },
})

type Options = Partial<FareboxOptions<typeof catalog>>
const anonymous = { gates: { apiCalls: ['3/minute'], search: ['3/minute'] }, trustedHops: 1 } as const

function setUp(more: Options = {}) {
  const clock = manualClock()
  const store = memoryStore({ clock })
  const warn = vi.fn()
  const logger = { info: () => undefined, warn, error: () => undefined }
  const auth = knownTokens({ ann: identityOf('ann') })
  const farebox = createFarebox({ catalog, clock, store, auth, anonymous, logger, ...more })
  const meter = async (fields: Record<string, string>, feature: 'apiCalls' | 'search' = 'apiCalls', peer?: string) => {
    const headers = new Headers(fields)
    return farebox.guard.meterAnyone((name) => headers.get(name), { feature }, undefined, () => peer)
  }
  return { clock, store, farebox, meter, warn }
}

const cut = () => Promise.reject(new FareboxError('unavailable', 'The line is cut'))

const from = (address: string) => ({ 'x-forwarded-for': address })

test('a caller without a token is let in by address, and told what is left', async () => {
  const { clock, meter } = setUp()
  for (const remaining of [2, 1, 0]) {
    const passed = await meter(from('203.0.113.7'))
    expect(passed).toMatchObject({ kind: 'pass', caller: null, decision: { allowed: true, reason: 'allowed', drawn: [] } })
    expect(passed.headers).toMatchObject({ ratelimit: expect.stringMatching(new RegExp(`^"3/minute";r=${remaining};t=\\d+$`)), 'ratelimit-policy': '"3/minute";q=3;w=60' })
  }
  const refused = await meter(from('203.0.113.7'))
  expect(refused).toMatchObject({ kind: 'stop', status: 429, headers: { 'retry-after': '20' }, problem: { type: '/problems/rate-limited', feature: 'apiCalls' } })
  expect(refused).not.toHaveProperty('problem.upgradeUrl')

  expect(await meter(from('198.51.100.9'))).toMatchObject({ kind: 'pass' })
  expect(await meter(from('203.0.113.7'), 'search')).toMatchObject({ kind: 'pass' })
  clock.advance(minute / 3)
  expect(await meter(from('203.0.113.7'))).toMatchObject({ kind: 'pass' })
})

test('all of an IPv6 /64 is one caller, and what clients write themselves makes nobody another', async () => {
  const { meter } = setUp()
  for (const address of ['2001:db8::1', '2001:db8::2', '1.1.1.1, 2001:0DB8:0:0:ffff::3']) expect(await meter(from(address))).toMatchObject({ kind: 'pass' })
  for (const address of ['2001:db8::4', '9.9.9.9, 2001:db8::5', 'x"y, 2001:db8::6']) expect(await meter(from(address))).toMatchObject({ status: 429 })
  expect(await meter(from('2001:db8:0:1::1'))).toMatchObject({ kind: 'pass' })
})

test('a caller with a token is metered as a customer, and a bad token is refused', async () => {
  const { meter } = setUp()
  for (let call = 0; call < 3; call += 1) await meter(from('203.0.113.7'))
  const known = { authorization: 'Bearer ann', ...from('203.0.113.7') }
  for (let call = 0; call < 5; call += 1) expect(await meter(known)).toMatchObject({ kind: 'pass', caller: { customer: 'ann' } })
  expect(await meter(known)).toMatchObject({ status: 429, problem: { type: '/problems/quota-exceeded' } })
  for (const authorization of ['Bearer nobody', 'Basic YTpi', 'Bearer', '']) {
    expect(await meter({ ...from('198.51.100.9'), authorization })).toMatchObject({ status: 401, problem: { type: '/problems/unauthenticated' } })
  }
})

test.each([
  ['nothing', {}],
  ['less than the proxies write', { 'x-forwarded-for': '' }],
  ['no address', { 'x-forwarded-for': '203.0.113.7, unknown' }],
  ['the other field', { forwarded: 'for=203.0.113.7' }],
])('who shows %s is asked for a token, and the log is told', async (_, fields: Record<string, string>) => {
  const { meter, warn } = setUp()
  expect(await meter(fields, 'apiCalls', '203.0.113.7')).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
  expect(warn).toHaveBeenCalledWith('A caller without a token showed no address', { feature: 'apiCalls', trustedHops: 1 })
})

test('without proxies the peer counts, and what clients write does not', async () => {
  const { meter } = setUp({ anonymous: { ...anonymous, trustedHops: 0 } })
  for (let call = 0; call < 3; call += 1) expect(await meter(from(`203.0.113.${call}`), 'apiCalls', '::ffff:192.0.2.1')).toMatchObject({ kind: 'pass' })
  expect(await meter(from('203.0.113.9'), 'apiCalls', '192.0.2.1')).toMatchObject({ status: 429 })
  expect(await meter(from('203.0.113.9'))).toMatchObject({ status: 401 })
})

test('a platform may tell the address in a field of its own, and proxies in the standard one', async () => {
  const cloudflare = setUp({ anonymous: { ...anonymous, address: (header: ReadHeader) => header('cf-connecting-ip') } })
  expect(await cloudflare.meter({ 'cf-connecting-ip': '203.0.113.7' })).toMatchObject({ kind: 'pass' })
  expect(await cloudflare.meter(from('203.0.113.7'))).toMatchObject({ status: 401 })
  const standard = setUp({ anonymous: { ...anonymous, field: 'forwarded' } })
  expect(await standard.meter({ forwarded: 'for="[2001:db8::1]"' })).toMatchObject({ kind: 'pass' })
  expect(await standard.meter(from('203.0.113.7'))).toMatchObject({ status: 401 })
})

test('an address makes no customer, and is forgotten', async () => {
  const { clock, store, farebox, meter } = setUp()
  await meter(from('203.0.113.7'))
  expect(await farebox.findCustomer({ customer: 'address:203.0.113.7' })).toBeUndefined()
  clock.advance(3 * 60 * minute)
  const { usage } = await farebox.sweep()
  expect(usage.counters).toBe(1)
  expect(await store.usage.sweep()).toMatchObject({ counters: 0, markers: 0 })
})

test('a gate of a day stays closed for a day', async () => {
  const { clock, farebox, meter } = setUp({ anonymous: { ...anonymous, gates: { apiCalls: ['2/day'] } } })
  for (let call = 0; call < 2; call += 1) expect(await meter(from('203.0.113.7'))).toMatchObject({ kind: 'pass' })
  clock.advance(11 * 60 * minute)
  await farebox.sweep()
  expect(await meter(from('203.0.113.7'))).toMatchObject({ status: 429, headers: { 'retry-after': '3600' } })
})

test('a customer who is named like an address shares nothing with it', async () => {
  const gated = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') }, gates: { apiCalls: ['3/minute'] } } },
  })
  for (const customer of ['address:203.0.113.7', '203.0.113.7', 'anonymous:203.0.113.7']) {
    const auth = knownTokens({ odd: identityOf(customer) })
    const farebox = createFarebox({ catalog: gated, clock: manualClock(), store: memoryStore(), auth, anonymous: { gates: { apiCalls: ['3/minute'] }, trustedHops: 1 } })
    const meter = async (fields: Record<string, string>) => farebox.guard.meterAnyone((name) => fields[name], { feature: 'apiCalls' })
    const known = { authorization: 'Bearer odd' }
    expect(await meter(known)).toMatchObject({ kind: 'pass', decision: { used: 1 } })
    for (let call = 0; call < 3; call += 1) expect(await meter(from('203.0.113.7'))).toMatchObject({ kind: 'pass', caller: null })
    expect(await meter(from('203.0.113.7'))).toMatchObject({ status: 429 })
    for (const used of [2, 3]) expect(await meter(known)).toMatchObject({ kind: 'pass', decision: { used } })
    expect((await farebox.snapshot({ customer })).usage).toMatchObject({ apiCalls: { used: 3, remaining: 2 } })
  }
})

test('a store that cannot answer lets nobody in, unless the feature was declared so', async () => {
  const { usage, records } = memoryStore()
  const store: Store = { usage: { ...usage, execute: cut }, records }
  const { meter } = setUp({ store })
  expect(await meter(from('203.0.113.7'))).toMatchObject({ status: 503, problem: { type: '/problems/unavailable' } })
  expect(await meter(from('203.0.113.7'), 'search')).toMatchObject({ kind: 'pass', decision: { allowed: true, reason: 'unavailable' } })
})

test('a route that lets in callers without a token needs gates for them', async () => {
  const { meter } = setUp({ anonymous: { gates: { search: ['3/minute'] }, trustedHops: 1 } })
  await expect(meter(from('203.0.113.7'))).rejects.toMatchObject({ code: 'invalid-configuration' })
  const { farebox } = setUp()
  const plain = await farebox.guard.meter((name) => (name === 'x-forwarded-for' ? '203.0.113.7' : null), { feature: 'apiCalls' })
  expect(plain).toMatchObject({ status: 401 })
})

test.each([
  ['anonymous.trustedHops', { trustedHops: -1 }], ['anonymous.trustedHops', { trustedHops: 1.5 }], ['anonymous.trustedHops', { trustedHops: 17 }], ['anonymous.trustedHops', { trustedHops: undefined }],
  ['anonymous.field', { field: 'x-real-ip' }], ['anonymous.address', { address: 'cf-connecting-ip' }],
  ['anonymous.gates.exports', { gates: { exports: ['3/minute'] } }], ['anonymous.gates.toString', { gates: { toString: ['3/minute'] } }],
  ['anonymous.gates.apiCalls', { gates: { apiCalls: [] } }], ['anonymous.gates.apiCalls', { gates: { apiCalls: 5 } }],
  ['anonymous.gates.apiCalls.1', { gates: { apiCalls: ['3/minute', '3/moment'] } }],
])('a fault of %s is told before the first request', (path, changes) => {
  const options: object = { catalog, store: memoryStore(), anonymous: { ...anonymous, ...changes } }
  expect(() => createFarebox(options as FareboxOptions<typeof catalog>)).toThrow(`${path}: `)
})
