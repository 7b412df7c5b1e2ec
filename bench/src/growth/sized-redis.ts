import { redisStore } from '@farebox/core/drivers/redis'
import { Redis } from 'ioredis'
import { redisPort } from '../fixtures/store-at.ts'
import { type SizedCounters, type SizedPlace, countIn, limit, period } from './sized-counters.ts'

const takeAll = `
for place, key in ipairs(KEYS) do
  local used = redis.call('INCR', key)
  if used == 1 then redis.call('PEXPIRE', key, ARGV[2]) end
  if used > tonumber(ARGV[1]) then redis.call('DECR', key) return redis.error_reply('A count was refused') end
end
return #KEYS`

/** A Redis. The floor is one script for each call, with a key for each window. */
export const sizedRedis: SizedPlace = {
  farebox() {
    return onServer((client) => countIn(redisStore({ client }).usage))
  },
  floor() {
    return onServer(async (client) => {
      const hash = String(await client.script('LOAD', takeAll))
      return async (customers) => {
        await client.evalsha(hash, customers.length, ...customers, limit, period)
      }
    })
  },
}

async function onServer(prepare: (client: Redis) => SizedCounters['count'] | Promise<SizedCounters['count']>): Promise<SizedCounters> {
  const client = new Redis(redisPort)
  await client.flushall()
  return {
    count: await prepare(client),
    async bytes() {
      return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1])
    },
    async close() {
      await client.flushall()
      await client.quit()
    },
  }
}
