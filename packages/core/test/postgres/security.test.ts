import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customerRow } from '../../src/testing/record-contract/record-trial.ts'
import { type Database, administer, createDatabase, openPool } from './databases.ts'

const database: Database = await createDatabase()
// Roles belong to the whole server, which other tests share: so they are made once and stay.
const roles = ['anon', 'authenticated', 'app_owner', 'app_other']
const owner = openPool(asRole('app_owner'))
const name = new URL(database.url).pathname.slice(1)

function asRole(role: string): string {
  const url = new URL(database.url)
  url.username = role
  return url.href
}

beforeAll(async () => {
  const created = roles.map(
    (role) => `do $$ begin create role ${role} login; exception when duplicate_object or unique_violation then null; end $$`,
  )
  await administer(
    database.url,
    ...created,
    `grant create on database ${name} to app_owner`,
    // What Supabase grants in a new project: everything in the schema public, to come included, and nothing elsewhere.
    'grant usage on schema public to anon, authenticated',
    'grant all on all tables in schema public to anon, authenticated',
    'grant all on all functions in schema public to anon, authenticated',
    'alter default privileges in schema public grant all on tables to anon, authenticated',
    'alter default privileges in schema public grant all on functions to anon, authenticated',
    'alter default privileges in schema public grant all on sequences to anon, authenticated',
  )
  await migrate(owner.client)
  const { records, usage } = postgresStore({ client: owner.client })
  const value = customerRow({ email: 'ada@example.com', paymentCustomer: 'cus_1' })
  await records.commit('user_1', [{ collection: 'customers', id: 'user_1', expect: 0, value }])
  await usage.raiseVersion('user_1', 1)
})

afterAll(async () => {
  await owner.close()
  await database.drop()
})

async function namesOf(client: Pool, query: string): Promise<readonly string[]> {
  return (await client.query<{ name: string }>(query)).rows.map((row) => row.name)
}

async function tables(): Promise<readonly string[]> {
  return namesOf(owner.client, `select oid::regclass::text as name from pg_class where relnamespace = 'farebox'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')`)
}

/** A call of each function, with nulls for its arguments. */
async function calls(): Promise<readonly string[]> {
  return namesOf(owner.client, `select format('select %s(%s)', oid::regproc,
    (select string_agg('null::' || format_type(type, null), ', ' order by position) from unnest(proargtypes) with ordinality as a (type, position))) as name
    from pg_proc where pronamespace = 'farebox'::regnamespace and prokind = 'f' and prorettype <> 'trigger'::regtype`)
}

const stateOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'code' in error ? error.code : error)

async function tryAll(client: Pool, statements: readonly string[]): Promise<readonly unknown[]> {
  const outcomes: unknown[] = []
  for (const statement of statements) {
    outcomes.push(await client.query(statement).then(({ rows }) => rows, stateOf))
  }
  return outcomes
}

const denied = '42501'

describe('the schema farebox', () => {
  it('has row-level security on for each table, no policy, and no grant to anybody', async () => {
    const { rows } = await owner.client.query(`select relname, relrowsecurity, relacl::text from pg_class
      where relnamespace = 'farebox'::regnamespace and relkind in ('r', 'p')`)
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows) {
      expect(row).toMatchObject({ relrowsecurity: true })
      expect(row.relacl ?? '').not.toMatch(/(?:^\{|,)=|anon|authenticated/)
    }
    expect(await namesOf(owner.client, `select polname as name from pg_policy as p join pg_class as c on c.oid = p.polrelid where c.relnamespace = 'farebox'::regnamespace`)).toEqual([])
    expect(await namesOf(owner.client, `select p.oid::regprocedure::text as name from pg_proc as p cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as acl
      where p.pronamespace = 'farebox'::regnamespace and (acl.grantee = 0 or p.prosecdef)`)).toEqual([])
  })

  it.each(['anon', 'authenticated', 'app_other'])('shows nothing to %s and takes nothing from it, tables and functions', async (role) => {
    const { client, close } = openPool(asRole(role), { max: 1 })
    try {
      const statements = (await tables()).flatMap((table) => [
        `select * from ${table}`, `insert into ${table} default values`, `delete from ${table}`, `truncate ${table}`, `create table farebox.own ()`,
      ])
      const all = [...statements, ...(await calls())]
      expect(all.length).toBeGreaterThan(20)
      expect(new Set(await tryAll(client, all))).toEqual(new Set([denied]))
      await expect(postgresStore({ client }).records.load('user_1', ['customers'])).rejects.toMatchObject({
        code: 'invalid-configuration',
        message: expect.stringContaining('role'),
        cause: { code: denied },
      })
    } finally {
      await close()
    }
  })

  it('shows no row even where somebody granted the whole schema by mistake', async () => {
    const objects = ['tables', 'functions', 'sequences'].map((kind) => `all ${kind} in schema farebox`)
    await administer(asRole('app_owner'), 'grant usage on schema farebox to anon', ...objects.map((what) => `grant all on ${what} to anon`))
    const { client, close } = openPool(asRole('anon'), { max: 1 })
    try {
      for (const table of await tables()) expect(await tryAll(client, [`select * from ${table}`, `delete from ${table} returning *`])).toEqual([[], []])
      const store = postgresStore({ client })
      expect((await store.records.load('user_1', ['customers'])).rows.customers).toEqual([])
      const write = { collection: 'customers', id: 'user_1', value: customerRow({ plan: 'enterprise' }) } as const
      await expect(store.records.commit('user_1', [write])).rejects.toMatchObject({ cause: { code: denied } })
      await expect(store.usage.raiseVersion('user_2', 5)).rejects.toMatchObject({ cause: { code: denied } })
      await store.records.forget('user_1')
    } finally {
      await close()
      await administer(asRole('app_owner'), ...objects.map((what) => `revoke all on ${what} from anon`), 'revoke usage on schema farebox from anon')
    }
    const { rows } = await postgresStore({ client: owner.client }).records.load('user_1', ['customers'])
    expect(rows.customers).toMatchObject([{ value: { plan: 'free', email: 'ada@example.com' } }])
  })

  it('is its owner\'s, who need not be a superuser', async () => {
    const { rows } = await owner.client.query('select rolsuper, rolbypassrls from pg_roles where rolname = current_user')
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }])
    expect(await tryAll(owner.client, ['select version::integer from farebox.migrations where version = 1'])).toEqual([[{ version: 1 }]])
  })
})
