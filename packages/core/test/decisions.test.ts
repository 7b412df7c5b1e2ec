import { allowance, createFarebox, defineCatalog, metered, seats, setting, toggle, unlimited, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { faultyStore, manualClock } from '@farebox/core/testing'
import { expect, test } from 'vitest'

const catalog = defineCatalog({
  features: {
    apiCalls: metered({ unit: 'call' }),
    tokens: metered({ unit: 'token' }),
    exports: toggle(),
    models: setting<string[]>(),
    members: seats(),
  },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { apiCalls: allowance(5).per('month'), models: ['small'] },
      gates: { apiCalls: ['3/minute'] },
    },
    pro: {
      name: 'Pro',
      prices: { month: usd('29') },
      features: { apiCalls: allowance(500).per('month'), tokens: allowance(1000).per('day'), exports: true, models: ['small', 'large'], members: 5 },
    },
    scale: {
      name: 'Scale',
      prices: { month: usd('99') },
      features: { apiCalls: unlimited(), tokens: allowance(10).per('day').overage(usd('0.01')), exports: true },
    },
  },
})

const start = Date.UTC(2026, 0, 31, 12)
const customer = 'user_1'

function setup() {
  const clock = manualClock(start)
  return { clock, farebox: createFarebox({ catalog, clock, store: memoryStore({ clock }) }) }
}

test('consume() counts down the allowance, refuses when it is used up, and says what would lift the limit', async () => {
  const { farebox, clock } = setup()

  for (let used = 1; used <= 5; used += 1) {
    const decision = await farebox.consume({ customer, feature: 'apiCalls' })
    expect(decision).toMatchObject({ allowed: true, reason: 'allowed', used, remaining: 5 - used, limit: 5 })
    clock.advance(60_000)
  }
  const refused = await farebox.consume({ customer, feature: 'apiCalls' })

  const resetsAt = Date.UTC(2026, 1, 28, 12)
  expect(refused).toMatchObject({
    allowed: false,
    reason: 'quota-exceeded',
    used: 5,
    remaining: 0,
    drawn: [],
    resetsAt,
    retryAt: resetsAt,
    lift: { plan: 'pro', limit: 500 },
  })
})

test('consume() starts anew at the next usage period, counted from the day the customer came', async () => {
  const { farebox, clock } = setup()
  await farebox.consume({ customer, feature: 'apiCalls', amount: 5 })

  clock.set(Date.UTC(2026, 1, 28, 12) - 1)
  expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject({ allowed: false, used: 5 })
  clock.set(Date.UTC(2026, 1, 28, 12))
  expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject({
    allowed: true,
    used: 1,
    resetsAt: Date.UTC(2026, 2, 31, 12),
  })
})

test('consume() tells a burst from an empty allowance, and a burst offers no upgrade', async () => {
  const { farebox } = setup()
  for (let call = 0; call < 3; call += 1) await farebox.consume({ customer, feature: 'apiCalls' })

  const refused = await farebox.consume({ customer, feature: 'apiCalls' })

  expect(refused).toMatchObject({ allowed: false, reason: 'rate-limited', used: 3, remaining: 2, retryAt: start + 20_000 })
  expect(refused).not.toHaveProperty('lift')
})

test('consume() says plan-required for a feature that the plan does not have', async () => {
  const { farebox } = setup()

  const refused = await farebox.consume({ customer, feature: 'tokens', amount: 20 })

  expect(refused).toMatchObject({
    allowed: false,
    reason: 'plan-required',
    plan: 'free',
    requiredPlans: ['pro', 'scale'],
    lift: { plan: 'pro', limit: 1000 },
  })
})

test('consume() counts a key once, and calls the same key with another amount a conflict', async () => {
  const { farebox } = setup()
  const request = { customer, feature: 'apiCalls', amount: 2, idempotencyKey: 'order-1' } as const

  const first = await farebox.consume(request)
  const second = await farebox.consume(request)
  const third = await farebox.consume({ ...request, amount: 1 })

  expect(first).toMatchObject({ allowed: true, repeated: false, used: 2, keyUntil: start + 86_400_000 })
  expect(second).toMatchObject({ allowed: true, repeated: true, used: 2, drawn: first.drawn })
  expect(third).toMatchObject({ allowed: false, reason: 'idempotency-conflict' })
})

