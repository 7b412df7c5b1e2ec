import { Redis } from 'ioredis'
import { type ServerName, openPool, redisPort } from '../fixtures/store-at.ts'
import { take as script } from '../floors/redis-scripts.ts'
import { take as statement } from '../floors/postgres-statements.ts'

/** Counts one for a customer, and says whether the limit held it. */
export type BareCount = (customer: string) => Promise<boolean>

/** The least that one count can be on a server: one call, over the client that apps have. */
export async function bareCount(server: ServerName, limit: number): Promise<BareCount> {
  if (server === 'postgres') {
    const pool = openPool()
    return async (customer) => {
      const { rowCount } = await pool.query({ name: 'take', text: statement, values: [customer, limit] })
      return rowCount === 1
    }
  }
  const client = new Redis(redisPort)
  const digest = String(await client.script('LOAD', script))
  return async (customer) => Number(await client.evalsha(digest, 1, customer, 1, limit, 3_600_000)) > 0
}
