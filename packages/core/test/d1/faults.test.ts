import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type D1Database, d1Store, migrate, migrations } from '../../src/drivers/d1/index.ts'
import type { UsageStore } from '../../src/index.ts'
import { consumption, freshness } from './consumption.ts'
import { type RunningWorker, startWorkers } from './worker.ts'
import { type WatchedDatabase, watchDatabase } from './watched-database.ts'

let workers: readonly RunningWorker[]
let database: D1Database
let watched: WatchedDatabase
let store: UsageStore
let customer = ''

beforeAll(async () => {
  const entry = new URL('./store-worker.ts', import.meta.url)
  workers = await startWorkers(entry, [
    { name: 'migrated', d1Databases: { DB: 'migrated' } },
    { name: 'empty', d1Databases: { DB: 'empty' } },
  ])
  database = (await workers[0]?.database()) ?? raise('The worker has a database')
  await migrate(database)
})

afterAll(async () => workers[0]?.close())

beforeEach(async () => {
  watched = watchDatabase(database)
  store = d1Store({ database: watched }).usage
  customer = `customer-${crypto.randomUUID()}`
  await store.execute([consumption(customer, 10)])
  watched.reset()
})

function raise(message: string): never {
  throw new Error(message)
}

const lost = (): never => raise('D1_ERROR: Network connection lost.')

async function usedBy(name: string): Promise<number | undefined> {
  const [reading] = await d1Store({ database }).usage.read([{ customer: name, feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }])
  return reading?.buckets[0]?.used
}

describe('a call of usage', () => {
  it('that cannot read fails, is not repeated, and counts nothing', async () => {
    watched.onBatch = { before: lost }
    await expect(store.execute([consumption(customer, 10)])).rejects.toMatchObject({ code: 'unavailable' })
    expect(watched.cost.batches).toBe(1)
    expect(await usedBy(customer)).toBe(1)
  })

  it('whose answer is lost fails, is not repeated, and counts once when its caller asks again with the same key', async () => {
    const keyed = consumption(customer, 10, { key: 'k', amount: 3 })
    watched.onBatch = { after: (batch) => (batch === 2 ? lost() : undefined) }
    await expect(store.execute([keyed])).rejects.toMatchObject({ code: 'unavailable', cause: { message: 'D1_ERROR: Network connection lost.' } })
    expect(watched.cost.batches).toBe(2)
    watched.reset()
    expect(await store.execute([keyed])).toMatchObject([{ kind: 'taken', repeated: true, buckets: [{ used: 4 }] }])
    expect(await usedBy(customer)).toBe(4)
  })

  it('that is overtaken between reading and writing starts anew, and counts on what it finds', async () => {
    const other = d1Store({ database }).usage
    watched.onBatch = { before: async (batch) => void (batch === 2 && (await other.execute([consumption(customer, 10, { amount: 8 })]))) }
    expect(await store.execute([consumption(customer, 10), consumption(customer, 10)])).toMatchObject([
      { kind: 'taken', buckets: [{ used: 10 }] },
      { kind: 'refused', by: 'bucket' },
    ])
    expect(watched.cost.batches).toBe(4)
    expect(await usedBy(customer)).toBe(10)
  })

  it('that is overtaken between two readings starts anew', async () => {
    let now = Date.now()
    const clock = { now: () => now }
    const own = d1Store({ database: watched, clock }).usage
    const other = d1Store({ database, clock }).usage
    const ending = { reservation: 'r', expiresIn: 1000, onExpiry: 'release', overdraft: 0 } as const
    const overdraftBucket = { id: 'overdraft:0', kind: 'overage', limit: null, keepUntil: null } as const
    await own.execute([{ ...consumption(customer, 10), amount: 9, verb: 'reserve', ...ending, overdraftBucket }])
    now += 2000
    watched.reset()
    watched.onBatch = { before: async (batch) => void (batch === 2 && (await other.execute([consumption(customer, 10, { amount: 4 })]))) }
    const queries = [{ customer, feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }]
    expect(await own.read(queries)).toMatchObject([{ buckets: [{ used: 5, reserved: 0 }] }])
    expect(watched.cost.batches).toBe(3)
  })

  it('that is overtaken every time gives up, and has counted nothing', async () => {
    const other = d1Store({ database }).usage
    watched.onBatch = { before: async (batch) => void (batch % 2 === 0 && (await other.execute([consumption(customer, 1000)]))) }
    const asked = consumption(customer, 1000, { amount: 500 })
    await expect(store.execute([asked])).rejects.toMatchObject({ code: 'unavailable', reason: 'contention' })
    expect(await usedBy(customer)).toBe(31)
  })
})

describe('what calls cost', () => {
  const gates = [{ id: '100/minute', limit: 100, period: 60_000, burst: 100 }]
  const known = { ...freshness, loaded: false }
  it.each([
    { what: 'a consumption, gate and version included', changes: { gates, freshness: known }, batches: 2, written: 1 },
    { what: 'a consumption with a key', changes: { gates, freshness: known, key: 'k' }, batches: 2, written: 2 },
    { what: 'a refusal for a stale version', changes: { freshness: { ...known, version: 9 } }, batches: 1, written: 0 },
  ])('$what: $batches round trips, $written rows written', async ({ changes, batches, written }) => {
    await store.execute([consumption(customer, 10, changes)])
    process.stdout.write(`D1: ${JSON.stringify(watched.cost)}\n`)
    expect(watched.cost).toMatchObject({ batches, rowsWritten: written })
    expect(watched.cost.rowsRead).toBeLessThanOrEqual(8)
  })

  it('a hundred consumptions of a hundred customers in one call: two round trips, one row written for each', async () => {
    const operations = Array.from({ length: 100 }, (_, index) => consumption(`${customer}-${index}`, 10))
    await store.execute(operations)
    watched.reset()
    await store.execute(operations)
    expect(watched.cost).toMatchObject({ batches: 2, rowsWritten: 100 })
  })

  it('a hundred consumptions of one customer in one call: two round trips, one row written', async () => {
    await store.execute(Array.from({ length: 100 }, () => consumption(customer, 1000)))
    expect(watched.cost).toMatchObject({ batches: 2, rowsWritten: 1 })
  })
})

