import BetterSqlite from 'better-sqlite3'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { isSyncClient } from '../../src/drivers/sqlite/client.ts'
import { type SqliteClient, type SyncClient, sqliteStore } from '../../src/drivers/sqlite/index.ts'
import type { UsageOutcome } from '../../src/ports/usage-store.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { createUsageBatcher } from '../../src/use-cases/counting/usage-batcher.ts'
import { bucketOf, clients, consume, consumption, newFile, open, syncClients, usedOf } from './fixture.ts'

describe.each(clients)('SQLite over %s', (name) => {
  it('counts exactly on several stores of one connection and on several connections, in turn', async () => {
    const file = await newFile()
    const [first, second] = [await open(name, file), await open(name, file)]
    const stores = [first, first, second].map(({ client }) => sqliteStore({ client }).usage)
    const buckets = [bucketOf('allowance:0', 50)]
    const kinds: string[] = []
    // Whatever a store has at hand, another has written since.
    for (let index = 0; index < 60; index += 1) {
      const usage = stores[index % stores.length]!
      const { kind } = await consume(usage, { buckets, key: index % 2 === 0 ? `key-${index}` : null })
      kinds.push(kind)
    }
    expect(kinds.filter((kind) => kind === 'taken')).toHaveLength(50)
    expect(await usedOf(stores[0]!)).toBe(50)
    for (const usage of stores) expect(await consume(usage, { buckets, key: 'key-4' })).toMatchObject({ kind: 'taken', repeated: true })

    const released = await stores[1]!.execute([
      { verb: 'release', customer: 'ada', feature: 'apiCalls', target: { by: 'key', key: 'key-4' } },
    ])
    expect(released).toMatchObject([{ kind: 'ended' }])
    expect(await consume(stores[2]!, { buckets })).toMatchObject({ kind: 'taken', buckets: [{ used: 50 }] })
    expect(await consume(stores[0]!, { buckets })).toMatchObject({ kind: 'refused', buckets: [{ used: 50 }] })
  })

  it('sees at once what was forgotten, and what another version raised', async () => {
    const file = await newFile()
    const [first, second] = [await open(name, file), await open(name, file)]
    const [one, other] = [first, second].map(({ client }) => sqliteStore({ client }).usage)
    for (let index = 0; index < 3; index += 1) await consume(one!)
    await other!.forget('ada')
    expect(await consume(one!)).toMatchObject({ kind: 'taken', buckets: [{ used: 1 }] })
    await consume(one!)
    await other!.raiseVersion('ada', 7)
    const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: false }
    expect(await consume(one!, { freshness })).toMatchObject({ kind: 'stale', marker: 7 })
  })

  it('writes nothing for customers whom another has forgotten, however many travel together', async () => {
    const file = await newFile()
    const [first, second] = [await open(name, file), await open(name, file)]
    const [one, other] = [first, second].map(({ client }) => sqliteStore({ client }).usage)
    const all = ['ada', 'bob', 'eve'].map((customer) => consumption({ customer }))
    const known = all.map((operation) => ({ ...operation, freshness: { ...operation.freshness, loaded: false } }))
    const usedNow = async (): Promise<readonly unknown[]> => Promise.all(['ada', 'bob', 'eve'].map(async (id) => usedOf(other!, 'allowance:0', id)))
    await one!.execute(all)
    expect(await one!.execute(known)).toMatchObject([{ kind: 'taken' }, { kind: 'taken' }, { kind: 'taken' }])
    await other!.forget('bob')
    expect(await one!.execute(known)).toMatchObject([{ buckets: [{ used: 3 }] }, { kind: 'stale' }, { buckets: [{ used: 3 }] }])
    expect(await usedNow()).toEqual([3, 0, 3])
    await one!.execute(all)
    await one!.execute(known)
    for (const id of ['ada', 'eve']) await other!.forget(id)
    expect(await one!.execute(known)).toMatchObject([{ kind: 'stale' }, { buckets: [{ used: 3 }] }, { kind: 'stale' }])
    expect(await usedNow()).toEqual([0, 3, 0])
  })

  it('keeps customers, keys and features of any name apart', async () => {
    const { client } = await open(name, await newFile())
    const { usage, records } = sqliteStore({ client })
    const names = ['a', 'a,b', 'a;b', '%002c', 'a%2c', 'x\u0000', 'x\u0000y', '\ud800', '\udc00', '🚍', "'", '"', '\n', ' a', 'A']
    for (const [index, customer] of names.entries()) {
      for (let call = 0; call <= index; call += 1) await consume(usage, { customer, key: `${customer}${call}` })
      await consume(usage, { feature: customer, buckets: [bucketOf(customer)], amount: index + 1 })
      await records.commit(customer, [{ collection: 'cooldowns', id: customer, value: { state: index } }])
    }
    for (const [index, customer] of names.entries()) {
      expect(await usedOf(usage, 'allowance:0', customer)).toBe(index + 1)
      expect(await consume(usage, { customer, key: `${customer}0` })).toMatchObject({ repeated: true })
      const [reading] = await usage.read([{ customer: 'ada', feature: customer, buckets: [customer], gates: [] }])
      expect(reading?.buckets).toEqual([{ id: customer, used: index + 1, reserved: 0 }])
      const { rows } = await records.load(customer, ['cooldowns'])
      expect(rows.cooldowns).toMatchObject([{ customer, id: customer, value: { state: index } }])
    }
  })
})

