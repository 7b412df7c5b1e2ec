import { type FareboxError, allowance, createFarebox, defineCatalog, metered, seats, setting, toggle } from '@farebox/core'
import { d1Store } from '@farebox/core/drivers/d1'
import { durableObjectStore } from '@farebox/core/drivers/durable-object'
import { generatePlanTokenKey } from '@farebox/core/drivers/jose'
import { memoryStore } from '@farebox/core/drivers/memory'
import { postgresStore } from '@farebox/core/drivers/postgres'
import { redisStore } from '@farebox/core/drivers/redis'
import { sqliteStore } from '@farebox/core/drivers/sqlite'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { expect, test } from 'vitest'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

const farebox = createFarebox({ catalog, store: memoryStore() })
const customer = 'user_1'
const feature = 'apiCalls'

const wrongAmounts = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, {}, [1], 1n]
const wrongIds = ['', 'x'.repeat(256), 'a\u0000b', 'a\nb', 'a\ud800', '\udc00b', 7, null, undefined, {}, ['user_1']]
const wrongDraws = [null, 7, 'allowance:0', [], {}, { bucket: '', amount: 1 }, { bucket: 7, amount: 1 }]
const past = Date.UTC(2020, 0, 1)
const wrongFeatures = ['', 'apicalls', 'exports', '__proto__', 'constructor', 7, null, undefined]

/** Callers in plain JavaScript can pass anything: each call must refuse it before it writes. */
const calls: readonly [string, (value: never) => Promise<unknown>, string, readonly unknown[]][] = [
  ['consume amount', (amount) => farebox.consume({ customer, feature, amount }), 'amount', wrongAmounts.filter((value) => value !== undefined)],
  ['consume customer', (id) => farebox.consume({ customer: id, feature }), 'customer', wrongIds],
  ['consume feature', (name) => farebox.consume({ customer, feature: name }), 'feature', wrongFeatures],
  ['consume key', (key) => farebox.consume({ customer, feature, idempotencyKey: key }), 'idempotencyKey', wrongIds.filter((value) => value !== undefined && value !== null)],
  ['reserve atMost', (atMost) => farebox.reserve({ customer, feature, atMost }), 'atMost', [...wrongAmounts, undefined]],
  ['reserve expiresIn', (expiresIn) => farebox.reserve({ customer, feature, atMost: 1, expiresIn }), 'expiresIn', [0, 999, 86_400_001, 1000.5, Number.NaN, '5000']],
  ['reserve overdraft', (overdraft) => farebox.reserve({ customer, feature, atMost: 1, overdraft }), 'overdraft', [-1, 0.5, 2 ** 53, 'x']],
  ['reserve onExpiry', (onExpiry) => farebox.reserve({ customer, feature, atMost: 1, onExpiry }), 'onExpiry', ['', 'keep', 7, null, {}]],
  ['settle amount', (amount) => farebox.settle({ customer, feature, reservation: 'r', amount }), 'amount', [-1, 0.5, Number.NaN, 2 ** 53, '1', null]],
  ['settle reservation', (reservation) => farebox.settle({ customer, feature, reservation, amount: 1 }), 'reservation', wrongIds],
  ['release drawn', (amount) => farebox.release({ customer, feature, drawn: [{ bucket: 'x', kind: 'allowance', amount }] }), 'drawn.0.amount', wrongAmounts],
  ['release drawn bucket', (draw) => farebox.release({ customer, feature, drawn: [draw] }), 'drawn.0', wrongDraws.slice(0, 3)],
  ['release drawn bucket', (draw) => farebox.release({ customer, feature, drawn: [draw] }), 'drawn.0.bucket', wrongDraws.slice(3)],
  ['release without a target', (drawn) => farebox.release({ customer, feature, drawn }), 'drawn', [undefined, null, 7, {}, 'x']],
  ['release key', (idempotencyKey) => farebox.release({ customer, feature, idempotencyKey }), 'idempotencyKey', wrongIds],
  ['check amount', (amount) => farebox.check({ customer, feature, amount }), 'amount', wrongAmounts],
  ['check feature', (name) => farebox.check({ customer, feature: name }), 'feature', wrongFeatures.filter((name) => name !== 'exports')],
  ['grant amount', (amount) => farebox.grant({ customer, feature, amount, key: 'k' }), 'amount', [...wrongAmounts, undefined]],
  ['grant expiresAt', (expiresAt) => farebox.grant({ customer, feature, amount: 1, key: 'k', expiresAt }), 'expiresAt', [-1, 1, Number.NaN, '2030-01-01', 8.64e15 + 1]],
  ['grant key', (key) => farebox.grant({ customer, feature, amount: 1, key }), 'key', wrongIds],
  ['grant priority', (priority) => farebox.grant({ customer, feature, amount: 1, key: 'k', priority }), 'priority', [-1, 0.5, '1', null]],
  ['grant in the past', (effectiveAt) => farebox.grant({ customer, feature, amount: 1, key: 'k', effectiveAt, expiresAt: past }), 'expiresAt', [0, past - 1, past]],
  ['override plan', (plan) => farebox.override({ customer, plan, until: null }), 'plan', ['pro', 'toString', '__proto__', '', 7, null, undefined, {}]],
  ['override key', (key) => farebox.override({ customer, plan: 'free', until: null, key }), 'key', wrongIds.filter((id) => id !== null && id !== undefined)],
  ['override until', (until) => farebox.override({ customer, plan: 'free', until }), 'until', [0, -1, Number.NaN, '2030']],
  ['ensureCustomer', (id) => farebox.ensureCustomer({ customer: id }), 'customer', wrongIds],
  ['ensureCustomer email', (email) => farebox.ensureCustomer({ customer, email }), 'email', ['', 7, {}, 'x'.repeat(513)]],
  ['ensureCustomer name', (name) => farebox.ensureCustomer({ customer, name }), 'name', ['', 7, {}, 'x'.repeat(257)]],
  ['findCustomer', (id) => farebox.findCustomer({ customer: id }), 'customer', wrongIds],
  ['planClaims', (id) => farebox.planClaims({ customer: id }), 'customer', wrongIds],
  ['voidGrant', (key) => farebox.voidGrant({ customer, key }), 'key', wrongIds],
  ['endOverride', (key) => farebox.endOverride({ customer, key }), 'key', wrongIds],
  ['snapshot', (id) => farebox.snapshot({ customer: id }), 'customer', wrongIds],
]

