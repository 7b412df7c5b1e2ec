import BetterSqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type SqliteClient, migrate, migrations, sqliteStore } from '../../src/drivers/sqlite/index.ts'
import { openSqlite } from '../stores/store-address.ts'
import { clients, consume, newFile, open, usedOf } from './fixture.ts'

const latest = migrations.at(-1)?.version

describe.each(clients)('the tables over %s', (name) => {
  it('are made before the first call, once, whoever comes first', async () => {
    const file = await newFile()
    const opened = await Promise.all(Array.from({ length: 3 }, async () => open(name, file)))
    await Promise.all(opened.map(async ({ client }) => consume(sqliteStore({ client }).usage)))
    expect(await usedOf(sqliteStore({ client: opened[0]!.client }).usage)).toBe(3)
    expect(await migrate(opened[1]!.client)).toEqual({ version: latest, applied: [] })
    const reader = new BetterSqlite(file)
    expect(reader.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(reader.prepare('select version, name from farebox_migrations').all()).toEqual(migrations.map(({ version, name: title }) => ({ version, name: title })))
    reader.close()
  })

  it('are made by migrate, which says what it did', async () => {
    const { client } = await open(name, await newFile())
    expect(await migrate(client)).toEqual({ version: latest, applied: [{ version: 1, name: 'counters and records' }] })
    expect(await migrate(client)).toEqual({ version: latest, applied: [] })
  })

  it('that are newer, or somebody else\'s, or not Farebox\'s text, are told', async () => {
    const newer = await open(name, await newFile())
    await migrate(newer.client)
    await newer.run("insert into farebox_migrations (version, name) values (99, 'later')")
    await expect(consume(sqliteStore({ client: newer.client }).usage)).rejects.toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringContaining('version 99'),
    })

    const foreign = await open(name, await newFile())
    await migrate(foreign.client)
    await foreign.run('drop table farebox_usage')
    await foreign.run('create table farebox_usage (something text)')
    await expect(consume(sqliteStore({ client: foreign.client }).usage)).rejects.toMatchObject({
      code: 'invalid-configuration',
      reason: 'foreign-tables',
    })

    const corrupt = await open(name, await newFile())
    const { usage } = sqliteStore({ client: corrupt.client })
    await consume(usage)
    await corrupt.run("update farebox_usage set document = 'secret text', revision = revision + 1")
    await expect(consume(usage)).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'corrupt-row',
      message: expect.not.stringContaining('secret'),
    })
    await expect(usage.read([{ customer: 'ada', feature: 'apiCalls', buckets: [], gates: [] }])).rejects.toMatchObject({ reason: 'corrupt-row' })
    expect(await consume(usage, { customer: 'eve' })).toMatchObject({ kind: 'taken' })
  })

  it('of a database that is none are not answered from', async () => {
    const file = await newFile()
    const { client, run } = await open(name, file)
    const { usage } = sqliteStore({ client })
    await consume(usage)
    await run('drop table farebox_usage_keys')
    await expect(consume(usage, { key: 'k' })).rejects.toMatchObject({ code: 'invalid-configuration' })
    expect(await consume(usage)).toMatchObject({ kind: 'taken', buckets: [{ used: 2 }] })
  })
})

describe('migrations as data', () => {
  it('make the same tables when another tool runs them', async () => {
    const file = await newFile()
    const client = new BetterSqlite(file)
    onTestFinished(() => void client.close())
    for (const { sql } of migrations) client.exec(`begin; ${sql} commit;`)
    expect(await migrate(client)).toEqual({ version: latest, applied: [] })
    expect(await consume(sqliteStore({ client }).usage)).toMatchObject({ kind: 'taken' })
  })
})

describe('a client', () => {
  it.each([
    ['nothing', 'null'],
    ['a path', '"app.db"'],
    ['an object of another kind', '{ "query": {} }'],
  ])('that is none is refused: %s', (_, json) => {
    // What a caller without types may give.
    const client: SqliteClient = JSON.parse(json)
    const give = (): unknown => sqliteStore({ client })
    expect(give).toThrow(expect.objectContaining({ code: 'invalid-configuration', faults: [expect.objectContaining({ path: 'client' })] }))
  })

  it('that may only read is told so', async () => {
    const file = await newFile()
    new BetterSqlite(file).exec('create table theirs (id integer)').close()
    const client = new BetterSqlite(file, { readonly: true })
    onTestFinished(() => void client.close())
    await expect(consume(sqliteStore({ client }).usage)).rejects.toMatchObject({ code: 'invalid-configuration' })
  })

  it.each(clients)('that is closed is unavailable: %s', async (name) => {
    const { client, close } = await openSqlite(name, await newFile())
    const { usage, records } = sqliteStore({ client })
    await consume(usage)
    await close()
    await expect(consume(usage)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(consume(usage, { key: 'k' })).rejects.toMatchObject({ code: 'unavailable' })
    await expect(records.load('ada', ['grants'])).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('whose integers are bigints, or whose rows are objects, is read all the same', async () => {
    const client = new BetterSqlite(await newFile())
    onTestFinished(() => void client.close())
    client.defaultSafeIntegers(true)
    const { usage, records } = sqliteStore({ client })
    for (let index = 0; index < 3; index += 1) await consume(usage, { key: `k${index}` })
    expect(await consume(usage, { key: 'k0' })).toMatchObject({ kind: 'taken', repeated: true, buckets: [{ used: 3 }] })
    await records.commit('ada', [{ collection: 'cooldowns', id: 'a', expect: 0, value: { state: 1 } }])
    expect((await records.load('ada', ['cooldowns'])).rows.cooldowns).toMatchObject([{ revision: 1 }])
  })
})
