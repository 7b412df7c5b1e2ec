import { allowance, createFarebox, defineCatalog, metered, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { manualClock } from '@farebox/core/testing'
import { expect, test } from 'vitest'
import { minute } from '../../domain/instant.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})

const customer = 'user_1'

function setup() {
  const clock = manualClock()
  const farebox = createFarebox({ catalog, clock, store: memoryStore({ clock }) })
  const told: string[] = []
  farebox.on('plan.changed', ({ customer: id, data }) => void told.push(`${id}: ${data.from} to ${data.to}`))
  return { clock, farebox, told }
}

test('a plan that changes by itself is told by the next sweep, once', async () => {
  const { clock, farebox, told } = setup()
  await farebox.override({ customer, plan: 'pro', until: clock.now() + minute })
  await farebox.override({ customer: 'user_2', plan: 'pro', until: clock.now() + 9 * minute })
  const before = await farebox.planClaims({ customer })
  clock.advance(minute - 1)
  expect(await farebox.sweep()).toMatchObject({ customers: 0 })
  clock.advance(1)
  expect(await farebox.sweep()).toMatchObject({ customers: 1, outbox: { delivered: 1, failed: 0 } })
  expect(await farebox.sweep()).toMatchObject({ customers: 0 })

  expect(told).toEqual([`${customer}: free to pro`, 'user_2: free to pro', `${customer}: pro to free`])
  expect(await farebox.planClaims({ customer })).toMatchObject({ plan: 'free', ev: before.ev + 1, until: null, g: false })
})

test('a plan that changed by itself is told by the next change, where no sweep came first', async () => {
  const { clock, farebox, told } = setup()
  await farebox.override({ customer, plan: 'pro', until: clock.now() + minute })
  clock.advance(minute)
  await farebox.grant({ customer, feature: 'apiCalls', amount: 5, key: 'sorry' })

  expect(told).toEqual([`${customer}: free to pro`, `${customer}: pro to free`])
  expect(await farebox.sweep()).toMatchObject({ customers: 0 })
})

test('a sweep goes from one instant of change to the next', async () => {
  const { clock, farebox, told } = setup()
  const begin = clock.now()
  await farebox.grant({ customer, feature: 'apiCalls', amount: 5, key: 'a', effectiveAt: begin + minute, expiresAt: begin + 3 * minute })
  const swept: number[] = []
  for (let minutes = 0; minutes < 5; minutes += 1) {
    swept.push((await farebox.sweep()).customers)
    clock.advance(minute)
  }
  expect(swept).toEqual([0, 1, 0, 1, 0])
  expect(told).toEqual([])
})
