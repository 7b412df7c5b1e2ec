import type { RecordStore } from '@farebox/core'
import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customerRow, outboxRow, writeOutbox } from '../../src/testing/record-contract/record-trial.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { type Database, administer, createDatabase, openPool } from './databases.ts'

const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
const rounds = isFull ? 1000 : 100

const database: Database = await createDatabase()
const pools = Array.from({ length: 4 }, () => openPool(database.url, { max: 4 }))
const stores: readonly RecordStore[] = pools.map(({ client }) => postgresStore({ client }).records)
const [first = stores[0]!] = stores

const commit = async (...request: Parameters<RecordStore['commit']>): Promise<unknown> => first.commit(...request)

beforeAll(async () => migrate(pools[0]!.client))
afterAll(async () => {
  await Promise.all(pools.map(async ({ close }) => close()))
  await database.drop()
})

describe('commits from several pools', () => {
  it(`lets exactly one of those with the same expectation through, ${rounds} times`, { timeout: 300_000 }, async () => {
    const customer = 'raced'
    for (let round = 0; round < rounds; round += 1) {
      const outcomes = await Promise.all(
        stores.map(async (store, index) => {
          const value = customerRow({ version: index })
          return store.commit(customer, [{ collection: 'customers', id: customer, expect: round, value }, writeOutbox(`${round}-${index}`, 0, 0)])
        }),
      )
      expect(outcomes.filter(({ kind }) => kind === 'committed')).toHaveLength(1)
    }
    const { rows } = await first.load(customer, ['customers', 'outbox'])
    expect(rows.customers).toMatchObject([{ revision: rounds }])
    expect(rows.outbox).toHaveLength(rounds)
  })

  it('makes of the same new row, written by all of them at once, one row', async () => {
    for (let round = 0; round < 30; round += 1) {
      const outcomes = await Promise.all(stores.map(async (store) => store.commit(`new-${round}`, [writeOutbox('row')])))
      expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'committed', 'committed', 'committed'])
      expect((await first.load(`new-${round}`, ['outbox'])).rows.outbox).toMatchObject([{ revision: 4 }])
    }
  })

  it('locks customers in one order: groups that share customers never end each other', async () => {
    const random = seededRandom(7)
    const customers = Array.from({ length: 12 }, (_, index) => `shared-${index}`)
    const writes = Array.from({ length: isFull ? 4000 : 600 }, () => [random.pick(stores), random.pick(customers)] as const)
    await Promise.all(writes.map(async ([store, customer]) => store.commit(customer, [writeOutbox('row')])))
    const found = await Promise.all(customers.map(async (customer) => first.load(customer, ['outbox'])))
    const revisions = found.map(({ rows }) => rows.outbox[0]?.revision ?? 0)
    expect(revisions.reduce((sum, revision) => sum + revision, 0)).toBe(writes.length)
  })

  it('erases all or nothing of a customer that is written meanwhile', async () => {
    for (let round = 0; round < 30; round += 1) {
      await first.commit('forgotten', [writeOutbox('a'), writeOutbox('b')])
      await Promise.all([stores[1]!.commit('forgotten', [writeOutbox('a'), writeOutbox('c')]), stores[2]!.forget('forgotten')])
      const ids = (await first.load('forgotten', ['outbox'])).rows.outbox.map(({ id }) => id)
      expect([[], ['a', 'c']]).toContainEqual(ids)
      await first.forget('forgotten')
    }
  })

  it('is right under a stricter isolation level too', async () => {
    const strict = openPool(database.url, { options: '-c default_transaction_isolation=serializable', max: 4 })
    const store = postgresStore({ client: strict.client }).records
    const outcomes = await Promise.all(
      [store, first].flatMap((one) => Array.from({ length: 5 }, async (_, index) => one.commit('strict', [writeOutbox('row', index, 0)]))),
    )
    await strict.close()
    expect(outcomes.filter(({ kind }) => kind === 'committed')).toHaveLength(1)
  })
})

