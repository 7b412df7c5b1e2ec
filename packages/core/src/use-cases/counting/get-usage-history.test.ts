import { expect, test } from 'vitest'
import { type World, createWorld } from '../../../test/stripe/world.ts'
import { day, minute, toIso } from '../../domain/instant.ts'
import type { UsageBucket } from '../../ports/usage-store.ts'
import { getUsageHistory } from './get-usage-history.ts'

const place = { customer: 'user_1', feature: 'apiCalls' }

async function use(world: World, id: string, kind: UsageBucket['kind'], amount: number): Promise<void> {
  const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
  const buckets = [{ id, kind, limit: null, keepUntil: null }]
  await world.store.usage.execute([{ verb: 'consume', ...place, amount, key: null, keyFor: 0, freshness, gates: [], buckets }])
}

test('tells each usage period of the last 400 days, oldest first, with what went beyond the allowance apart', async () => {
  const world = await createWorld()
  const now = world.clock.now()
  const [older, newer] = [now - 399 * day, now - 9 * day]
  await use(world, `overage:${newer}`, 'overage', 4)
  await use(world, `allowance:${newer}`, 'allowance', 5)
  await use(world, `allowance:${older}`, 'allowance', 1)
  await use(world, `overdraft:${newer}`, 'overage', 2)
  await use(world, `allowance:${now - 401 * day}`, 'allowance', 8)
  await use(world, 'grant:welcome', 'grant', 9)

  expect(await getUsageHistory(world.process(), place)).toEqual({
    feature: 'apiCalls',
    unit: 'call',
    periods: [
      { periodStart: toIso(older), used: 1, overage: 0 },
      { periodStart: toIso(newer), used: 5, overage: 6 },
    ],
  })
})

test('tells the present period also where this host is behind the store, which has begun it', async () => {
  const world = await createWorld()
  const start = world.clock.now() + minute
  await use(world, `allowance:${start}`, 'allowance', 3)

  expect((await getUsageHistory(world.process(), place)).periods).toEqual([{ periodStart: toIso(start), used: 3, overage: 0 }])
})

test('tells the periods that start in a span, the end excluded', async () => {
  const world = await createWorld()
  const now = world.clock.now()
  for (const days of [1, 2, 3]) await use(world, `allowance:${now - days * day}`, 'allowance', days)

  const span = { from: toIso(now - 3 * day), to: toIso(now - day) }
  const { periods } = await getUsageHistory(world.process(), { ...place, ...span })
  expect(periods.map(({ used }) => used)).toEqual([3, 2])
})

test.each([
  ['from', { from: 'yesterday' }],
  ['to', { to: 'tomorrow' }],
  ['from', { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
  ['from', { from: '2026-02-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }],
  ['feature', { feature: 'exports' }],
  ['customer', { customer: '' }],
])('refuses a wrong %s: %j', async (path, changes) => {
  const world = await createWorld()
  await expect(getUsageHistory(world.process(), { ...place, ...changes })).rejects.toMatchObject({
    code: 'invalid-request',
    faults: [{ path }],
  })
})
