import { Redis as Upstash } from '@upstash/redis'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { redisStore } from '../../src/drivers/redis/index.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { usageStoreContract } from '../../src/testing/usage-store-contract.ts'
import { startUpstashBridge } from './upstash-bridge.ts'

const redisUrl = inject('redisUrl')

// skipped: there is no redis-server on this machine
describe.skipIf(redisUrl === null)('the Redis usage store over @upstash/redis keeps every rule of the contract', () => {
  const redis = new Redis(redisUrl ?? '', { lazyConnect: true })
  let bridge: Awaited<ReturnType<typeof startUpstashBridge>>
  let client: Upstash
  beforeAll(async () => {
    bridge = await startUpstashBridge(redis)
    client = new Upstash({ url: bridge.url, token: 'test', retry: false, enableTelemetry: false })
  })
  afterAll(async () => {
    await bridge.close()
    redis.disconnect()
  })

  const rules = usageStoreContract({
    hasClock: true,
    create() {
      const clock = manualClock()
      return { store: redisStore({ client, clock }).usage, clock }
    },
  })
  it.each(rules)('$name', async (rule) => rule.run())

  it('asks over HTTP alone', async () => {
    const before = bridge.paths.length
    await redisStore({ client }).usage.read([{ customer: 'nobody', feature: 'apiCalls', buckets: [], gates: [] }])
    expect(bridge.paths.length).toBe(before + 1)
    // Two requests may overtake each other.
    expect(redisStore({ client }).usage.lanes).toBe(1)
    expect(await redisStore({ client }).usage.inspect?.()).toEqual([expect.stringMatching(/could not look/)])
  })
})
