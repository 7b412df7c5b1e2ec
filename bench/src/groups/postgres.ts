import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { type Terms, ample, countsOf, isCounted, newCustomers, openGate } from '../fixtures/counted-app.ts'
import { openPool } from '../fixtures/store-at.ts'
import { tables, take, takeOnce } from '../floors/postgres-statements.ts'
import { timed } from '../harness/calls.ts'
import { type Measurement, isolate } from '../harness/isolated.ts'
import type { Group, Variant } from '../harness/variant.ts'

interface Ask {
  readonly customers: number
  readonly inFlight: number
  readonly goal?: number
}

function keysOf({ customers }: Ask): (index: number) => string {
  const names = newCustomers(customers)
  return (index) => names[index % names.length] ?? ''
}

/** One row for each count, one prepared statement, committed before the answer. */
async function statement(name: string, ask: Ask, text: string, isOnce = false): Promise<Variant> {
  const pool = openPool()
  const keyAt = keysOf(ask)
  const [run] = newCustomers(1)
  const call = async (index: number) => {
    const values = isOnce ? [keyAt(index), ample, `${run}:${index}`] : [keyAt(index), ample]
    return pool.query<{ used: string }>({ name: isOnce ? 'once' : 'take', text, values })
  }
  return timed({ name, call, isRight: ({ rows }) => Number(rows[0]?.used) > 0 }, ask.inFlight)
}

async function rateLimiterFlexible(name: string, ask: Ask): Promise<Variant> {
  const limiter = await new Promise<RateLimiterPostgres>((resolve, reject) => {
    const options = { storeClient: openPool(), points: ample, duration: 3600, tableName: 'limits', clearExpiredByTimeout: false }
    const made = new RateLimiterPostgres(options, (error?: Error) => (error === undefined ? resolve(made) : reject(error)))
  })
  const keyAt = keysOf(ask)
  return timed(
    { name, call: (index) => limiter.consume(keyAt(index)), isRight: (answer) => answer.consumedPoints > 0 },
    ask.inFlight,
  )
}

async function farebox(name: string, ask: Ask & Terms): Promise<Variant> {
  const call = await countsOf(postgresStore({ client: openPool() }), newCustomers(ask.customers), ask)
  return timed({ name, ...(ask.goal !== undefined && { goal: ask.goal }), call, isRight: isCounted }, ask.inFlight)
}

interface Goals {
  readonly plain: number
  readonly key?: number
}

function measurement(title: string, customers: number, inFlight: number, { plain, key }: Goals): Measurement {
  const ask = { customers, inFlight }
  return {
    title: `Counting on Postgres, ${title}, ${inFlight} at a time`,
    makers: [
      () => statement('one prepared statement', ask, take),
      () => statement('the same, idempotent', ask, takeOnce, true),
      () => rateLimiterFlexible('rate-limiter-flexible', ask),
      () => farebox('Farebox consume', { ...ask, goal: plain }),
      () => farebox('Farebox consume, a key', { ...ask, hasKeys: true, ...(key !== undefined && { goal: key }) }),
      () => farebox('Farebox consume, a key and a gate', { ...ask, hasKeys: true, gates: openGate }),
    ],
    // As on Redis: the compiler takes thousands of calls.
    scale: { run: 3, warmUp: inFlight === 1 ? 25 : 3 },
  }
}

const many = 10_000

export const measurements: readonly Measurement[] = [
  measurement('10,000 customers', many, 1, { plain: 0.97 }),
  measurement('10,000 customers', many, 64, { plain: 10, key: 6 }),
  measurement('10,000 customers', many, 512, { plain: 20, key: 8 }),
  measurement('one customer', 1, 64, { plain: 35, key: 20 }),
  measurement('one customer', 1, 512, { plain: 220, key: 45 }),
]

/** Counting against a limit in Postgres; every count is durable before it is answered. */
export async function* postgresGroups(): AsyncGenerator<Group> {
  const pool = openPool()
  await migrate(pool)
  for (const table of tables) await pool.query(table)
  await pool.end()
  for (const [place, item] of measurements.entries()) yield isolate(import.meta.url, place, item)
}