test('a plan change takes effect on the next call and keeps what was used', async () => {
  const { farebox } = setup()
  await farebox.consume({ customer, feature: 'apiCalls', amount: 5 })

  await farebox.override({ customer, plan: 'pro', until: start + 86_400_000 })

  expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject({ allowed: true, used: 6, limit: 500, plan: 'pro' })
})

test('an override ends by itself, to the instant', async () => {
  const { farebox, clock } = setup()
  await farebox.override({ customer, plan: 'pro', until: start + 1000 })
  expect(await farebox.consume({ customer, feature: 'tokens' })).toMatchObject({ allowed: true })

  clock.set(start + 1000)

  expect(await farebox.consume({ customer, feature: 'tokens' })).toMatchObject({ allowed: false, reason: 'plan-required' })
  expect(await farebox.check({ customer, feature: 'exports' })).toMatchObject({ allowed: false, plan: 'free' })
})

test('grants are drawn in burn order, and a decision names what paid', async () => {
  const { farebox } = setup()
  await farebox.grant({ customer, feature: 'apiCalls', amount: 2, key: 'later' })
  await farebox.grant({ customer, feature: 'apiCalls', amount: 2, key: 'first', priority: 0 })

  const decision = await farebox.consume({ customer, feature: 'apiCalls', amount: 8 })

  expect(decision).toMatchObject({ allowed: true, limit: 9, used: 8, remaining: 1 })
  expect(decision.drawn.map(({ bucket, amount }) => [bucket, amount])).toEqual([
    ['grant:first', 2],
    [`allowance:${start}`, 5],
    ['grant:later', 1],
  ])
})

test('grant() grants once per key, and a voided grant keeps what was drawn', async () => {
  const { farebox } = setup()
  const request = { customer, feature: 'apiCalls', amount: 3, key: 'welcome', priority: 0 } as const
  const grants = await Promise.all(Array.from({ length: 20 }, () => farebox.grant(request)))
  expect(new Set(grants.map((grant) => JSON.stringify(grant))).size).toBe(1)
  await farebox.consume({ customer, feature: 'apiCalls', amount: 2 })

  await farebox.voidGrant({ customer, key: 'welcome' })
  await farebox.voidGrant({ customer, key: 'welcome' })

  expect((await farebox.snapshot({ customer })).usage['apiCalls']).toMatchObject({ used: 0, limit: 5, remaining: 5 })
  await expect(farebox.grant({ ...request, amount: 4 })).rejects.toMatchObject({ code: 'conflict' })
  await expect(farebox.voidGrant({ customer, key: 'other' })).rejects.toMatchObject({ code: 'not-found' })
})

test('grant() answers the grant that is there also once it has expired, and makes none that has', async () => {
  const { farebox, clock } = setup()
  const request = { customer, feature: 'apiCalls', amount: 3, key: 'welcome', expiresAt: clock.now() + 1000 } as const
  const grant = await farebox.grant(request)
  clock.advance(1000)

  expect(await farebox.grant(request)).toEqual(grant)
  await expect(farebox.grant({ ...request, amount: 4 })).rejects.toMatchObject({ code: 'conflict', reason: 'key-taken' })
  await expect(farebox.grant({ ...request, key: 'other' })).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'expiresAt' }] })
  await expect(farebox.grant({ ...request, customer: 'stranger' })).rejects.toMatchObject({ code: 'invalid-request' })
  expect(await farebox.findCustomer({ customer: 'stranger' })).toBeUndefined()
})

test('overage is counted apart and never refuses', async () => {
  const { farebox } = setup()
  await farebox.override({ customer, plan: 'scale', until: null })

  const decision = await farebox.consume({ customer, feature: 'tokens', amount: 25 })

  expect(decision).toMatchObject({ allowed: true, limit: 10, used: 10, remaining: 0, overage: 15 })
})

test('an unlimited feature has no limit and is counted all the same', async () => {
  const { farebox } = setup()
  await farebox.override({ customer, plan: 'scale', until: null })

  expect(await farebox.consume({ customer, feature: 'apiCalls', amount: 1_000_000 })).toMatchObject({
    allowed: true,
    limit: null,
    remaining: null,
    used: 1_000_000,
  })
})

