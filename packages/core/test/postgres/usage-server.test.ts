import type pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { day, minute } from '../../src/domain/instant.ts'
import { groupOperations } from '../../src/drivers/postgres/usage-groups.ts'
import { migrate, postgresStore } from '../../src/drivers/postgres/index.ts'
import type { ConsumeOperation, UsageBucket, UsageOperation } from '../../src/ports/usage-store.ts'
import { administer, createDatabase, openPool } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const database = await ownDatabase()
const open = readyClient(() => openPool(database.url, { max: 1 }))

const allowance: UsageBucket = { id: 'allowance:0', kind: 'allowance', limit: 60, keepUntil: null }

function consumption(customer: string, changes: Partial<Omit<ConsumeOperation, 'verb'>> = {}): ConsumeOperation {
  const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
  const defaults = { customer, feature: 'f', amount: 1, key: null, keyFor: day, freshness, gates: [], buckets: [allowance] }
  return { verb: 'consume', ...defaults, ...changes }
}

/** Scans of whole tables and rows that were found by indexes, so far. */
async function readSoFar(client: pg.Pool = open.client): Promise<{ readonly scans: number; readonly rows: number }> {
  await client.query('select pg_stat_force_next_flush()')
  const { rows } = await client.query<{ scans: number; rows: number }>(`
    select sum(seq_scan)::float8 as scans, sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::float8 as rows
    from pg_stat_user_tables where schemaname = 'farebox' and relname like 'usage%'`)
  return rows[0] ?? { scans: Number.NaN, rows: Number.NaN }
}

const tables = ['usage', 'usage_keys', 'usage_history', 'usage_reservations'] as const

/** As an import would: rows of customers that have a number. */
async function fill(client: pg.Pool, from: number, to: number): Promise<void> {
  const many = `from generate_series(${from}, ${to}) as i`
  const columns = 'customer, feature, shape, version, marker_until, keep_until, expiry, used, reserved, arrival, arrival_2, paid'
  await client.query(`insert into farebox.usage (${columns}) select 'many-' || i || s, f, '[["aallowance:0"],[]]', 1, 9e15, 9007199254740991, 9007199254740991, 0, 0, 0, 0, 1 ${many}, unnest(array['', 'b']) as s, unnest(array['', 'f']) as f`)
  await client.query(`insert into farebox.usage_keys (until, amount, paid, customer, key, feature) select 9e15, 1, 1, 'many-' || i, 'k', 'f' ${many}`)
  await client.query(`insert into farebox.usage_history (customer, feature, bucket, used, keep_until) select 'many-' || i, 'f', 'allowance:-1', 1, 0 ${many}`)
  await client.query(`insert into farebox.usage_reservations select 'many-' || i, 'f', 'old', 1, '[]', '[]', 0, '{}', 'release', 9e15, null, null, null ${many}`)
}

