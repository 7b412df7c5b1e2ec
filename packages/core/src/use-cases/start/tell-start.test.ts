import { type Logger, type UsageStore, allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { expect, test, vi } from 'vitest'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

function start(inspect: UsageStore['inspect'], isHeard = true) {
  const warn = vi.fn<Logger['warn']>()
  const { usage, records } = memoryStore()
  const store = { usage: { ...usage, ...(inspect && { inspect }) }, records }
  const farebox = createFarebox({ catalog, store, ...(isHeard && { logger: { info: () => undefined, warn, error: () => undefined } }) })
  return { farebox, warn }
}

test('what breaks the label of a store is told to the log, once, at the start', async () => {
  const { farebox, warn } = start(async () => ['Counters may be evicted: set maxmemory-policy to noeviction', 'Nothing is kept on disk'])
  await expect.poll(() => warn.mock.calls).toHaveLength(2)
  await farebox.consume({ customer: 'ann', feature: 'apiCalls' })
  expect(warn.mock.calls).toEqual([
    ['Counters may be evicted: set maxmemory-policy to noeviction', { label: 'linearizable' }],
    ['Nothing is kept on disk', { label: 'linearizable' }],
  ])
})

test.each([
  ['at once', () => { throw new Error('canary') }],
  ['later', async () => Promise.reject(new Error('canary'))],
])('an inspection that fails %s stops nothing, and is told without what the server said', async (_, inspect) => {
  const { farebox, warn } = start(inspect)
  await expect.poll(() => warn.mock.calls).toHaveLength(1)
  expect(await farebox.consume({ customer: 'ann', feature: 'apiCalls' })).toMatchObject({ allowed: true })
  expect(warn.mock.calls).toEqual([['The usage store could not be inspected', { label: 'linearizable', failure: 'internal' }]])
})

test('a store is not asked where nobody listens', async () => {
  const inspect = vi.fn<NonNullable<UsageStore['inspect']>>(async () => [])
  await start(inspect, false).farebox.health()
  expect(inspect).not.toHaveBeenCalled()
})
