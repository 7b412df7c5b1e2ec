import { type FareboxError, allowance, createFarebox, defineCatalog, metered, toggle } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { expect, test } from 'vitest'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

const farebox = createFarebox({ catalog, store: memoryStore() })
const customer = 'user_1'
const feature = 'apiCalls'

const wrongAmounts = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, {}, [1], 1n]
const wrongIds = ['', 'x'.repeat(256), 'a\u0000b', 'a\nb', 7, null, undefined, {}, ['user_1']]
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
  ['settle amount', (amount) => farebox.settle({ customer, feature, reservation: 'r', amount }), 'amount', [-1, 0.5, Number.NaN, 2 ** 53, '1', null]],
  ['settle reservation', (reservation) => farebox.settle({ customer, feature, reservation, amount: 1 }), 'reservation', wrongIds],
  ['release drawn', (amount) => farebox.release({ customer, feature, drawn: [{ bucket: 'x', kind: 'allowance', amount }] }), 'drawn.0.amount', wrongAmounts],
  ['check feature', (name) => farebox.check({ customer, feature: name }), 'feature', wrongFeatures.filter((name) => name !== 'exports')],
  ['grant amount', (amount) => farebox.grant({ customer, feature, amount, key: 'k' }), 'amount', [...wrongAmounts, undefined]],
  ['grant expiresAt', (expiresAt) => farebox.grant({ customer, feature, amount: 1, key: 'k', expiresAt }), 'expiresAt', [-1, 1, Number.NaN, '2030-01-01', 8.64e15 + 1]],
  ['override plan', (plan) => farebox.override({ customer, plan, until: null }), 'plan', ['pro', 'toString', '__proto__']],
  ['override until', (until) => farebox.override({ customer, plan: 'free', until }), 'until', [0, -1, Number.NaN, '2030']],
  ['ensureCustomer', (id) => farebox.ensureCustomer({ customer: id }), 'customer', wrongIds],
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
      faults: [expect.objectContaining({ path: 'basePath' }), expect.objectContaining({ path: 'appUrl' })],
    }),
  )
})