describe.each(syncClients)('a transaction of the app on the connection of %s', (name) => {
  it('is told from one of Farebox, and nothing is counted in it', async () => {
    const { client, run } = await open(name, await newFile())
    const { usage, records } = sqliteStore({ client })
    const refusal = { code: 'invalid-configuration', reason: 'open-transaction' }
    for (let index = 0; index < 3; index += 1) {
      await run('begin')
      await expect(consume(usage)).rejects.toMatchObject(refusal)
      await expect(usage.read([])).rejects.toMatchObject(refusal)
      await expect(records.load('ada', ['grants'])).rejects.toMatchObject(refusal)
      await run('rollback')
      await consume(usage)
    }
    expect(await usedOf(usage)).toBe(3)
  })
})

describe('a database that others write to', () => {
  it.each(clients)('is waited for over %s, and goes on', async (name) => {
    const file = await newFile()
    // Of the same library, for locks of a file do not hold between two libraries of one process.
    const [ours, theirs] = [await open(name, file), await open(name, file)]
    const { usage } = sqliteStore({ client: ours.client })
    // Without a timeout of its own, so that the process can let go meanwhile.
    await ours.run('pragma busy_timeout = 0')
    for (let index = 0; index < 3; index += 1) await consume(usage)
    for (let round = 1; round <= 5; round += 1) {
      const release = await lock(theirs.client)
      const waiting = [consume(usage), consume(usage, { customer: 'eve', key: `k${round}` })]
      await wait(20)
      await release()
      expect(await Promise.all(waiting)).toMatchObject([{ kind: 'taken', buckets: [{ used: 3 + round }] }, { kind: 'taken', repeated: false }])
    }
  })
})

/** Holds the database as the only writer, until what it answers is called. */
async function lock(client: SqliteClient): Promise<() => Promise<void>> {
  if (isSyncClient(client)) {
    client.exec('begin immediate')
    return async () => void client.exec('commit')
  }
  const transaction = await client.transaction('write')
  return async () => transaction.commit()
}

describe.each(syncClients)('a customer whom another process erased, over %s', (name) => {
  it('is not counted into the document of whoever came next', async () => {
    const file = await newFile()
    const clock = manualClock()
    const [ours, theirs] = [sqliteStore({ client: (await open(name, file)).client, clock }), sqliteStore({ client: (await open(name, file)).client, clock })]
    for (const { usage } of [ours, ours]) await consume(usage)
    await theirs.usage.forget('ada')
    for (let index = 0; index < 2; index += 1) await consume(theirs.usage, { customer: 'eve', amount: 5 })
    await consume(ours.usage)
    expect(await usedOf(theirs.usage, 'allowance:0', 'eve')).toBe(10)
    expect(await usedOf(theirs.usage)).toBe(1)
  })
})

/** A client that notes what it is asked to run. */
function watch(database: BetterSqlite.Database): { readonly client: SyncClient; readonly ran: string[] } {
  const ran: string[] = []
  const client: SyncClient = {
    prepare(sql) {
      const statement = database.prepare(sql)
      const note = (values: readonly unknown[]): void => void ran.push(sql.startsWith('select') ? `select ${values.join()}` : sql.slice(0, 15))
      return {
        all: (...values) => (note(values), statement.all(...values)),
        run: (...values) => (note(values), statement.run(...values)),
        raw: (isOn) => statement.raw(isOn),
        safeIntegers: (isOn) => statement.safeIntegers(isOn),
      }
    },
    exec: (sql) => database.exec(sql),
    get inTransaction() {
      return database.inTransaction
    },
  }
  return { client, ran }
}

