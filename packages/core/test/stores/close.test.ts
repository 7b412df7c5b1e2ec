import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, it, vi } from 'vitest'
import { type Store, allowance, createFarebox, defineCatalog, metered } from '../../src/index.ts'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { migrate as migratePostgres } from '../../src/drivers/postgres/index.ts'
import { migrate as migrateSqlite } from '../../src/drivers/sqlite/index.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { identityOf, knownTokens } from '../known-tokens.ts'
import { distantStore } from '../leases/distant-store.ts'
import { createDatabase, openPool } from '../postgres/databases.ts'
import { connect, openSqlite } from './store-address.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token', lease: true }), logins: metered({ unit: 'login', onError: 'allow' }) },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { apiCalls: allowance(100).per('month'), tokens: allowance(100).per('month'), logins: allowance(100).per('month') },
    },
    pro: { name: 'Pro', features: { apiCalls: allowance(500).per('month') } },
  },
})

const postgresUrl = inject('postgresUrl')
const redisUrl = inject('redisUrl')
const endings: (() => unknown)[] = []
afterAll(async () => {
  for (const end of endings.toReversed()) await end()
})

/** Both halves across a network. */
function distant(): Store {
  const { usage, records } = distantStore(manualClock()).store
  return { usage, records: { ...records, load: async (...asked) => records.load(...asked), commit: async (...asked) => records.commit(...asked) } }
}

async function onPostgres(): Promise<Store> {
  const database = await createDatabase()
  endings.push(database.drop)
  const pool = openPool(database.url)
  endings.push(pool.close)
  await migratePostgres(pool.client)
  const connection = await connect({ kind: 'postgres', client: 'pg', url: database.url })
  endings.push(connection.close)
  return connection.storeWith()
}

async function onRedis(): Promise<Store> {
  const connection = await connect({ kind: 'redis', client: 'ioredis', port: Number(new URL(redisUrl ?? '').port) })
  endings.push(connection.close)
  return connection.storeWith()
}

async function onSqlite(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-close-'))
  const { client, close } = await openSqlite('better-sqlite3', join(folder, 'counters.db'))
  endings.push(() => rmSync(folder, { recursive: true }), close)
  await migrateSqlite(client)
  const connection = await connect({ kind: 'sqlite', client: 'better-sqlite3', file: join(folder, 'counters.db') })
  endings.push(connection.close)
  return connection.storeWith()
}

// Left out where this machine has no server; the contract's own run prints which.
const stores: readonly (readonly [string, () => Promise<Store>])[] = [
  ['memory', async () => memoryStore()],
  ['a distant store', async () => distant()],
  ['SQLite', onSqlite],
  ...(postgresUrl === null ? [] : [['Postgres', onPostgres] as const]),
  ...(redisUrl === null ? [] : [['Redis', onRedis] as const]),
  ...(redisUrl === null || postgresUrl === null
    ? []
    : [['Redis with records in Postgres', async () => ({ usage: (await onRedis()).usage, records: (await onPostgres()).records })] as const]),
]

function times<Answer>(count: number, call: (index: number) => Promise<Answer>): Promise<Answer>[] {
  return Array.from({ length: count }, async (_, index) => call(index))
}

describe.each(stores)('close() on %s', (name, open) => {
  it('answers after every call that was made before it, and refuses those that come after', async () => {
    const farebox = createFarebox({ catalog, store: await open() })
    const customer = `new-${crypto.randomUUID()}`
    let answered = 0
    const counted = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
      const value = await answer
      answered += 1
      return value
    }
    const consumed = times(30, () => counted(farebox.consume({ customer, feature: 'apiCalls' })))
    const leased = times(30, () => counted(farebox.consume({ customer, feature: 'tokens' })))
    const others = times(30, (index) => counted(farebox.consume({ customer: `${customer}-${index}`, feature: 'apiCalls' })))
    const held = times(5, () => counted(farebox.reserve({ customer, feature: 'apiCalls', atMost: 2 })))
    const looked = times(5, () => counted(farebox.check({ customer, feature: 'apiCalls' })))
    const seen = counted(farebox.snapshot({ customer }))
    const closing = farebox.close()
    const late = [
      farebox.consume({ customer, feature: 'apiCalls' }),
      farebox.reserve({ customer, feature: 'apiCalls', atMost: 1 }),
      farebox.check({ customer, feature: 'apiCalls' }),
    ]
    const again = farebox.close()
    await closing
    expect(answered, `${name} answered`).toBe(101)
    await again

    for (const calls of [consumed, leased, others, held, looked]) {
      for (const decision of await Promise.all(calls)) expect(decision).toMatchObject({ allowed: true, reason: 'allowed' })
    }
    expect(await seen).toMatchObject({ customer })
    for (const decision of await Promise.all(late)) expect(decision).toMatchObject({ allowed: false, reason: 'unavailable' })
    await farebox.close()
  })

  it('lets settlements and releases that are under way through, and nothing later', async () => {
    const store = await open()
    const farebox = createFarebox({ catalog, store })
    const customer = `known-${crypto.randomUUID()}`
    const reservations = await Promise.all(times(4, () => farebox.reserve({ customer, feature: 'apiCalls', atMost: 10 })))
    const [first, second, third, fourth] = reservations
    const { drawn } = await farebox.consume({ customer, feature: 'apiCalls' })
    const ending = [
      farebox.settle({ customer, feature: 'apiCalls', reservation: first?.id ?? '', amount: 4 }),
      farebox.release({ customer, feature: 'apiCalls', reservation: second?.id ?? '' }),
      farebox.settle({ customer, feature: 'apiCalls', reservation: third?.id ?? '', amount: 3 }),
      farebox.release({ customer, feature: 'apiCalls', drawn }),
    ]
    await farebox.close()
    expect(await Promise.all(ending)).toMatchObject([
      { kind: 'settled', counted: 4 }, { kind: 'released' }, { kind: 'settled', counted: 3 }, { kind: 'released', amount: 1 },
    ])
    await expect(fourth?.settle(1)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(farebox.settle({ customer, feature: 'apiCalls', reservation: fourth?.id ?? '', amount: 1 })).rejects.toMatchObject({ code: 'unavailable' })

    const heir = createFarebox({ catalog, store })
    expect(await heir.check({ customer, feature: 'apiCalls' })).toMatchObject({ used: 7, reserved: 10 })
    await heir.close()
  })
})

