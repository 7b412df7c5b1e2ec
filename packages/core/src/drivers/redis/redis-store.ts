import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RecordStore } from '../../ports/record-store.ts'
import type { Store } from '../../ports/store.ts'
import { createNoRecords } from '../../storage/records/no-records.ts'
import { type RedisClient, runnerOf } from './client.ts'
import { createUsageStore } from './usage-store.ts'

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** The app's own client of ioredis, redis (node-redis) or @upstash/redis; also a cluster's. Farebox opens no connection. */
  readonly client: RedisClient
  /**
   * Where customers, subscriptions and grants are recorded, such as `postgresStore({ client }).records`. Without it every
   * customer is on the default plan, and whatever would have to be recorded is refused.
   */
  readonly records?: RecordStore
  /** The store's clock; the server's own unless a test gives another. */
  readonly clock?: Clock
  /** What the names of all keys begin with; `farebox:` unless said otherwise. */
  readonly prefix?: string
}

/**
 * Counts exactly on one Redis 7 or a Redis Cluster, however many processes ask: each call is one script, in one round
 * trip. Its label is `lossy-on-failover`: what was acknowledged last may be gone after a failover, or after a restart, as
 * far as the server's persistence goes. All keys expire by themselves.
 *
 * @throws FareboxError `invalid-configuration` for a client that is not known or missing, or a prefix with braces in it.
 */
export function redisStore(options: RedisStoreOptions): Store {
  const { client, records, clock, prefix = 'farebox:' } = { ...options }
  if (typeof prefix !== 'string' || /[{}]/.test(prefix)) {
    const message = 'Give a text without braces: the part of a key that is in braces is the customer'
    throw new FareboxError('invalid-configuration', 'The prefix is not valid', { faults: [{ path: 'prefix', message }] })
  }
  return { usage: createUsageStore(runnerOf(client), prefix, clock), records: records ?? createNoRecords(clock) }
}