test('reserve() holds, settle() counts the truth and frees the rest, once', async () => {
  const { farebox } = setup()
  await farebox.override({ customer, plan: 'pro', until: null })

  const reservation = await farebox.reserve({ customer, feature: 'tokens', atMost: 900 })
  expect(reservation).toMatchObject({ allowed: true, used: 0, reserved: 900, remaining: 100 })
  expect(await farebox.reserve({ customer, feature: 'tokens', atMost: 200 })).toMatchObject({ allowed: false, id: null })

  expect(await reservation.settle(901)).toEqual({ kind: 'over', most: 900 })
  expect(await reservation.settle(300)).toEqual({ kind: 'settled', counted: 300, repeated: false })
  expect(await reservation.settle(300)).toEqual({ kind: 'settled', counted: 300, repeated: true })
  expect(await reservation.release()).toEqual({ kind: 'ended', as: 'settled' })
  expect(await farebox.check({ customer, feature: 'tokens' })).toMatchObject({ used: 300, reserved: 0, remaining: 700 })
})

test('a reservation that nobody ends goes back, or is settled in full, as it was declared', async () => {
  const { farebox, clock } = setup()
  await farebox.override({ customer, plan: 'pro', until: null })
  await farebox.reserve({ customer, feature: 'tokens', atMost: 100, expiresIn: 1000 })
  await farebox.reserve({ customer, feature: 'tokens', atMost: 50, expiresIn: 1000, onExpiry: 'settle' })

  clock.advance(1000)

  expect(await farebox.check({ customer, feature: 'tokens' })).toMatchObject({ used: 50, reserved: 0 })
})

test('a reservation lasts an hour unless said otherwise', async () => {
  const { farebox } = setup()
  expect(await farebox.reserve({ customer, feature: 'apiCalls', atMost: 1 })).toMatchObject({ expiresAt: start + 3_600_000 })
  expect(await farebox.reserve({ customer, feature: 'apiCalls', atMost: 1, expiresIn: 5000 })).toMatchObject({ expiresAt: start + 5000 })
})

test('release() undoes a consumption once by its key, and lets the key count anew', async () => {
  const { farebox } = setup()
  const request = { customer, feature: 'apiCalls', idempotencyKey: 'order-1' } as const
  await farebox.consume(request)

  expect(await farebox.release(request)).toEqual({ kind: 'released', amount: 1, repeated: false })
  expect(await farebox.release(request)).toMatchObject({ kind: 'ended' })
  expect(await farebox.consume(request)).toMatchObject({ allowed: true, repeated: false, used: 1 })
})

test('check() decides toggles, settings, seats and meters without counting', async () => {
  const { farebox } = setup()
  expect(await farebox.check({ customer, feature: 'exports' })).toMatchObject({
    allowed: false,
    reason: 'plan-required',
    requiredPlans: ['pro', 'scale'],
    lift: { plan: 'pro' },
  })
  expect(await farebox.check({ customer, feature: 'models' })).toMatchObject({ allowed: true })
  expect(await farebox.check({ customer, feature: 'members' })).toMatchObject({ allowed: false })
  expect(await farebox.check({ customer, feature: 'apiCalls', amount: 6 })).toMatchObject({ allowed: false, reason: 'quota-exceeded', used: 0 })
  expect(await farebox.check({ customer, feature: 'apiCalls', amount: 5 })).toMatchObject({ allowed: true, used: 0 })
  expect(await farebox.findCustomer({ customer })).toBeUndefined()
})

test('snapshot() shows the numbers that decisions show', async () => {
  const { farebox } = setup()
  const decision = await farebox.consume({ customer, feature: 'apiCalls', amount: 2 })

  const snapshot = await farebox.snapshot({ customer })

  expect(snapshot).toMatchObject({ customer, plan: 'free', planName: 'Free', planSource: 'default', status: 'none', entitlementVersion: 1 })
  expect(snapshot.usage['apiCalls']).toMatchObject({
    used: decision.used,
    limit: decision.limit,
    remaining: decision.remaining,
    unit: 'call',
    periodStart: '2026-01-31T12:00:00.000Z',
    periodEnd: '2026-02-28T12:00:00.000Z',
  })
})

test('claims of a token decide while they are right, and cost nobody who was upgraded a refusal', async () => {
  const { farebox } = setup()
  const old = await farebox.planClaims({ customer })
  expect(old).toMatchObject({ plan: 'free', until: null, g: false })
  await farebox.consume({ customer, feature: 'apiCalls', amount: 5, planClaims: old })

  await farebox.override({ customer, plan: 'pro', until: null })

  expect(await farebox.consume({ customer, feature: 'apiCalls', planClaims: old })).toMatchObject({ allowed: true, plan: 'pro' })
  expect(await farebox.check({ customer, feature: 'exports', planClaims: old })).toMatchObject({ allowed: true })
  await farebox.endOverride({ customer, key: 'pro' })
  const stale = { ...old, plan: 'pro', ev: old.ev + 1 }
  expect(await farebox.consume({ customer, feature: 'apiCalls', planClaims: stale })).toMatchObject({ allowed: false, plan: 'free' })
})