for (const [name, call, path, values] of calls) {
  test.each(values.map((value) => ({ value })))(`${name} refuses $value with its path and writes nothing`, async ({ value }) => {
    const error = await call(value as never).then(
      () => undefined,
      (thrown: FareboxError) => thrown,
    )
    expect(error).toMatchObject({ code: 'invalid-request', faults: [{ path }] })
    expect(error?.message).not.toContain('x'.repeat(64))
    expect(await farebox.findCustomer({ customer })).toBeUndefined()
  })
}

const methods = [
  'consume', 'reserve', 'settle', 'release', 'check', 'grant', 'voidGrant', 'override', 'endOverride', 'ensureCustomer',
  'findCustomer', 'snapshot', 'converge', 'checkout', 'portal', 'planClaims', 'issuePlanToken',
] as const

test.each(methods)('%s() refuses a request that is not there', async (method) => {
  const call: (request: never) => Promise<unknown> = farebox[method]
  for (const request of [undefined, null, 7, 'user_1'] as never[]) {
    await expect(call(request)).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'request' }] })
  }
})

test.each([
  { event: 'plan.change', handler: () => undefined, name: undefined, path: 'event' },
  { event: 'toString', handler: () => undefined, name: undefined, path: 'event' },
  { event: 'plan.changed', handler: 'handler', name: undefined, path: 'handler' },
  { event: 'plan.changed', handler: () => undefined, name: '', path: 'name' },
  { event: 'plan.changed', handler: () => undefined, name: 7, path: 'name' },
])('on() refuses $event, $handler, $name', ({ event, handler, name, path }) => {
  expect(() => farebox.on(event as never, handler as never, name as never)).toThrow(
    expect.objectContaining({ code: 'invalid-request', faults: [expect.objectContaining({ path })] }),
  )
})

test('what an app takes for plan claims decides nothing unless it is', async () => {
  for (const planClaims of [7, 'free', {}, { plan: 'free' }, { plan: 'free', ev: Number.NaN, anchor: 0, until: null, g: false }] as never[]) {
    expect(await farebox.consume({ customer: 'user_3', feature, planClaims })).toMatchObject({ allowed: true, plan: 'free' })
    expect(await farebox.check({ customer: 'user_3', feature, planClaims })).toMatchObject({ plan: 'free', limit: 5 })
  }
})

