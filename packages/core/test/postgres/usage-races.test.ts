import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { day, minute } from '../../src/domain/instant.ts'
import { migrate, postgresStore } from '../../src/drivers/postgres/index.ts'
import type { ConsumeOperation, UsageBucket, UsageOperation, UsageOutcome, UsageStore } from '../../src/ports/usage-store.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { type Database, createDatabase, openPool } from './databases.ts'

const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)
const feature = 'apiCalls'

let database: Database
let pools: ReturnType<typeof openPool>[]
/** As many processes would be: each with connections of its own. */
let stores: readonly UsageStore[]

beforeAll(async () => {
  database = await createDatabase()
  pools = Array.from({ length: 4 }, () => openPool(database.url, { max: 4 }))
  stores = pools.map(({ client }) => postgresStore({ client }).usage)
  const [first] = pools
  if (first !== undefined) await migrate(first.client)
})

afterAll(async () => {
  await Promise.all(pools.map(async (pool) => pool.close()))
  await database.drop()
})

function firstPool(): ReturnType<typeof openPool>['client'] {
  const [pool] = pools
  if (pool === undefined) throw new Error('There are pools while tests run')
  return pool.client
}

function freshness(version: number, loaded = false): ConsumeOperation['freshness'] {
  return { version, validFrom: 0, validUntil: null, loaded }
}

async function ask<Answer>(text: string, values: unknown[] = []): Promise<readonly Answer[]> {
  const answer = await pools[0]?.client.query(text, values)
  return (answer?.rows ?? []) as Answer[]
}

async function deadlocks(): Promise<number> {
  await ask('select pg_stat_clear_snapshot()')
  const [row] = await ask<{ deadlocks: string }>('select deadlocks from pg_stat_database where datname = current_database()')
  return Number(row?.deadlocks)
}

function period(start: number, limit: number | null): UsageBucket {
  return { id: `allowance:${start}`, kind: 'allowance', limit, keepUntil: null }
}

function consumption(customer: string, changes: Partial<Omit<ConsumeOperation, 'verb'>> = {}): ConsumeOperation {
  const defaults = { customer, feature, amount: 1, key: null, keyFor: day, freshness: freshness(1, true), gates: [], buckets: [period(0, null)] }
  return { verb: 'consume', ...defaults, ...changes }
}

async function usedOf(customer: string, id = 'allowance:0', name = feature): Promise<number> {
  const [reading] = (await stores[0]?.read([{ customer, feature: name, buckets: [id], gates: [] }])) ?? []
  return reading?.buckets[0]?.used ?? Number.NaN
}

function takenIn(outcomes: readonly UsageOutcome[]): readonly UsageOutcome[] {
  return outcomes.filter((outcome) => outcome.kind === 'taken' && !outcome.repeated)
}