describe('tables that grew fast are read by their indexes, by plans that were made while they', () => {
  it.each([
    ['were never analysed', undefined],
    ['were known to be empty', 0],
    ['were known to hold one customer', 1],
    ['were known to hold twelve customers', 12],
  ])('%s', { timeout: 600_000 }, async (_, known) => {
    const own = await createDatabase()
    const { client, close } = openPool(own.url, { max: 1 })
    await migrate(client)
    for (const table of tables) await client.query(`alter table farebox.${table} set (autovacuum_enabled = false)`)
    if (known !== undefined) {
      await fill(client, 1, known)
      await client.query(`vacuum analyze ${tables.map((table) => `farebox.${table}`).join(', ')}`)
    }
    const { usage: store, raising } = postgresStore({ client })
    const held = { expiresIn: minute, onExpiry: 'release', overdraft: 0, overdraftBucket: allowance } as const
    const gates = [{ id: '100/minute', limit: 100, period: minute, burst: 100 }]
    const loaded = { freshness: { version: 1, validFrom: 0, validUntil: null, loaded: false } }
    const later = { ...loaded, buckets: [{ ...allowance, id: 'allowance:1' }] }
    let name = 0
    const calls: Readonly<Record<string, (customer: string) => unknown>> = {
      'the first of a customer': (customer) => store.execute([consumption(`${customer}-new`)]),
      'one row': (customer) => store.execute([consumption(customer, loaded)]),
      'one row with a gate': (customer) => store.execute([consumption(customer, { ...loaded, gates })]),
      'one row with a key': (customer) => store.execute([consumption(customer, { ...loaded, key: `k${(name += 1)}` })]),
      'several rows': (customer) => store.execute([consumption(customer, loaded), consumption(`${customer}b`, { ...loaded, gates })]),
      'rows with keys': (customer) => store.execute([consumption(customer, loaded), consumption(`${customer}b`, { key: `k${(name += 1)}` })]),
      'a key twice': (customer) => store.execute([consumption(customer, { key: 'same' }), consumption(customer, { key: 'same' })]),
      'a reservation': (customer) => store.execute([{ ...consumption(customer), ...held, verb: 'reserve', reservation: `r${(name += 1)}` }]),
      'what ends it': (customer) => store.execute([{ verb: 'settle', customer, feature: 'f', reservation: `r${name}`, amount: 1 }]),
      'a reservation that expires': (customer) =>
        store.execute([{ ...consumption(customer), ...held, expiresIn: 0, verb: 'reserve', reservation: `r${(name += 1)}`, key: `k${name}` }]),
      'what it leaves': (customer) => store.execute([{ verb: 'release', customer, feature: 'f', target: { by: 'key', key: `k${name}` } }]),
      'a draw that is given back': (customer) =>
        store.execute([{ verb: 'release', customer, feature: 'f', target: { by: 'drawn', drawn: [{ bucket: 'allowance:0', kind: 'allowance', amount: 1 }] } }]),
      'a new period': (customer) => store.execute([consumption(customer, later)]),
      reading: (customer) => store.read([customer, `${customer}b`].map((each) => ({ customer: each, feature: 'f', buckets: ['allowance:0'], gates: [] }))),
      'the past': (customer) => store.history({ customer, feature: 'f', from: 0, to: 1 }),
      'a marker': (customer) => store.raiseVersion(customer, 1),
      'a marker with a commit': (customer) => raising?.commit(customer, [], 1),
      forgetting: (customer) => store.forget(`${customer}-new`),
    }
    for (let time = 0; time < 12; time += 1) for (const call of Object.values(calls)) await call(`many-${(time % 12) + 1}`)
    await store.sweep()
    await fill(client, 100, 20_000)

    const met: Record<string, string> = {}
    for (const [what, call] of [...Object.entries(calls), ['sweeping', () => store.sweep()] as const]) {
      for (let time = 0; time < 2; time += 1) {
        const before = await readSoFar(client)
        await call(`many-${500 + time}`)
        const after = await readSoFar(client)
        // A sweep looks at so many rows a call.
        const most = what === 'sweeping' ? 2500 : 50
        const rows = after.rows - before.rows
        if (after.scans > before.scans || rows > most) met[what] = `${after.scans - before.scans} scans, ${rows} rows`
      }
    }
    await close()
    await own.drop()
    expect(met).toEqual({})
  })
})

