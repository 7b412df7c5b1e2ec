import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../../src/drivers/postgres/migrate.ts'
import { migrations } from '../../src/drivers/postgres/migrations/index.ts'
import { postgresStore } from '../../src/drivers/postgres/postgres-store.ts'
import { type Database, type OpenClient, administer, clientKinds, createDatabase, openPool } from './databases.ts'

const database: Database = await createDatabase()
afterAll(async () => database.drop())

const latest = migrations.length
const all = migrations.map(({ version, name }) => ({ version, name }))

/** Every table, index and function of the schema. */
async function readSchema({ client }: ReturnType<typeof openPool>): Promise<readonly unknown[]> {
  const { rows } = await client.query(`
    select relname as name, relkind::text as kind, relrowsecurity as secured from pg_class
      where relnamespace = 'farebox'::regnamespace
    union all select proname || pg_get_function_arguments(oid), md5(pg_get_functiondef(oid)), prosecdef from pg_proc
      where pronamespace = 'farebox'::regnamespace
    order by name, kind`)
  return rows
}

async function nextLine(child: ChildProcess): Promise<string> {
  const [line]: unknown[] = await once(child.stdout!, 'data')
  return String(line)
}

describe.each(clientKinds)('migrate() on $kind', ({ open }) => {
  it('creates the schema, says what it did, and does nothing the next time', async () => {
    await administer(database.url, 'drop schema if exists farebox cascade')
    const { client, close }: OpenClient = await open(database.url)
    try {
      expect(await migrate(client)).toEqual({ version: latest, applied: all })
      expect(await migrate(client)).toEqual({ version: latest, applied: [] })
    } finally {
      await close()
    }
  })
})

describe('migrate()', () => {
  const pool = openPool(database.url)
  afterAll(pool.close)
  beforeEach(async () => administer(database.url, 'drop schema if exists farebox cascade'))

  it('is run once by eight processes that start together', async () => {
    const program = fileURLToPath(new URL('migrate-process.ts', import.meta.url))
    const processes = Array.from({ length: 8 }, () =>
      spawn(process.execPath, ['--conditions=@farebox/source', program, database.url], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    await Promise.all(processes.map(nextLine))
    const answers = processes.map(nextLine)
    for (const child of processes) child.stdin.write('go\n')
    const outcomes = (await Promise.all(answers)).map((line) => JSON.parse(line) as Awaited<ReturnType<typeof migrate>>)

    expect(outcomes.map(({ version }) => version)).toEqual(Array.from({ length: 8 }, () => latest))
    expect(outcomes.flatMap(({ applied }) => applied).toSorted((one, other) => one.version - other.version)).toEqual(all)
  })

  it.each(['repeatable read', 'serializable'])('is run once by several pools that isolate by %s', async (level) => {
    const url = new URL(database.url)
    url.searchParams.set('options', `-c default_transaction_isolation=${level.replaceAll(' ', '\\ ')}`)
    const pools = Array.from({ length: 6 }, () => openPool(url.href))
    const outcomes = await Promise.all(pools.map(async ({ client }) => migrate(client)))
    for (const { close } of pools) await close()

    expect(outcomes.flatMap(({ applied }) => applied).toSorted((one, other) => one.version - other.version)).toEqual(all)
  })

  it('ends at the same schema when the plain SQL is run by other means, and takes that over', async () => {
    await migrate(pool.client)
    const expected = await readSchema(pool)
    await administer(database.url, 'drop schema farebox cascade', ...migrations.map(({ sql }) => `begin; ${sql} commit;`))

    expect(await readSchema(pool)).toEqual(expected)
    expect(await migrate(pool.client)).toEqual({ version: latest, applied: [] })
  })

  it('runs only what is missing, whole or not at all', async () => {
    await administer(database.url, migrations[0]?.sql ?? '')
    expect((await migrate(pool.client)).applied).toEqual(all.slice(1))

    await administer(database.url, 'drop schema farebox cascade', 'create schema farebox', 'create table farebox.records ()')
    await expect(migrate(pool.client)).rejects.toMatchObject({ code: 'unavailable', cause: { code: '42P06' } })
    expect((await pool.client.query(`select to_regclass('farebox.migrations') as found`)).rows).toEqual([{ found: null }])
  })

  it('replaces the functions of an earlier version', async () => {
    await migrate(pool.client)
    const expected = await readSchema(pool)
    await administer(
      database.url,
      'alter function farebox.usage_execute rename to old; drop function farebox.usage_hold; delete from farebox.migrations where version > 4',
      `do $$ begin execute replace(replace(pg_get_functiondef('farebox.old'::regproc), 'farebox.old(', 'farebox.usage_execute('), 'groups > 0', 'true'); end $$`,
      'drop function farebox.old',
    )
    expect(await readSchema(pool)).not.toEqual(expected)
    expect((await migrate(pool.client)).applied).toEqual(all.slice(4))
    expect(await readSchema(pool)).toEqual(expected)
  })

  it('refuses a database that is newer than this package', async () => {
    await migrate(pool.client)
    await administer(database.url, `insert into farebox.migrations (version, name) values (${latest + 1}, 'of the future')`)
    await expect(migrate(pool.client)).rejects.toMatchObject({
      code: 'invalid-configuration',
      faults: [{ path: 'client', message: expect.stringContaining(`version ${latest + 1}`) }],
    })
  })

  it('is asked for by a store that is used before it ran', async () => {
    const { records } = postgresStore({ client: pool.client })
    const failure = { code: 'invalid-configuration', message: expect.stringContaining('run migrate(client)') }
    await expect(records.load('customer', ['customers'])).rejects.toMatchObject(failure)
    await expect(records.commit('customer', [])).rejects.toMatchObject(failure)
    await expect(records.forget('customer')).rejects.toMatchObject(failure)
    await migrate(pool.client)
    expect((await records.load('customer', ['customers'])).rows).toEqual({ customers: [] })
  })
})

describe('migrations', () => {
  it('are numbered from one without a gap, and note themselves', () => {
    expect(migrations.map(({ version }) => version)).toEqual(Array.from({ length: latest }, (_, index) => index + 1))
    for (const { version, name, sql } of migrations) {
      expect(sql).toContain(`insert into farebox.migrations (version, name) values (${version}, '${name}');`)
      // The tags between which they are quoted when they run.
      expect(sql).not.toMatch(/\$(?:block|migration)\$/)
    }
  })
})