describe('customers who are not at hand', () => {
  const known = { version: 1, validFrom: 0, validUntil: null, loaded: false }

  it('are read, and nobody beside them', async () => {
    const file = await newFile()
    const { usage: other } = sqliteStore({ client: (await open('better-sqlite3', file)).client })
    await other.execute(['ada', 'bob', 'eve'].map((customer) => consumption({ customer })))
    const database = new BetterSqlite(file)
    onTestFinished(() => void database.close())
    const { client, ran } = watch(database)
    const { usage } = sqliteStore({ client })
    await consume(usage, { freshness: known })
    ran.length = 0
    const together = ['ada', 'bob', 'eve', 'bob'].map((customer) => consumption({ customer, freshness: known }))
    const used = (await usage.execute(together)).map((outcome) => (outcome.kind === 'taken' ? outcome.buckets[0]?.used : outcome.kind))
    expect(used).toEqual([3, 2, 2, 3])
    expect(ran.filter((sql) => sql.startsWith('select'))).toEqual(['select ["bob","eve"]', 'select '])
    expect(ran.filter((sql) => sql === 'begin immediate')).toHaveLength(1)
  })

  it('are counted by one statement once they are, whatever rows their former periods have', async () => {
    const database = new BetterSqlite(await newFile())
    onTestFinished(() => void database.close())
    const { client, ran } = watch(database)
    const { usage } = sqliteStore({ client })
    for (const period of [0, 1, 2]) await consume(usage, { buckets: [bucketOf(`allowance:${period}`)] })
    expect(database.prepare('select count(*) from farebox_usage_counters').pluck().get()).toBe(2)
    await consume(usage, { buckets: [bucketOf('allowance:2')] })
    ran.length = 0
    expect(await consume(usage, { buckets: [bucketOf('allowance:2')] })).toMatchObject({ buckets: [{ used: 3 }] })
    expect(ran).toEqual(['update farebox_'])
    expect(await consume(usage, { buckets: [bucketOf('allowance:1', 1), bucketOf('allowance:2')] })).toMatchObject({
      buckets: [{ used: 1 }, { used: 4 }],
    })
    expect(await usedOf(usage, 'allowance:0')).toBe(1)
  })

  it('are counted as in memory, through two connections and several periods', async () => {
    const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)
    const random = seededRandom(seed)
    const clock = manualClock()
    const file = await newFile()
    const clientsOfFile = [await open('better-sqlite3', file), await open('node:sqlite', file)]
    const stores = clientsOfFile.map(({ client }) => sqliteStore({ client, clock }).usage)
    const twin = memoryStore({ clock }).usage
    for (let step = 0; step < 400; step += 1) {
      const period = Math.floor(step / 80)
      const operations = Array.from({ length: random.integer(1, 5) }, () => {
        const periods = [period - 2, period - 1, period].filter((start) => start >= 0 && (start === period || random.integer(0, 6) === 0))
        return consumption({
          customer: `customer-${random.integer(0, 5)}`,
          feature: random.integer(0, 4) === 0 ? 'exports' : 'apiCalls',
          amount: random.integer(1, 4),
          key: random.integer(0, 4) === 0 ? `key-${random.integer(0, 60)}` : null,
          freshness: { ...known, loaded: random.integer(0, 3) === 0 },
          buckets: periods.map((start) => bucketOf(`allowance:${start}`, 60)),
        })
      })
      const usage = stores[random.integer(0, 1)]!
      expect(await usage.execute(operations), `seed ${seed}`).toEqual(await twin.execute(operations))
      if (random.integer(0, 60) === 0) for (const store of [usage, twin]) await store.forget('customer-3')
      if (random.integer(0, 40) === 0) for (const store of [usage, twin]) await store.sweep()
      clock.advance(random.integer(0, 60_000))
    }
    const all = [0, 1, 2, 3, 4]
    const buckets = all.map((start) => `allowance:${start}`)
    const queries = all.map((index) => ({ customer: `customer-${index}`, feature: 'apiCalls', buckets, gates: [] }))
    expect(await stores[0]!.read(queries)).toEqual(await twin.read(queries))
  })
})

describe.each(syncClients)('a call by itself, over %s', (name) => {
  it('is answered at once, and callers side by side are not', async () => {
    const { client } = await open(name, await newFile())
    const { usage } = sqliteStore({ client })
    await consume(usage)
    const first = usage.execute([consumption({ key: 'k' })])
    const second = usage.execute([consumption({})])
    expect(first).toMatchObject([{ kind: 'taken', buckets: [{ used: 2 }] }])
    expect(second).toBeInstanceOf(Promise)
    expect(await second).toMatchObject([{ kind: 'taken', buckets: [{ used: 3 }] }])
    expect(usage.execute([consumption({})])).toMatchObject([{ kind: 'taken', buckets: [{ used: 4 }] }])
    const [repeated] = await usage.execute([consumption({ key: 'k' })])
    expect(repeated).toMatchObject({ kind: 'taken', repeated: true, buckets: [{ used: 4 }] })
  })

  it('rejects what is not valid, and throws nothing', async () => {
    const { client, run } = await open(name, await newFile())
    const { usage } = sqliteStore({ client })
    await consume(usage)
    const wrong = usage.execute([consumption({ amount: 0 })])
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-request' })
    await run('begin')
    const inTransaction = usage.execute([consumption({})])
    await expect(inTransaction).rejects.toMatchObject({ code: 'invalid-configuration', reason: 'open-transaction' })
    await run('rollback')
    expect(await usedOf(usage)).toBe(1)
  })
})