describe('a commit of many rows', () => {
  it('is written whole, in a time that grows with their number alone', async () => {
    const writes = Array.from({ length: 20_000 }, (_, index) => writeOutbox(`${index}`, 0, 0))
    const timeOf = async (customers: readonly string[]): Promise<number> => {
      const begun = performance.now()
      const count = writes.length / customers.length
      for (const customer of customers) expect(await commit(customer, writes.slice(0, count))).toMatchObject({ kind: 'committed' })
      return performance.now() - begun
    }
    const ratios: number[] = []
    for (const customer of ['large', 'large-too', 'large-again']) {
      const small = await timeOf(Array.from({ length: 20 }, (_, index) => `small-${customer}-${index}`))
      ratios.push((await timeOf([customer])) / small)
    }
    // As many rows, in one commit or twenty: what else the machine does slows down both. With the square of the rows it would be some ten times the time.
    expect(Math.min(...ratios)).toBeLessThan(3.5)
    expect(await commit('large', [writeOutbox('another', 0, 0), ...writes.slice(-1)])).toMatchObject({ kind: 'conflict', id: '19999' })
    expect((await first.load('large', ['outbox'])).rows.outbox).toHaveLength(20_000)
  })

  it('expects a row that it has written before as it left it, and any other as it is', async () => {
    await first.commit('repetitive', [writeOutbox('a', 0, 0), writeOutbox('b', 0, 0)])
    const gone = { collection: 'outbox', id: 'a', value: null } as const
    expect(await commit('repetitive', [writeOutbox('a', 1, 1), writeOutbox('a', 2, 2), gone, writeOutbox('a', 3, 0), writeOutbox('b', 1, 1)])).toMatchObject({ kind: 'committed' })
    expect(await commit('repetitive', [writeOutbox('a', 4, 1), writeOutbox('a', 4, 1)])).toMatchObject({ kind: 'conflict', id: 'a' })
    expect(await commit('repetitive', [writeOutbox('a', 4), writeOutbox('a', 4, 2), writeOutbox('b', 1, 1)])).toMatchObject({ kind: 'conflict', id: 'b' })
    expect((await first.load('repetitive', ['outbox'])).rows.outbox).toMatchObject([{ id: 'a', revision: 1 }, { id: 'b', revision: 2 }])
  })
})

describe('commits that travel together', () => {
  it('leave their neighbours alone, whether in conflict, invalid or refused by the server', async () => {
    await administer(database.url, `alter table farebox.records add constraint no_poison check (id <> 'poison')`)
    const outcomes = await Promise.allSettled([
      first.commit('n-0', [writeOutbox('a', 0, 0)]),
      first.commit('n-1', [writeOutbox('a', 0, 0), writeOutbox('b', 0, 5)]),
      first.commit('n-2', [writeOutbox('poison')]),
      first.commit('n-3', [writeOutbox('')]),
      first.commit('n-4', [writeOutbox('\0')]),
      first.commit('n-5', [writeOutbox('a', 0, 0)]),
    ])
    await administer(database.url, 'alter table farebox.records drop constraint no_poison')
    expect(outcomes).toMatchObject([
      { value: { kind: 'committed' } },
      { value: { kind: 'conflict', collection: 'outbox', id: 'b' } },
      { reason: { code: 'unavailable', cause: { code: '23514' } } },
      { reason: { code: 'invalid-request' } },
      { reason: { code: 'invalid-request', faults: [{ path: 'id' }] } },
      { value: { kind: 'committed' } },
    ])
    const found = await Promise.all([0, 1, 2, 3, 4, 5].map(async (index) => first.load(`n-${index}`, ['outbox'])))
    expect(found.map(({ rows }) => rows.outbox.length)).toEqual([1, 0, 0, 0, 0, 1])
  })

  it('take 64 customers that nobody has seen from nothing to written and read in a handful of calls', async () => {
    let calls = 0
    const client = {
      async query(text: string, values: unknown[]) {
        calls += 1
        return pools[0]!.client.query(text, values)
      },
    }
    const { records } = postgresStore({ client })
    const versions = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const customer = `cold-${index}`
        const before = await records.load(customer, ['customers', 'subscriptions', 'grants', 'overrides'])
        expect(before.rows.customers).toEqual([])
        const value = customerRow({ version: index })
        await records.commit(customer, [{ collection: 'customers', id: customer, expect: 0, value }, writeOutbox('marker')])
        return (await records.load(customer, ['customers'])).rows.customers[0]?.value.version
      }),
    )
    expect(versions).toEqual(Array.from({ length: 64 }, (_, index) => index))
    expect(calls).toBeLessThanOrEqual(6)
  })
})

describe('a commit whose connection is ended', () => {
  it('is all or nothing, at whichever row it was', async () => {
    const holder = openPool(database.url, { max: 1 })
    // A row of that name waits for a lock that the test holds.
    await administer(
      database.url,
      `create function public.wait() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(42); return new; end $$`,
      `create trigger wait before insert on farebox.records for each row when (new.id like '%stop') execute function public.wait()`,
    )
    await holder.client.query('select pg_advisory_lock(42)')
    const isWaiting = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    for (let stop = 0; stop < 4; stop += 1) {
      const writes = Array.from({ length: 4 }, (_, index) => writeOutbox(index === stop ? `${index}-stop` : `${index}`))
      const neighbour = first.load('killed', ['outbox'])
      const outcome = commit('killed', [...writes, { collection: 'inbox', id: 'evt', value: null }]).catch((error: unknown) => error)
      let waiting: readonly { readonly pid: number }[] = []
      while (waiting.length === 0) waiting = (await holder.client.query<{ pid: number }>(isWaiting)).rows
      await holder.client.query('select pg_terminate_backend($1)', [waiting[0]?.pid])

      expect(await outcome).toMatchObject({ code: 'unavailable' })
      expect((await neighbour).rows.outbox).toEqual([])
      expect((await first.load('killed', ['outbox'])).rows.outbox).toEqual([])
    }
    await holder.close()
    expect(await first.commit('killed', [writeOutbox('a-stop'), { collection: 'outbox', id: 'b', value: outboxRow() }])).toMatchObject({ kind: 'committed' })
  })
})
