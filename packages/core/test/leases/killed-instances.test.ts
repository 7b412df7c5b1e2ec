import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, it } from 'vitest'
import { minute } from '../../src/domain/instant.ts'
import { type StoreAddress, connect } from '../stores/store-address.ts'
import { consumeUpTo, createLeasingApp, limit } from './leasing-app.ts'

const redisUrl = inject('redisUrl')
const address: StoreAddress | null = redisUrl === null ? null : { kind: 'redis', client: 'ioredis', port: Number(new URL(redisUrl).port) }
const bucket = `allowance:${Date.UTC(new Date().getUTCFullYear(), 0)}`

async function startInstance(at: StoreAddress): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('leasing-worker.ts', import.meta.url)), [JSON.stringify(at)], { execArgv: ['--conditions=@farebox/source'] })
  await once(child, 'message')
  return child
}

async function grantedTo(child: ChildProcess, customer: string, most: number): Promise<number> {
  child.send({ customer, most })
  const [granted] = await once(child, 'message')
  return Number(granted)
}

// skipped: there is no redis-server on this machine
describe.skipIf(address === null)('instances of their own processes that lease from Redis', () => {
  it('grant the limit exactly when none dies, and lose at most a block each when they are killed', async () => {
    if (address === null) throw new Error('There is a server')
    const connection = await connect(address)
    const children = await Promise.all(Array.from({ length: 3 }, async () => startInstance(address)))
    try {
      const alive = `alive-${crypto.randomUUID()}`
      const shares = await Promise.all(children.map(async (child) => grantedTo(child, alive, 2 * limit)))
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(limit)

      const killed = `killed-${crypto.randomUUID()}`
      const before = await Promise.all(children.map(async (child) => grantedTo(child, killed, 500)))
      const { usage } = connection.storeWith({ now: () => Date.now() })
      const [held] = await usage.read([{ customer: killed, feature: 'apiCalls', buckets: [bucket], gates: [] }])
      const blocks = held?.buckets[0]?.reserved ?? 0
      for (const child of children) child.kill('SIGKILL')
      expect(blocks).toBeGreaterThan(0)
      expect(blocks).toBeLessThanOrEqual((limit / 8) * children.length)

      // What they held counts as spent when it expires, and nobody is granted it again.
      const heir = createLeasingApp(connection.storeWith({ now: () => Date.now() + 6 * minute }))
      const granted = before.reduce((sum, share) => sum + share, 0) + (await consumeUpTo(heir, killed, 2 * limit))
      await heir.close()
      expect(before).toEqual([500, 500, 500])
      expect(granted).toBeLessThanOrEqual(limit)
      expect(granted).toBeGreaterThanOrEqual(limit - blocks)
      const [left] = await usage.read([{ customer: killed, feature: 'apiCalls', buckets: [bucket], gates: [] }])
      expect(left?.buckets).toEqual([{ id: bucket, used: limit, reserved: 0 }])
    } finally {
      for (const child of children) child.kill('SIGKILL')
      await connection.close()
    }
  })
})
