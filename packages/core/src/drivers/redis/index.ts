/**
 * Counters in Redis, over the app's own client: exact, quick, and lossy on a failover. Records live elsewhere: without
 * `records` every customer is on the default plan.
 *
 * @example
 * ```ts
 * import { redisStore } from '@farebox/core/drivers/redis'
 * import { Redis } from 'ioredis'
 *
 * export const store = redisStore({ client: new Redis('redis://127.0.0.1:6379') })
 * ```
 *
 * @module
 */
export type {
  IoredisClient,
  IoredisClusterClient,
  NodeRedisClient,
  NodeRedisClusterClient,
  RedisClient,
  UpstashClient,
} from './client.ts'
export { redisStore, type RedisStoreOptions } from './redis-store.ts'