describe('many callers at once, each with connections of its own', () => {
  it('reach one limit and never pass it, whatever the size of their calls', { timeout: 600_000 }, async () => {
    const random = seededRandom(seed)
    for (let round = 0; round < (isFull ? 200 : 10); round += 1) {
      const customer = `limit-${round}`
      await stores[0]?.execute([consumption(customer)])
      const calls = Array.from({ length: 24 }, (_, index) => {
        const one = consumption(customer, { buckets: [period(0, 100)], freshness: freshness(1, index % 3 !== 0) })
        return Array.from({ length: random.integer(1, 12) }, () => one)
      })
      const outcomes = await Promise.all(calls.map(async (call, index) => stores[index % 4]?.execute(call) ?? []))
      const asked = calls.reduce((sum, call) => sum + call.length, 1)
      expect(takenIn(outcomes.flat()).length + 1).toBe(Math.min(100, asked))
      expect(await usedOf(customer)).toBe(Math.min(100, asked))
    }
  })

  it('never block each other for good, in whatever order they name customers', { timeout: 600_000 }, async () => {
    const random = seededRandom(seed)
    const before = await deadlocks()
    const customers = Array.from({ length: 12 }, (_, index) => `order-${index}`)
    const expected = new Map<string, number>()
    let attempt = 0
    const callOf = (): readonly UsageOperation[] =>
      random.shuffle(customers).map((customer): UsageOperation => {
        attempt += 1
        const one = consumption(customer, { key: attempt % 2 === 0 ? `key-${attempt}` : null, feature: attempt % 5 === 0 ? 'exports' : feature })
        if (attempt % 11 !== 0) return one
        const ending = { reservation: `r-${attempt}`, expiresIn: minute, onExpiry: 'release', overdraft: 0, overdraftBucket: period(9, null) } as const
        return { ...one, ...ending, verb: 'reserve' }
      })
    const calls = Array.from({ length: isFull ? 2_000 : 100 }, callOf)
    for (const operation of calls.flat()) {
      if (operation.verb === 'consume') expected.set(operation.customer, (expected.get(operation.customer) ?? 0) + 1)
    }
    const outcomes = await Promise.all(calls.map(async (call, index) => stores[index % 4]?.execute(call) ?? []))
    expect(outcomes.flat().every((outcome) => outcome.kind === 'taken')).toBe(true)
    for (const customer of customers) {
      expect((await usedOf(customer)) + (await usedOf(customer, 'allowance:0', 'exports'))).toBe(expected.get(customer))
    }
    expect(await deadlocks()).toBe(before)
  })

  it('count a key once, however many send it together', { timeout: 600_000 }, async () => {
    const random = seededRandom(seed)
    const keys = Array.from({ length: isFull ? 2_000 : 60 }, (_, index) => `key-${index}`)
    const calls = Array.from({ length: 16 }, () => random.shuffle(keys).map((key) => consumption('keys', { key, amount: 2 })))
    const outcomes = await Promise.all(calls.map(async (call, index) => stores[index % 4]?.execute(call) ?? []))
    expect(takenIn(outcomes.flat())).toHaveLength(keys.length)
    expect(outcomes.flat().every((outcome) => outcome.kind === 'taken')).toBe(true)
    expect(await usedOf('keys')).toBe(2 * keys.length)
  })

  it('count a key once that several features are asked for with at the same time', async () => {
    const features = ['a', 'b', 'c', 'd']
    await stores[0]?.execute(features.map((name) => consumption('one-key', { feature: name })))
    const ready = freshness(1)
    for (let round = 0; round < 40; round += 1) {
      const key = `key-${round}`
      // A store that has met a conflict goes the long way next time.
      const fresh = pools.map(({ client }) => postgresStore({ client }).usage)
      const calls = fresh.map(async (store, index) => store.execute([consumption('one-key', { feature: features[index] ?? '', key, freshness: ready })]))
      const outcomes = (await Promise.all(calls)).flat()
      expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'taken'])
      const won = outcomes.findIndex(({ kind }) => kind === 'taken')
      const again = consumption('one-key', { feature: features[won] ?? '', key, freshness: ready })
      expect(await stores[1]?.execute([again]), 'The end of the key was told as it is kept').toMatchObject([
        { kind: 'taken', repeated: true, keyUntil: outcomes[won]?.kind === 'taken' ? outcomes[won].keyUntil : null },
      ])
    }
    const used = await Promise.all(features.map(async (name) => usedOf('one-key', 'allowance:0', name)))
    expect(used.reduce((sum, each) => sum + each, 0)).toBe(features.length + 40)
  })

  it('answer calls of hundreds of customers in two halves, each operation in its place', async () => {
    const customers = Array.from({ length: 500 }, (_, index) => `large-${(index * 7) % 500}`)
    for (const loaded of [true, false]) {
      const operations = customers.map((customer, index) =>
        consumption(customer, { amount: 1 + index, freshness: freshness(1, loaded) }),
      )
      const outcomes = (await stores[0]?.execute(operations)) ?? []
      const drawn = outcomes.map((outcome) => (outcome.kind === 'taken' ? outcome.drawn[0]?.amount : outcome.kind))
      expect(drawn).toEqual(operations.map((operation) => operation.amount))
    }
  })
})