describe('forgetting', () => {
  it('leaves no row of a customer in any table', async () => {
    const ending = { reservation: 'r', expiresIn: 60_000, onExpiry: 'release', overdraft: 0 } as const
    const overdraftBucket = { id: 'overdraft:0', kind: 'overage', limit: null, keepUntil: null } as const
    await store.execute([
      { ...consumption(customer, 10, { feature: 'exports', key: 'k' }), verb: 'reserve', ...ending, overdraftBucket },
    ])
    await store.execute([consumption(customer, 10, { buckets: [{ id: 'allowance:1', kind: 'allowance', limit: 10, keepUntil: null }] })])
    const count = async (): Promise<readonly unknown[]> => {
      const names = ['farebox_usage', 'farebox_usage_keys', 'farebox_usage_reservations', 'farebox_usage_counters']
      const answers = await database.batch(names.map((name) => database.prepare(`select count(*) as rows from ${name} where customer = ?`).bind(customer)))
      return answers.flatMap(({ results }) => results)
    }
    expect(await count()).toEqual([{ rows: 1 }, { rows: 1 }, { rows: 1 }, { rows: 1 }])
    await store.forget(customer)
    expect(await count()).toEqual([{ rows: 0 }, { rows: 0 }, { rows: 0 }, { rows: 0 }])
  })
})

describe('sweeping', () => {
  it('looks at every part of every table, round and round', async () => {
    let now = Date.now()
    const { usage } = d1Store({ database, clock: { now: () => now } })
    const sweepAll = async (): Promise<{ readonly keys: number; readonly counters: number }> => {
      const sum = { keys: 0, counters: 0 }
      for (;;) {
        const { keys, counters } = await usage.sweep()
        if (keys + counters === 0) return sum
        sum.keys += keys
        sum.counters += counters
      }
    }
    await sweepAll()
    for (let round = 0; round < 3; round += 1) {
      const buckets = [{ id: 'allowance:0', kind: 'allowance', limit: 10, keepUntil: now + 1000 }] as const
      const operations = Array.from({ length: 630 }, (_, index) => {
        return consumption(`${customer}-${round}-${index % 210}`, 10, { key: `k-${index}`, keyFor: 1000, buckets })
      })
      for (const outcome of await usage.execute(operations)) expect(outcome.kind).toBe('taken')
      expect(await sweepAll()).toEqual({ keys: 0, counters: 0 })
      now += 1001
      expect(await sweepAll()).toEqual({ keys: 630, counters: 210 })
    }
  })
})

describe('a commit of records', () => {
  it('whose answer is lost fails, and is there; the same one again is told as a conflict', async () => {
    const { records } = d1Store({ database: watched })
    const write = { collection: 'cooldowns', id: customer, expect: 0, value: { state: 1 } } as const
    watched.onBatch = { after: lost }
    await expect(records.commit(customer, [write])).rejects.toMatchObject({ code: 'unavailable' })
    watched.reset()
    expect(await records.commit(customer, [write])).toEqual({ kind: 'conflict', collection: 'cooldowns', id: customer })
    expect((await records.load(customer, ['cooldowns'])).rows.cooldowns).toMatchObject([{ revision: 1 }])
  })
})

describe('a database', () => {
  it('without the tables says what to do, and does not show SQL', async () => {
    const empty = (await workers[1]?.database()) ?? raise('The worker has a database')
    const { usage } = d1Store({ database: empty })
    const failure: unknown = await Promise.resolve(usage.execute([consumption('anyone', 1)])).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'invalid-configuration', reason: 'no-tables' })
    expect(String(failure)).toContain('migrate(database)')
    expect(String(failure)).not.toMatch(/select/i)
  })

  it('is brought up to date once, also by what is printed for wrangler', async () => {
    const empty = (await workers[1]?.database()) ?? raise('The worker has a database')
    for (const { sql } of migrations) {
      const statements = sql.split(';').filter((statement) => statement.trim() !== '')
      await empty.batch(statements.map((statement) => empty.prepare(statement)))
    }
    expect(await migrate(empty)).toEqual({ version: 1, applied: [] })
    expect(await d1Store({ database: empty }).usage.execute([consumption('anyone', 1)])).toMatchObject([{ kind: 'taken' }])
  })

  it('that is newer than this package is left alone', async () => {
    const empty = (await workers[1]?.database()) ?? raise('The worker has a database')
    await migrate(empty)
    await empty.batch([empty.prepare("insert into farebox_migrations (version, name) values (99, 'of the future')")])
    await expect(migrate(empty)).rejects.toMatchObject({
      code: 'invalid-configuration',
      faults: [{ path: 'database', message: expect.stringContaining('version 99') }],
    })
  })
})