test('a reservation is released once, and a repeat is told as such', async () => {
  const { farebox } = setup()
  const reservation = await farebox.reserve({ customer, feature: 'apiCalls', atMost: 4 })

  expect(await reservation.release()).toEqual({ kind: 'released', amount: 4, repeated: false })
  expect(await reservation.release()).toEqual({ kind: 'released', amount: 4, repeated: true })
  expect(await reservation.settle(1)).toEqual({ kind: 'ended', as: 'released' })
  expect(await farebox.settle({ customer, feature: 'apiCalls', reservation: 'unheard-of', amount: 1 })).toEqual({ kind: 'ended', as: null })
})

test('seats are shown with their number, for whoever has any', async () => {
  const { farebox } = setup()
  await farebox.override({ customer, plan: 'pro', until: null })
  expect(await farebox.check({ customer, feature: 'members' })).toMatchObject({ allowed: true, limit: 5, remaining: 5 })
})

test('where several gates are closed, asking again helps when the last of them opens', async () => {
  const gated = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: { free: { name: 'Free', default: true, features: { apiCalls: unlimited() }, gates: { apiCalls: ['2/minute', '2/hour', '2/second'] } } },
  })
  const clock = manualClock(start)
  const farebox = createFarebox({ catalog: gated, clock, store: memoryStore({ clock }) })
  for (let call = 0; call < 2; call += 1) await farebox.consume({ customer, feature: 'apiCalls' })

  const refused = { allowed: false, reason: 'rate-limited', retryAt: start + 1_800_000 }
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject(refused)
  expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject(refused)
  clock.set(start + 1_800_000 - 1)
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject(refused)
  clock.advance(1)
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ allowed: true })
  expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject({ allowed: true })
})

test('an idempotency conflict shows what is left, as every decision does', async () => {
  const { farebox } = setup()
  await farebox.consume({ customer, feature: 'apiCalls', amount: 2, idempotencyKey: 'order-1' })

  expect(await farebox.consume({ customer, feature: 'apiCalls', amount: 1, idempotencyKey: 'order-1' })).toMatchObject({
    reason: 'idempotency-conflict',
    limit: 5,
    used: 2,
    remaining: 3,
    gates: [{ remaining: 2, resetsAt: start + 20_000 }],
  })
})

test('waiting is offered where a new period would hold the amount, with what is left of grants that see it', async () => {
  const { farebox } = setup()
  const resetsAt = Date.UTC(2026, 1, 28, 12)
  await farebox.grant({ customer, feature: 'apiCalls', amount: 4, key: 'pack', priority: 60 })
  await farebox.grant({ customer, feature: 'apiCalls', amount: 90, key: 'week', priority: 90, expiresAt: resetsAt })
  await farebox.consume({ customer, feature: 'apiCalls', amount: 7 })

  expect(await farebox.consume({ customer, feature: 'apiCalls', amount: 93 })).toMatchObject({ used: 7, remaining: 92, retryAt: null })
  await farebox.voidGrant({ customer, key: 'week' })
  expect(await farebox.consume({ customer, feature: 'apiCalls', amount: 7 })).toMatchObject({ remaining: 2, retryAt: resetsAt })
  expect(await farebox.consume({ customer, feature: 'apiCalls', amount: 8 })).toMatchObject({ remaining: 2, retryAt: null })
})

test('a lower plan takes nothing below zero, and what was used beyond it stays counted', async () => {
  const { farebox } = setup()
  await farebox.override({ customer, plan: 'pro', until: null })
  const reservation = await farebox.reserve({ customer, feature: 'apiCalls', atMost: 100 })
  await farebox.consume({ customer, feature: 'apiCalls', amount: 300 })

  await farebox.endOverride({ customer, key: 'pro' })

  const refused = { allowed: false, reason: 'quota-exceeded', limit: 5, used: 300, reserved: 100, remaining: 0 }
  expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject(refused)
  expect((await farebox.snapshot({ customer })).usage['apiCalls']).toMatchObject({ used: 300, reserved: 100, remaining: 0, limit: 5 })
  expect(await reservation.settle(100)).toEqual({ kind: 'settled', counted: 100, repeated: false })
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ ...refused, used: 400, reserved: 0 })
})

