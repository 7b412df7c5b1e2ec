import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type RecordQuery, type RecordWrite, recordIndexes } from '../../src/ports/record-store.ts'
import { findStatement } from '../../src/drivers/postgres/records-statements.ts'
import { customerRow, outboxRow, writeOutbox } from '../../src/testing/record-contract/record-trial.ts'
import { clientKinds, openPool } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const runs = process.env['FAREBOX_TEST_SCALE'] === 'full' ? 2000 : 40

const database = await ownDatabase()

function write(paymentCustomer: string): readonly RecordWrite[] {
  return [{ collection: 'customers', id: 'a', value: customerRow({ paymentCustomer }) }]
}

function refused(path: string): object {
  return { code: 'invalid-request', faults: [{ path }] }
}

describe.each(clientKinds)('rows on $kind', ({ open }) => {
  const opened = readyClient(() => open(database.url))

  it('come back as JSON carries them, to the last character and digit, in the order of their fields', async () => {
    const { records } = postgresStore({ client: opened.client })
    const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((name) => !name.includes('\0'))
    const payloads = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }))
    const examples: [string, string, Record<string, unknown>][] = [
      ['ä{:}\n', "'; drop table farebox.records; --", { b: 2 ** 53 - 1, a: -(2 ** 53 - 1), c: 1e21, d: 5e-324, e: 1.7976931348623157e308 }],
      ['%s', '$1', { text: '\0 \u0001 \uD800 \u2028 "\\" 😀', ['\0']: { deep: [[[{ empty: {} }], null], ''] }, 10: 'b', 9: 'a' }],
    ]
    await fc.assert(
      fc.asyncProperty(names, names, payloads, async (customer, id, payload) => {
        const value = outboxRow({ payload })
        await records.forget(customer)
        expect(await records.commit(customer, [{ collection: 'outbox', id, value, expect: 0 }])).toMatchObject({ kind: 'committed' })
        const [row] = (await records.load(customer, ['outbox'])).rows.outbox
        expect(row).toMatchObject({ customer, id, revision: 1 })
        expect(JSON.stringify(row?.value)).toBe(JSON.stringify(value))
      }),
      { numRuns: runs, examples },
    )
  })

  it('are found by odd text too, and refused where PostgreSQL has no such text', async () => {
    const { records } = postgresStore({ client: opened.client })
    const paymentCustomer = '"cus" \\u0041 😀 null'
    await records.commit('odd', write(paymentCustomer))
    const query: RecordQuery<'customers'> = { collection: 'customers', index: 'paymentCustomer', where: { equals: paymentCustomer }, limit: 3 }
    expect(await records.find(query)).toMatchObject([{ customer: 'odd', value: { paymentCustomer } }])
    expect(await records.find({ ...query, where: { equals: 'null' } })).toEqual([])

    for (const text of ['a\0b', 'a\uD800', '\uDC00', 'ä'.repeat(501)]) {
      await expect(records.load(text, ['outbox'])).rejects.toMatchObject(refused('customer'))
      await expect(records.forget(text)).rejects.toMatchObject(refused('customer'))
      await expect(records.commit(text, [writeOutbox('a')])).rejects.toMatchObject(refused('customer'))
      await expect(records.commit('odd', [writeOutbox('b'), writeOutbox(text)])).rejects.toMatchObject(refused('id'))
      await expect(records.commit('odd', write(text))).rejects.toMatchObject(refused('customers.a.paymentCustomer'))
      await expect(records.find({ ...query, where: { equals: text } })).rejects.toMatchObject(refused('where'))
    }
    expect((await records.load('odd', ['outbox'])).rows.outbox).toEqual([])
  })
})

describe('finding rows', () => {
  const pool = openPool(database.url, { max: 1 })
  afterAll(async () => pool.close())

  const declared = Object.entries(recordIndexes).flatMap(([collection, fields]) => fields.map((field) => ({ collection, field })))

  it.each(declared)('reads $collection by $field from an index', async ({ collection, field }) => {
    await migrate(pool.client)
    await pool.client.query(`insert into farebox.records (customer, collection, id, revision, value, indexed)
      select 'many-' || number, '${collection}', '${field}', 1, '{}', jsonb_build_object('${field}', number) from generate_series(1, 2000) as number
      on conflict do nothing`)
    await pool.client.query('analyze farebox.records')
    for (const by of ['equals', 'atMost'] as const) {
      const { text } = findStatement(collection as 'customers', field as 'createdAt', by, false)
      const { rows } = await pool.client.query<{ 'QUERY PLAN': string }>(`explain ${text.replace('$1', `'17'`).replace('$2', '5')}`)
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      const snake = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      expect(plan).toContain(`records_${collection}_${snake}`)
    }
  })

  it.each(declared)('reads $collection by $field from its index alone where nothing is known of the field yet', async ({ collection, field }) => {
    await migrate(pool.client)
    const client = await pool.client.connect()
    try {
      await client.query('begin')
      await client.query('truncate farebox.records')
      await client.query(`insert into farebox.records (customer, collection, id, revision, value, indexed)
        select 'other-' || number, '${collection}', '${field}', 1, '{}', '{}' from generate_series(1, 20000) as number`)
      await client.query('analyze farebox.records')
      await client.query(`insert into farebox.records (customer, collection, id, revision, value, indexed)
        select 'new-' || number, '${collection}', '${field}', 1, '{}', jsonb_build_object('${field}', number) from generate_series(1, 20) as number`)
      for (const [by, isContinued] of [['equals', false], ['equals', true], ['atMost', false], ['atMost', true]] as const) {
        const { text } = findStatement(collection as 'customers', field as 'createdAt', by, isContinued)
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers, timing off) ${
          text.replace('$1', `'17'`).replace('$2', '1').replace('$3', `'17'`).replace('$4', `''`).replace('$5', `''`)
        }`)
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
        expect(plan).not.toContain('records_pkey')
        expect(plan).not.toContain('Seq Scan')
        const [, pages = 'none'] = /shared hit=(\d+)/.exec(plan) ?? []
        expect(Number(pages)).toBeLessThan(20)
      }
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})
