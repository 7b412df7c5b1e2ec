import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sqliteStore } from '../../src/drivers/sqlite/index.ts'
import { day } from '../../src/domain/instant.ts'
import type { ConsumeOperation, UsageOutcome } from '../../src/ports/usage-store.ts'
import { type SqliteName, openSqlite } from './store-address.ts'

const feature = 'apiCalls'
const bucket = { id: 'allowance:0', kind: 'allowance', limit: null, keepUntil: null } as const

function consumption(customer: string): ConsumeOperation {
  const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
  return { verb: 'consume', customer, feature, amount: 2, key: `key-${customer}`, keyFor: day, freshness, gates: [], buckets: [bucket] }
}

const clients: readonly SqliteName[] = ['better-sqlite3', 'libsql', 'node:sqlite', '@libsql/client']

describe.each(clients)('SQLite over %s, with no room left', (name) => {
  it('refuses with unavailable, writes nothing by halves, and goes on once there is room', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'farebox-full-'))
    const { client, run, close } = await openSqlite(name, join(folder, 'usage.db'))
    onTestFinished(async () => {
      await close()
      await rm(folder, { recursive: true, force: true })
    })
    const { usage, records } = sqliteStore({ client })
    const consume = async (customer: string): Promise<UsageOutcome | undefined> => (await usage.execute([consumption(customer)]))[0]
    await consume('first')
    // The lowest that it can be: what the file has already.
    await run('pragma max_page_count = 1')

    const counted: string[] = ['first']
    let failure: unknown
    for (let index = 0; failure === undefined && index < 5_000; index += 1) {
      const customer = `customer-${index}`
      const outcome = await consume(customer).catch((error: unknown) => {
        failure = error
      })
      if (outcome?.kind === 'taken') counted.push(customer)
    }
    expect(failure).toMatchObject({ name: 'FareboxError', code: 'unavailable' })
    const refused = `customer-${counted.length - 1}`
    await expect(Promise.resolve(usage.execute([consumption('other'), consumption(refused)]))).rejects.toMatchObject({ code: 'unavailable' })
    const value = { state: 1 }
    const rows = Array.from({ length: 200 }, (_, id) => ({ collection: 'cooldowns', id: `row-${id}`, expect: 0, value }) as const)
    await expect(records.commit(refused, rows)).rejects.toMatchObject({ code: 'unavailable' })

    const used = async (customers: readonly string[]): Promise<readonly unknown[]> => {
      const readings = await usage.read(customers.map((customer) => ({ customer, feature, buckets: [bucket.id], gates: [] })))
      return readings.map(({ buckets: [state] }) => state?.used)
    }
    expect(await used([...counted, refused, 'other'])).toEqual([...counted.map(() => 2), 0, 0])
    expect((await records.load(refused, ['cooldowns'])).rows.cooldowns).toEqual([])

    await run('pragma max_page_count = 1000000')
    expect(await consume(refused)).toMatchObject({ kind: 'taken', repeated: false })
    expect(await consume('first')).toMatchObject({ kind: 'taken', repeated: true })
    expect(await records.commit(refused, rows)).toMatchObject({ kind: 'committed' })
    expect(await used([...counted, refused, 'other'])).toEqual([...counted.map(() => 2), 2, 0])
  })
})