test('a key answers across the end of its period and a change of plan, with the numbers of the present', async () => {
  const { farebox, clock } = setup()
  const request = { customer, feature: 'apiCalls', amount: 2, idempotencyKey: 'order-1' } as const
  clock.set(Date.UTC(2026, 1, 28, 12) - 1000)
  await farebox.ensureCustomer({ customer })
  clock.advance(28 * 86_400_000 - 1000)
  const first = await farebox.consume(request)
  expect(first).toMatchObject({ allowed: true, used: 2, limit: 5 })

  clock.advance(3_600_000 * 3)
  expect(await farebox.consume(request)).toMatchObject({ allowed: true, repeated: true, drawn: first.drawn, used: 0, remaining: 5 })
  await farebox.override({ customer, plan: 'pro', until: null })
  expect(await farebox.consume(request)).toMatchObject({ allowed: true, repeated: true, drawn: first.drawn, used: 0, limit: 500, plan: 'pro' })
  clock.advance(86_400_000)
  expect(await farebox.consume(request)).toMatchObject({ allowed: true, repeated: false, used: 2 })
})

test('a reservation settles into the period that it was made in, also when that has ended', async () => {
  const { farebox, clock } = setup()
  await farebox.ensureCustomer({ customer })
  clock.set(Date.UTC(2026, 1, 28, 12) - 1000)
  const reservation = await farebox.reserve({ customer, feature: 'apiCalls', atMost: 5 })
  clock.advance(2000)

  expect(await farebox.consume({ customer, feature: 'apiCalls', amount: 5 })).toMatchObject({ allowed: true, used: 5, reserved: 0 })
  expect(await reservation.settle(4)).toMatchObject({ kind: 'settled', counted: 4 })
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ used: 5, reserved: 0 })
})

test('a grant that is voided or expires while a reservation holds it is settled all the same, and counts no more', async () => {
  const { farebox, clock } = setup()
  const grant = { customer, feature: 'apiCalls', amount: 3, priority: 0 } as const
  await farebox.grant({ ...grant, key: 'voided' })
  await farebox.grant({ ...grant, key: 'expired', expiresAt: start + 1000 })
  const reservation = await farebox.reserve({ customer, feature: 'apiCalls', atMost: 8 })
  await farebox.voidGrant({ customer, key: 'voided' })
  clock.advance(1000)

  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ limit: 5, reserved: 2, remaining: 3 })
  expect(await reservation.settle(7)).toMatchObject({ kind: 'settled', counted: 7 })
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ limit: 5, used: 1, reserved: 0, remaining: 4 })
})

test('a settlement beyond its bound is counted apart where no limit leaves room, and takes nothing from anybody', async () => {
  const clock = manualClock(start)
  const store = memoryStore({ clock })
  const farebox = createFarebox({ catalog, clock, store })
  const reservation = await farebox.reserve({ customer, feature: 'apiCalls', atMost: 4, overdraft: 4 })

  expect(await reservation.settle(9)).toEqual({ kind: 'over', most: 8 })
  expect(await reservation.settle(8)).toMatchObject({ kind: 'settled', counted: 8 })
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ used: 5, reserved: 0, remaining: 0, overage: 0 })
  expect(await store.usage.history({ customer, feature: 'apiCalls', from: 0, to: start + 1 })).toEqual([
    { bucket: `allowance:${start}`, used: 5 },
    { bucket: `overdraft:${start}`, used: 3 },
  ])

  await farebox.override({ customer, plan: 'scale', until: null })
  const billed = await farebox.reserve({ customer, feature: 'tokens', atMost: 9, overdraft: 6 })
  expect(await billed.settle(15)).toMatchObject({ kind: 'settled', counted: 15 })
  expect(await farebox.check({ customer, feature: 'tokens' })).toMatchObject({ used: 10, remaining: 0, overage: 5 })
})

