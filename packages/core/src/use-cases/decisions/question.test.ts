import { allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { faultyStore, manualClock } from '@farebox/core/testing'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../domain/instant.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('hour'), tokens: allowance(50).per('day') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('hour') } },
  },
})

const customer = 'user_1'
const start = Date.UTC(2026, 0, 31, 12)

function setup() {
  const clock = manualClock(start)
  const { store, faults } = faultyStore(memoryStore({ clock }))
  const [farebox, another] = [createFarebox({ catalog, clock, store }), createFarebox({ catalog, clock, store })]
  /** How many calls of the store it takes. */
  async function costOf(work: () => Promise<unknown>): Promise<number> {
    const before = faults.calls
    await work()
    return faults.calls - before
  }
  return { clock, farebox, another, costOf }
}

const once = { customer, feature: 'apiCalls' } as const

test('who is known costs one call, and no other after the end of a period than the first', async () => {
  const { clock, farebox, costOf } = setup()
  const consume = () => farebox.consume(once)
  expect(await costOf(consume)).toBeGreaterThan(1)
  expect(await costOf(consume)).toBe(1)
  expect(await costOf(() => farebox.consume({ customer, feature: 'tokens' }))).toBe(1)

  for (let minutes = 0; minutes < 60; minutes += 10) {
    clock.advance(10 * minute)
    expect(await costOf(consume)).toBe(1)
  }
  expect(await farebox.check(once)).toMatchObject({ used: 1, resetsAt: start + 2 * hour })
})

test('a look at a customer is remembered as a consumption is', async () => {
  const { farebox, another, costOf } = setup()
  await farebox.ensureCustomer({ customer })
  expect(await costOf(() => another.check(once))).toBe(3)
  expect(await costOf(() => another.check(once))).toBe(1)
  expect(await costOf(() => another.consume(once))).toBe(1)
})

test('a token that is right costs one call, also where nobody knows the customer, and one that is wrong one more load and call', async () => {
  const { farebox, another, costOf } = setup()
  const planClaims = await farebox.planClaims({ customer })
  await farebox.consume(once)
  expect(await costOf(() => another.consume({ ...once, planClaims }))).toBe(1)
  expect(await costOf(() => another.check({ ...once, planClaims }))).toBe(1)

  await farebox.override({ customer, plan: 'pro', until: start + day })
  expect(await costOf(() => another.consume({ ...once, planClaims }))).toBe(3)
  expect(await costOf(() => another.consume({ ...once, planClaims }))).toBe(1)
  expect(await costOf(() => farebox.consume({ ...once, planClaims }))).toBe(1)
  expect(await costOf(() => farebox.check({ ...once, planClaims }))).toBe(1)
})

test('one set of claims may be presented for two customers, and each has its own counters', async () => {
  const { farebox } = setup()
  const planClaims = await farebox.planClaims({ customer })
  await farebox.ensureCustomer({ customer: 'user_2' })
  await farebox.consume({ ...once, planClaims, amount: 4 })
  await farebox.consume({ ...once, planClaims, customer: 'user_2' })

  expect(await farebox.consume({ ...once, planClaims, customer: 'user_2' })).toMatchObject({ used: 2 })
  expect(await farebox.check({ ...once, planClaims, customer: 'user_2' })).toMatchObject({ used: 2 })
  expect(await farebox.check({ ...once, planClaims })).toMatchObject({ used: 4 })
})