describe('a batch of plain consumptions', () => {
  it('is read by its index by the plan that was made when the table was known to be empty', async () => {
    const store = postgresStore({ client: open.client }).usage
    await open.client.query('truncate farebox.usage')
    await open.client.query('vacuum analyze farebox.usage')
    const count = async (first: number, key: string | null): Promise<readonly string[]> => {
      const operations = Array.from({ length: 20 }, (_, index) => consumption(`grown-${first + index}`, { key }))
      return (await store.execute(operations)).map(({ kind }) => kind)
    }
    await count(0, null)
    await count(0, null)
    const columns = 'customer, feature, shape, version, marker_until, keep_until, expiry, used, reserved, arrival, arrival_2, paid'
    await open.client.query(`insert into farebox.usage (${columns}) select 'grown-' || i, 'f', '[["aallowance:0"],[]]', 1, 9e15, 9007199254740991, 9007199254740991, 0, 0, 0, 0, 1 from generate_series(20, 50000) as i`)
    const before = await readSoFar()
    const kinds = [...(await count(100, null)), ...(await count(200, 'k')), ...(await count(300, null))]
    const after = await readSoFar()
    expect(new Set(kinds)).toEqual(new Set(['taken']))
    expect(after.scans - before.scans).toBe(0)
    expect(after.rows - before.rows).toBeGreaterThan(59)
    expect(after.rows - before.rows).toBeLessThan(200)
  })
})

/** Rows of counters that were inserted and updated so far. */
async function writtenSoFar(): Promise<readonly [number, number]> {
  await open.client.query('select pg_stat_force_next_flush()')
  const { rows } = await open.client.query<{ inserts: number; updates: number }>(
    `select n_tup_ins::float8 as inserts, n_tup_upd::float8 as updates from pg_stat_user_tables where schemaname = 'farebox' and relname = 'usage'`,
  )
  return [rows[0]?.inserts ?? Number.NaN, rows[0]?.updates ?? Number.NaN]
}

async function writtenBy(work: () => Promise<unknown>): Promise<{ readonly inserts: number; readonly updates: number }> {
  const before = await writtenSoFar()
  await work()
  const after = await writtenSoFar()
  return { inserts: after[0] - before[0], updates: after[1] - before[1] }
}

function withOverage(id: string): readonly UsageBucket[] {
  return [{ ...allowance, id }, { ...allowance, id: `overage:${id}`, kind: 'overage' }]
}

describe('each row is written once', () => {
  const gates = [{ id: '100/minute', limit: 100, period: minute, burst: 100 }]

  it('when customers are new, alone and in a batch, and when a period begins', async () => {
    const store = postgresStore({ client: open.client }).usage
    const customers = Array.from({ length: 20 }, (_, index) => `written-${index}`)
    const count = (id: string, chosen: readonly string[]) => async () => {
      const outcomes = await store.execute(chosen.map((customer) => consumption(customer, { buckets: withOverage(id), gates })))
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['taken']))
    }
    expect(await writtenBy(count('allowance:0', ['written alone']))).toEqual({ inserts: 2, updates: 0 })
    expect(await writtenBy(count('allowance:0', customers))).toEqual({ inserts: 40, updates: 0 })
    expect(await writtenBy(count('allowance:0', customers))).toEqual({ inserts: 0, updates: 20 })
    expect(await writtenBy(count('allowance:1', customers))).toEqual({ inserts: 0, updates: 20 })
    const reading = await store.read([{ customer: 'written-7', feature: 'f', buckets: ['allowance:0', 'allowance:1', 'overage:allowance:1'], gates }])
    expect(reading[0]?.buckets.map(({ used }) => used)).toEqual([2, 1, 0])
  })

  it('when an amount is reserved and settled', async () => {
    const store = postgresStore({ client: open.client }).usage
    await store.execute([consumption('written held')])
    const held = { reservation: 'r', expiresIn: minute, onExpiry: 'release', overdraft: 5, overdraftBucket: allowance } as const
    const reserve: UsageOperation = { ...consumption('written held', { amount: 3 }), ...held, verb: 'reserve' }
    expect(await writtenBy(async () => store.execute([reserve]))).toEqual({ inserts: 0, updates: 1 })
    const settle: UsageOperation = { verb: 'settle', customer: 'written held', feature: 'f', reservation: 'r', amount: 5 }
    expect(await writtenBy(async () => store.execute([settle]))).toEqual({ inserts: 0, updates: 1 })
  })
})

