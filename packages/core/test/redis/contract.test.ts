import { afterAll, beforeAll, describe, inject, it } from 'vitest'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { usageStoreContract } from '../../src/testing/usage-store-contract.ts'
import { type Connection, type StoreAddress, connect } from '../stores/store-address.ts'

const redisUrl = inject('redisUrl')
const clusterPorts = inject('redisClusterPorts')

/** Every client, over one server and over three masters. */
const places: readonly { readonly name: string; readonly address: StoreAddress }[] =
  redisUrl === null || clusterPorts === null
    ? []
    : [
        { name: 'ioredis', address: { kind: 'redis', client: 'ioredis', port: Number(new URL(redisUrl).port) } },
        { name: 'node-redis', address: { kind: 'redis', client: 'node-redis', port: Number(new URL(redisUrl).port) } },
        { name: 'a cluster over ioredis', address: { kind: 'redis-cluster', client: 'ioredis', ports: clusterPorts } },
        { name: 'a cluster over node-redis', address: { kind: 'redis-cluster', client: 'node-redis', ports: clusterPorts } },
      ]

describe.each(places)('the Redis usage store over $name keeps every rule of the contract', ({ address }) => {
  let connection: Connection
  beforeAll(async () => void (connection = await connect(address)), 30_000)
  afterAll(async () => connection.close())

  const rules = usageStoreContract({
    hasClock: true,
    create() {
      const clock = manualClock()
      return { store: connection.storeWith(clock).usage, clock }
    },
  })
  it.each(rules)('$name', { timeout: 30_000 }, async (rule) => rule.run())
})

// skipped: there is no redis-server on this machine
it.skipIf(places.length > 0)('needs a redis-server, which this machine lacks', () => undefined)