describe('calls of one tick', () => {
  it('are one transaction', async () => {
    const database = new BetterSqlite(await newFile())
    onTestFinished(() => void database.close())
    let begun = 0
    const client: SyncClient = {
      prepare(sql) {
        if (sql !== 'begin immediate') return database.prepare(sql)
        const begin = database.prepare(sql)
        return { all: () => [], run: () => ((begun += 1), begin.run()) }
      },
      exec: (sql) => database.exec(sql),
      get inTransaction() {
        return database.inTransaction
      },
    }
    const batcher = createUsageBatcher(sqliteStore({ client }).usage)
    const ask = async (round: number): Promise<readonly UsageOutcome[]> =>
      Promise.all(
        Array.from({ length: 100 }, async (_, index) =>
          batcher.submit(consumption({ customer: `customer-${index % 30}`, key: `key-${round}-${index}` })),
        ),
      )
    await ask(0)
    await ask(1)
    begun = 0
    expect((await ask(2)).every(({ kind }) => kind === 'taken')).toBe(true)
    expect(begun).toBe(1)
    expect(database.prepare('select count(*) from farebox_usage_keys').pluck().get()).toBe(300)
  })
})

const byName = (one: { readonly bucket: string }, other: { readonly bucket: string }): number => (one.bucket < other.bucket ? -1 : 1)
const startOf = ({ bucket }: { readonly bucket: string }): number => Number(bucket.split(':')[1])

describe('years of usage periods', () => {
  const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
  const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)

  it.each(clients)('leave documents short over %s, and every period is still there', async (name) => {
    const file = await newFile()
    const { client } = await open(name, file)
    const clock = manualClock()
    const { usage } = sqliteStore({ client, clock })
    const twin = memoryStore({ clock }).usage
    const random = seededRandom(seed)
    const month = 30 * 86_400_000
    const reserved: string[] = []
    const months = isFull ? 240 : 40
    for (let period = 0; period < months; period += 1) {
      const buckets = [bucketOf(`grant:${Math.floor(period / 7)}`, 12), bucketOf(`allowance:${period * month}`, 40), bucketOf(`overage:${period * month}`)]
      for (let call = 0; call < 6; call += 1) {
        const key = random.integer(0, 2) === 0 ? `key-${period}-${call}` : null
        const taking = consumption({ amount: random.integer(1, 9), key, buckets, keyFor: 3 * month })
        const ending = { expiresIn: 2 * month, onExpiry: 'settle', overdraft: 5, overdraftBucket: bucketOf(`overdraft:${period * month}`) } as const
        const reservation = `held-${period}-${call}`
        const operations = [
          random.integer(0, 2) === 0 ? ({ ...taking, verb: 'reserve', reservation, ...ending } as const) : taking,
          { verb: 'settle', customer: 'ada', feature: 'apiCalls', reservation: reserved[random.integer(0, reserved.length)] ?? 'none', amount: random.integer(0, 12) } as const,
          { verb: 'release', customer: 'ada', feature: 'apiCalls', target: { by: 'key', key: `key-${period - random.integer(0, 3)}-${call}` } } as const,
        ]
        expect(await usage.execute(operations)).toEqual(await twin.execute(operations))
        if (operations[0]!.verb === 'reserve') reserved.push(reservation)
        clock.advance(random.integer(0, month / 4))
      }
      const known = [...buckets, bucketOf('allowance:0'), bucketOf('grant:0'), bucketOf(`overage:${(period - 2) * month}`)].map(({ id }) => id)
      const queries = [{ customer: 'ada', feature: 'apiCalls', buckets: known, gates: [] }]
      expect(await usage.read(queries)).toEqual(await twin.read(queries))
      if (period % 5 === 0) await usage.sweep()
    }
    const span = { customer: 'ada', feature: 'apiCalls', from: 0, to: months * month }
    const history = await usage.history(span)
    // Of one period the counters are told in any order.
    expect(history.toSorted(byName)).toEqual((await twin.history(span)).toSorted(byName))
    expect(history.map(startOf)).toEqual(history.map(startOf).toSorted((one, other) => one - other))
    expect(history.length).toBeGreaterThan(months / 2)

    const reader = new BetterSqlite(file, { readonly: true })
    const longest = reader.prepare('select max(length(document)) from farebox_usage').pluck().get()
    reader.close()
    expect(longest).toBeLessThan(1000)
    process.stdout.write(`${months} periods over ${name}, seed ${seed}\n`)
  })
})