describe('a call in two halves', () => {
  it('answers the half that was counted where the other fails, and fails where both do', async () => {
    const customers = Array.from({ length: 300 }, (_, index) => `half-${(index * 7) % 300}`)
    const operations = customers.map((customer): UsageOperation => consumption(customer, { buckets: [{ ...allowance, limit: 1 }] }))
    const broken = new Error('The connection is gone')
    let failing = 1
    const query = async (asked: pg.QueryConfig): Promise<pg.QueryResult> => {
      failing -= 1
      return failing >= 0 ? Promise.reject(broken) : open.client.query(asked)
    }
    const client = { connect: async () => undefined, query }
    const outcomes = await postgresStore({ client }).usage.execute(operations)
    const failed = outcomes.filter((outcome) => outcome.kind === 'failed')
    expect(outcomes.filter(({ kind }) => kind === 'taken')).toHaveLength(150)
    expect(failed).toHaveLength(150)
    expect(failed[0]).toMatchObject({ error: { code: 'unavailable', cause: broken } })
    const again = await postgresStore({ client: open.client }).usage.execute(operations)
    expect(again.map(({ kind }) => kind)).toEqual(outcomes.map(({ kind }) => (kind === 'failed' ? 'taken' : 'refused')))
    failing = 2
    await expect(postgresStore({ client }).usage.execute(operations)).rejects.toMatchObject({ code: 'unavailable', cause: broken })
  })
})

it('a call names customers in the order in which the database locks them, whatever their characters', async () => {
  const customers = ['b', 'a\u{1f600}', 'a', 'a\uffee', 'a\u{1f601}', 'ä', 'a\u{1f600}b', 'Z']
  const { rows } = await open.client.query<{ name: string }>('select name from unnest($1::text[]) as n (name) order by name collate "C"', [customers])
  const { groups } = groupOperations(customers.flatMap((customer) => [consumption(customer), consumption(customer, { feature: 'e' })]))
  expect(groups.map(({ first }) => first.customer)).toEqual(rows.flatMap(({ name }) => [name, name]))
  expect(groups.map(({ first }) => first.feature)).toEqual(customers.flatMap(() => ['e', 'f']))
})

describe('settings of the database that stand in the way', () => {
  it('are told, and none when all is as it should be', async () => {
    expect(await postgresStore({ client: open.client }).usage.inspect?.()).toEqual([])
    const strict = openPool(`${database.url}?options=${encodeURIComponent('-c default_transaction_isolation=serializable -c synchronous_commit=off')}`)
    const warnings = (await postgresStore({ client: strict.client }).usage.inspect?.()) ?? []
    await strict.close()
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('default_transaction_isolation is serializable')
    expect(warnings[1]).toContain('synchronous_commit')
  })

  it.each(['repeatable read', 'serializable'])('never let a limit be passed: %s', async (isolation) => {
    const own = `alter database "${new URL(database.url).pathname.slice(1)}"`
    await administer(database.url, `${own} set default_transaction_isolation = '${isolation}'`)
    onTestFinished(async () => administer(database.url, `${own} reset default_transaction_isolation`))
    const strict = openPool(database.url, { max: 6 })
    const store = postgresStore({ client: strict.client }).usage
    const customer = `strict ${isolation}`
    await store.raiseVersion(customer, 1)
    const calls = Array.from({ length: 40 }, async (_, index) => store.execute([consumption(customer, { amount: 2, key: index % 3 === 0 ? `k${index % 4}` : null })]))
    const outcomes = (await Promise.allSettled(calls)).flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    const counted = outcomes.filter((outcome) => outcome.kind === 'taken' && !outcome.repeated)
    const [reading] = await store.read([{ customer, feature: 'f', buckets: ['allowance:0'], gates: [] }])
    await strict.close()
    expect(counted.length).toBeGreaterThan(0)
    expect(reading?.buckets).toEqual([{ id: 'allowance:0', used: 2 * counted.length, reserved: 0 }])
    expect(2 * counted.length).toBeLessThanOrEqual(60)
  })
})