const header = (name: string): string | null => (name === 'authorization' ? 'Bearer ann' : null)

describe('close()', () => {
  it('refuses everything that needs a store, and still allows what was declared so', async () => {
    const { usage, records } = memoryStore()
    const asked: string[] = []
    const told = <Part extends object>(part: Part): Part =>
      new Proxy(part, { get: (target, name, receiver) => (name === 'label' || name === 'lanes' || asked.push(String(name)), Reflect.get(target, name, receiver)) })
    const farebox = createFarebox({ catalog, store: { usage: told(usage), records: told(records) }, storeTimeout: null })
    const customer = 'ann'
    await farebox.consume({ customer, feature: 'apiCalls' })
    await farebox.consume({ customer, feature: 'apiCalls' })
    await farebox.close()
    asked.length = 0

    expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject({ allowed: false, reason: 'unavailable' })
    expect(await farebox.consume({ customer, feature: 'logins' })).toMatchObject({ allowed: true, reason: 'unavailable' })
    const refused = { code: 'unavailable', reason: 'closed' }
    await expect(farebox.snapshot({ customer })).rejects.toMatchObject(refused)
    await expect(farebox.grant({ customer, feature: 'apiCalls', amount: 1, key: 'k' })).rejects.toMatchObject(refused)
    await expect(farebox.ensureCustomer({ customer })).rejects.toMatchObject(refused)
    await expect(farebox.override({ customer, plan: 'pro', until: null })).rejects.toMatchObject(refused)
    await expect(farebox.sweep()).rejects.toMatchObject(refused)
    expect(await farebox.health()).toMatchObject({ status: 'down' })
    expect(asked).toEqual([])
    await expect(farebox.consume({ customer: '', feature: 'apiCalls' })).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('waits for requests that are being guarded or answered, and for the callbacks that follow them', async () => {
    const farebox = createFarebox({ catalog, store: distant(), clock: manualClock(), auth: knownTokens({ ann: identityOf('ann') }) })
    const heard = vi.fn(async () => undefined)
    farebox.on('grant.added', heard)
    const me = new Request('https://app.example.com/api/billing/me', { headers: { authorization: 'Bearer ann' } })

    const metering = farebox.guard.meter(header, { feature: 'apiCalls' })
    const answering = farebox.handle(me)
    const granting = farebox.grant({ customer: 'ann', feature: 'apiCalls', amount: 5, key: 'k' })
    await farebox.close()
    const calledBack = heard.mock.calls.length
    expect(await metering).toMatchObject({ kind: 'pass' })
    expect((await answering).status).toBe(200)
    expect(await granting).toMatchObject({ amount: 5 })
    expect(calledBack).toBe(1)

    expect(await farebox.guard.meter(header, { feature: 'apiCalls' })).toMatchObject({ kind: 'stop', status: 503 })
    expect(await farebox.guard.meter(header, { feature: 'logins' })).toMatchObject({ kind: 'pass', decision: { reason: 'unavailable' } })
    expect((await farebox.handle(me)).status).toBe(503)
  })

  it('waits for work that was handed to the host after an answer', async () => {
    const farebox = createFarebox({ catalog, store: distant(), clock: manualClock(), auth: knownTokens({ ann: identityOf('ann') }) })
    const me = new Request('https://app.example.com/api/billing/me', { headers: { authorization: 'Bearer ann' } })
    const handed: Promise<unknown>[] = []
    await farebox.handle(me, { waitUntil: (work) => void handed.push(work) })
    let isDone = false
    void Promise.all(handed).then(() => (isDone = true))
    expect(handed).toHaveLength(1)
    await farebox.close()
    expect(isDone).toBe(true)
  })

  it('tells of a call that failed while it was closing', async () => {
    const { usage, records } = memoryStore()
    const farebox = createFarebox({ catalog, store: { usage, records: { ...records, load: async () => Promise.reject(new Error('The line is cut')) } } })
    const [failed] = await Promise.allSettled([farebox.snapshot({ customer: 'ann' }), farebox.close()])
    expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'The line is cut' } })
  })
})