test('a key is remembered for as long as the app says', async () => {
  const clock = manualClock(start)
  const farebox = createFarebox({ catalog, clock, store: memoryStore({ clock }), idempotencyWindow: 60_000 })
  const request = { customer, feature: 'apiCalls', idempotencyKey: 'order-1' } as const
  expect(await farebox.consume(request)).toMatchObject({ keyUntil: start + 60_000, used: 1 })
  clock.advance(59_999)
  expect(await farebox.consume(request)).toMatchObject({ repeated: true, keyUntil: start + 60_000, used: 1 })
  clock.advance(1)
  expect(await farebox.consume(request)).toMatchObject({ repeated: false, used: 2 })
})

test('an override that has ended by itself leaves its key free', async () => {
  const { farebox, clock } = setup()
  await farebox.override({ customer, plan: 'pro', until: start + 1000 })
  await expect(farebox.override({ customer, plan: 'pro', until: start + 9000 })).rejects.toMatchObject({ code: 'conflict' })

  clock.advance(1000)

  expect(await farebox.override({ customer, plan: 'pro', until: start + 9000 })).toMatchObject({ until: start + 9000, effectiveAt: start + 1000 })
  expect(await farebox.check({ customer, feature: 'exports' })).toMatchObject({ allowed: true, plan: 'pro' })
})

test('what was allowed although nobody could decide has nothing to settle or to release', async () => {
  const lenient = defineCatalog({
    features: { apiCalls: metered({ unit: 'call', onError: 'allow' }) },
    plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
  })
  const { store, faults } = faultyStore(memoryStore())
  const farebox = createFarebox({ catalog: lenient, store })
  faults.failAll('before')
  const reservation = await farebox.reserve({ customer, feature: 'apiCalls', atMost: 5 })
  faults.heal()

  expect(reservation).toMatchObject({ allowed: true, reason: 'unavailable', id: null, expiresAt: null })
  expect(await reservation.settle(3)).toEqual({ kind: 'ended', as: null })
  expect(await reservation.release()).toEqual({ kind: 'ended', as: null })
  await expect(reservation.settle(-1)).rejects.toMatchObject({ code: 'invalid-request', faults: [{ path: 'amount' }] })
})

test("the usage store's clock decides, whatever the clocks of the app and of the records say", async () => {
  const clock = manualClock(start)
  const ahead = { now: () => clock.now() + 600_000 }
  const store = { usage: memoryStore({ clock }).usage, records: memoryStore({ clock: ahead }).records }
  const farebox = createFarebox({ catalog, store, clock: ahead })
  await farebox.consume({ customer, feature: 'apiCalls' })
  const boundary = Date.UTC(2026, 1, 28, 12, 10)
  clock.set(boundary - 300_000)

  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ resetsAt: boundary })
  expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject({ used: 2, resetsAt: boundary })
  expect((await farebox.snapshot({ customer })).usage['apiCalls']).toMatchObject({ periodEnd: new Date(boundary).toISOString() })
  clock.set(boundary)
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ used: 0, remaining: 5 })
  expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject({ used: 1 })
})

test.each(['__proto__', 'constructor', 'toString', ' ', 'x'.repeat(255), 'организация/1', '客户:1', 'a:b:c', '🎫', "'; drop table"])(
  'a customer may be called %s',
  async (name) => {
    const { farebox } = setup()
    await farebox.grant({ customer: name, feature: 'apiCalls', amount: 2, key: '__proto__' })
    expect(await farebox.consume({ customer: name, feature: 'apiCalls', amount: 6, idempotencyKey: name })).toMatchObject({ used: 6, limit: 7 })
    expect(await farebox.consume({ customer: name, feature: 'apiCalls', amount: 6, idempotencyKey: name })).toMatchObject({ repeated: true })
    expect(await farebox.snapshot({ customer: name })).toMatchObject({ customer: name, grants: [{ id: '__proto__' }] })
    expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ used: 0, limit: 5 })
  },
)

test('claims of records that are gone do not outlive them: the records there are decide', async () => {
  const { farebox } = setup()
  const { anchor } = await farebox.planClaims({ customer })
  await farebox.consume({ customer, feature: 'apiCalls' })
  const lost = { plan: 'pro', ev: 9, anchor, until: null, g: false }

  expect(await farebox.consume({ customer, feature: 'apiCalls', planClaims: lost })).toMatchObject({ plan: 'free', limit: 5, used: 2 })
  expect(await farebox.consume({ customer, feature: 'apiCalls', planClaims: lost })).toMatchObject({ plan: 'free', limit: 5, used: 3 })
  expect(await farebox.check({ customer, feature: 'exports', planClaims: lost })).toMatchObject({ allowed: false, plan: 'free' })
})