test.each(['voidGrant', 'endOverride'] as const)('%s() for a stranger finds nothing, and makes nobody known', async (end) => {
  await expect(farebox[end]({ customer: 'nobody', key: 'k' })).rejects.toMatchObject({ code: 'not-found' })
  expect(await farebox.findCustomer({ customer: 'nobody' })).toBeUndefined()
})

test('a reservation that was refused cannot be settled or released by mistake', async () => {
  const refused = await farebox.reserve({ customer: 'user_2', feature, atMost: 6 })
  await expect(refused.settle(1)).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'reservation' }] })
  await expect(refused.release()).rejects.toMatchObject({ code: 'invalid-request' })
})

test('createFarebox() names every fault of the configuration at once', () => {
  const options = { catalog, store: memoryStore(), basePath: 'billing/', appUrl: 'not a url', returnOrigins: ['ftp://x'] }
  expect(() => createFarebox(options)).toThrow(
    expect.objectContaining({
      code: 'invalid-configuration',
      faults: ['basePath', 'appUrl', 'returnOrigins'].map((path) => expect.objectContaining({ path })),
    }),
  )
})

test.each([
  [undefined, ['catalog', 'store.usage', 'store.records']],
  [{ catalog: { features: {}, plans: {} }, store: memoryStore() }, ['catalog']],
  [{ catalog, store: {} }, ['store.usage', 'store.records']],
  [{ catalog, store: { ...memoryStore(), records: { load: 1 } } }, ['store.records']],
  [{ catalog, store: memoryStore(), idempotencyWindow: 0 }, ['idempotencyWindow']],
  [{ catalog, store: memoryStore(), idempotencyWindow: Number.NaN }, ['idempotencyWindow']],
  [{ catalog, store: memoryStore(), auth: {}, payments: 'stripe', planTokens: null }, ['auth.verifier', 'payments', 'planTokens']],
  [{ catalog, store: memoryStore(), clock: Date, logger: {}, random: Math.random, basePath: 'x/' }, ['logger', 'clock', 'random', 'basePath']],
])('createFarebox() names what is missing or is no such part: %#', (options, paths) => {
  const faults = paths.map((path) => expect.objectContaining({ path }))
  expect(() => createFarebox(options as never)).toThrow(expect.objectContaining({ code: 'invalid-configuration', faults }))
})

const stores: readonly [(options: never) => unknown, string][] = [
  [postgresStore, 'client'],
  [redisStore, 'client'],
  [sqliteStore, 'client'],
  [d1Store, 'database'],
  [durableObjectStore, 'namespace'],
]

for (const [createStore, path] of stores) {
  test.each([undefined, null, {}, 'redis://localhost', { [path]: undefined }, { [path]: {} }])(`${createStore.name} refuses %o and says what to give as ${path}`, (options) => {
    expect(() => createStore(options as never)).toThrow(
      expect.objectContaining({ name: 'FareboxError', code: 'invalid-configuration', faults: [expect.objectContaining({ path })] }),
    )
  })
}

test.each([undefined, null, {}, 'sk_test_1'])('stripePayments refuses %o and says what to give', (options) => {
  const faults = ['client', 'webhookSecret'].map((path) => expect.objectContaining({ path }))
  expect(() => stripePayments(options as never)).toThrow(expect.objectContaining({ name: 'FareboxError', code: 'invalid-configuration', faults }))
})

const nothings = [undefined, null] as never[]

test.each([toggle, setting, seats])('%o without options is a feature', (create) => {
  for (const options of nothings) expect(create(options)).toEqual(create({}))
})

test('metered() without options is a fault of the catalog', () => {
  for (const options of nothings) {
    const define = () => defineCatalog({ features: { one: metered(options) }, plans: { free: { name: 'Free', default: true, features: {} } } })
    expect(define).toThrow(expect.objectContaining({ code: 'invalid-catalog', faults: [expect.objectContaining({ path: 'features.one.unit' })] }))
  }
})

test('null in the place of options, none of which is needed, is none', async () => {
  const store = memoryStore(null as never)
  expect(await createFarebox({ catalog, store }).consume({ customer, feature })).toMatchObject({ allowed: true })
  expect(await generatePlanTokenKey(null as never)).toMatchObject({ algorithm: 'ES256' })
})