describe('copies of the marker', () => {
  it('are all raised at once, and one that is in use keeps the others alive', async () => {
    const clock = manualClock()
    const store = postgresStore({ client: firstPool(), clock }).usage
    const kinds = async (version: number): Promise<readonly string[]> =>
      (await store.execute(['f', 'g'].map((name) => consumption('copies', { feature: name, freshness: freshness(version) })))).map(({ kind }) => kind)

    await store.execute(['f', 'g'].map((name) => consumption('copies', { feature: name, freshness: freshness(1, true) })))
    expect(await kinds(1)).toEqual(['taken', 'taken'])
    await store.raiseVersion('copies', 2)
    expect(await kinds(1)).toEqual(['stale', 'stale'])
    expect(await kinds(2)).toEqual(['taken', 'taken'])
    for (let calls = 0; calls < 3; calls += 1) {
      clock.advance(10 * minute)
      await store.execute([consumption('copies', { feature: 'f', freshness: freshness(2) })])
    }
    expect(await kinds(2)).toEqual(['taken', 'taken'])
    await store.execute([consumption('copies', { feature: 'h', freshness: freshness(3, true) })])
    expect(await kinds(2)).toEqual(['stale', 'stale'])
    clock.advance(15 * minute)
    expect(await store.execute([consumption('copies', { feature: 'f', freshness: freshness(3) })])).toMatchObject([{ kind: 'stale', marker: null }])
  })
})

describe('counters of past periods', () => {
  it('leave the row for the history, and are found there by whatever asks for them', async () => {
    const store = postgresStore({ client: firstPool() }).usage
    const customer = 'periods'
    const place = { customer, feature }
    const rows = async (): Promise<readonly string[]> =>
      (await ask<{ bucket: string }>('select bucket from farebox.usage_history where customer = $1 order by bucket', [customer])).map(({ bucket }) => bucket)

    await store.execute([consumption(customer, { amount: 5 }), consumption(customer, { amount: 3, key: 'k' })])
    const ending = { reservation: 'r', expiresIn: day, onExpiry: 'release', overdraft: 0, overdraftBucket: period(9, null) } as const
    await store.execute([{ ...consumption(customer, { amount: 4, buckets: [period(1, null)] }), ...ending, verb: 'reserve' }])
    expect(await rows()).toEqual(['allowance:0'])
    await store.execute([consumption(customer, { buckets: [period(2, null)] })])
    expect(await rows(), 'What is held stays').toEqual(['allowance:0'])

    await store.execute([{ verb: 'release', ...place, target: { by: 'key', key: 'k' } }])
    await store.execute([{ verb: 'settle', ...place, reservation: 'r', amount: 3 }])
    const counters = await store.read([{ ...place, buckets: ['allowance:0', 'allowance:1', 'allowance:2'], gates: [] }])
    expect(counters[0]?.buckets.map(({ used, reserved }) => [used, reserved])).toEqual([[5, 0], [3, 0], [1, 0]])
    expect(await store.history({ ...place, from: 0, to: 2 })).toEqual([
      { bucket: 'allowance:0', used: 5 },
      { bucket: 'allowance:1', used: 3 },
    ])
    expect(await store.execute([consumption(customer, { buckets: [period(0, 6)] })])).toMatchObject([{ kind: 'taken', buckets: [{ used: 6 }] }])
    expect(await rows()).toEqual(['allowance:1', 'allowance:2'])
    expect(await store.execute([consumption(customer, { buckets: [period(0, 6)] })])).toMatchObject([{ kind: 'refused', by: 'bucket' }])
  })
})
