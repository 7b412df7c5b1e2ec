import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresClient, queryOf } from '../../src/drivers/postgres/client.ts'
import { type Database, type OpenClient, clientKinds, createDatabase, openPool } from './databases.ts'

const database: Database = await createDatabase()
afterAll(async () => database.drop())

const odd = 'ä€😀"\\{},\'; \u0001 \u2028'

describe.each(clientKinds)('$kind', ({ open }) => {
  let opened: OpenClient
  beforeAll(async () => {
    opened = await open(database.url)
  })
  afterAll(async () => opened.close())

  it.each([true, false])('passes scalars on as they are, and answers text and float8 (prepare: %s)', async (prepare) => {
    const query = queryOf(opened.client, { prepare })
    const statement = {
      name: 'client_scalars',
      text: `select $1::text as text, $2::bigint::text as big, $3::float8 as number, $4::text as nothing, $5::integer + 1 as count,
        ($1::text::jsonb ->> 0) as inner, array(select jsonb_array_elements_text($1::text::jsonb))::text as list`,
    }
    const list = JSON.stringify([odd, 'b'])
    for (let time = 0; time < 3; time += 1) {
      expect(await query(statement, [list, 2 ** 53 - 1, -0.1, null, 41])).toMatchObject([
        { text: list, big: '9007199254740991', number: -0.1, nothing: null, count: 42, inner: odd },
      ])
    }
    const exact = { name: 'client_exact', text: 'select $1::bigint::float8 as big, $2::float8 as tiny' }
    expect(await query(exact, [-(2 ** 53 - 1), 5e-324])).toEqual([{ big: -(2 ** 53 - 1), tiny: 5e-324 }])
    expect(await query({ name: 'client_none', text: 'select 1 where false' }, [])).toEqual([])
  })

  it('runs a block of several statements in one transaction', async () => {
    const query = queryOf(opened.client, { prepare: false })
    const run = async (last: string): Promise<unknown> =>
      query({ name: 'block', text: `do $block$ begin execute $sql$create table client_block (a integer); insert into client_block values (1); ${last}$sql$; end $block$` }, [])
    await expect(run('select 1 / 0;')).rejects.toMatchObject({ code: 'unavailable', cause: { code: '22012' } })
    await run('')
    expect(await query({ name: 'count', text: 'select count(*)::float8 as count from client_block' }, [])).toEqual([{ count: 1 }])
    await query({ name: 'drop', text: 'drop table client_block' }, [])
  })

  it('says what to do where the schema is missing, and keeps the failure as the cause', async () => {
    const query = queryOf(opened.client)
    for (const text of ['select 1 from farebox.nothing', 'select farebox.nothing()', 'select nothing from (select 1) as a']) {
      const failure = await query({ name: `missing_${text.length}`, text }, []).catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'invalid-configuration', message: expect.stringContaining('run migrate(client)') })
    }
    const failure = await query({ name: 'secret', text: `select $1::text::integer` }, ['sk_live_secret']).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'unavailable', cause: { code: '22P02' } })
    expect(String(failure)).not.toContain('sk_live_secret')
  })

  it('tries a deadlock and a serialization failure again, a few times', async () => {
    const query = queryOf(opened.client, { prepare: false })
    for (const state of ['40001', '40P01', '23505']) {
      let tries = 0
      const failing = queryOf({
        query: async () => {
          tries += 1
          const text = tries < 4 ? `do $$ begin raise exception using errcode = '${state}'; end $$` : 'select 1 as one'
          return query({ name: 'x', text }, []).catch((error: { cause: unknown }) => Promise.reject(error.cause))
        },
      })
      expect(await failing({ name: 'x', text: 'x' }, [])).toEqual([{ one: 1 }])
      expect(tries).toBe(4)
    }
  })
})

const method = (): void => undefined

describe('queryOf()', () => {
  it('refuses what is no client of PostgreSQL, and says what to give', () => {
    const others: readonly unknown[] = [
      undefined, null, 'postgres://localhost', {}, () => undefined,
      { query: method, execute: method, getConnection: method, end: method },
      { query: method, prepare: method, exec: method },
      { query: {}, select: method, execute: method },
      { $queryRaw: method, $connect: method },
      { query: method, define: method, transaction: method },
      { unsafe: method },
    ]
    for (const other of others) {
      expect(() => queryOf(other as PostgresClient)).toThrow(
        expect.objectContaining({ code: 'invalid-configuration', faults: [expect.objectContaining({ path: 'client' })] }),
      )
    }
  })

  it('refuses a client whose answers are no rows', async () => {
    for (const answer of [undefined, 'rows', { rowCount: 1 }, [[1], {}], { rows: [1] }]) {
      const client = { query: async () => answer } as PostgresClient
      await expect(queryOf(client)({ name: 'a', text: 'select 1' }, [])).rejects.toMatchObject({ code: 'invalid-configuration' })
    }
  })

  it('gives a single connection one query at a time', async () => {
    const client = new pg.Client({ connectionString: database.url })
    const warnings: unknown[] = []
    const warn = (warning: unknown): void => void warnings.push(warning)
    process.on('warning', warn)
    await client.connect()
    const query = queryOf(client)
    const answers = await Promise.allSettled([1, 0, 2].map(async (value) => query({ name: 'one', text: 'select 2 / $1::integer as half' }, [value])))
    await client.end()
    await new Promise(setImmediate)
    process.off('warning', warn)
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(warnings).toEqual([])
  })

  it('answers unavailable while the server cannot be reached', async () => {
    const { client, close } = openPool('postgres://postgres@127.0.0.1:1/none')
    await expect(queryOf(client)({ name: 'a', text: 'select 1' }, [])).rejects.toMatchObject({ code: 'unavailable' })
    await close()
  })
})
