import { Redis } from 'ioredis'
import { readFile } from 'node:fs/promises'
import { createClient, createClientPool, createSentinel } from 'redis'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { startRedis } from '../../../../tools/servers/redis.mjs'
import { day, hour, minute } from '../../src/domain/instant.ts'
import { redisStore } from '../../src/drivers/redis/index.ts'
import { allowance, createFarebox, defineCatalog, metered } from '../../src/index.ts'
import type { ConsumeOperation, ReserveOperation, UsageBucket, UsageOutcome, UsageStore } from '../../src/ports/usage-store.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { createUsageBatcher } from '../../src/use-cases/counting/usage-batcher.ts'

const redisUrl = inject('redisUrl')
const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

function consumption(changes: Partial<ConsumeOperation> = {}): ConsumeOperation {
  const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
  const buckets = [{ id: 'allowance:0', kind: 'allowance', limit: 100, keepUntil: null } as const]
  return { verb: 'consume', customer: 'c', feature: 'apiCalls', amount: 1, key: null, keyFor: day, freshness, gates: [], buckets, ...changes }
}

function reservation(id: string, changes: Partial<Omit<ReserveOperation, 'verb'>> = {}): ReserveOperation {
  const overdraftBucket = { id: 'overdraft:0', kind: 'overage', limit: null, keepUntil: null } as const
  const ending = { reservation: id, expiresIn: 10 * minute, onExpiry: 'release', overdraft: 0, overdraftBucket } as const
  return { ...consumption(), ...ending, ...changes, verb: 'reserve' }
}

function bucketUntil(keepUntil: number): readonly UsageBucket[] {
  return [{ id: 'allowance:0', kind: 'allowance', limit: 100, keepUntil }]
}

function grant(index: number): UsageBucket {
  return { id: `grant:${index}`, kind: 'grant', limit: 2, keepUntil: null }
}

/** Under a key of its own, by a counter of its own. */
function countedApart(index: number): ConsumeOperation {
  return consumption({ key: `watched-${index}`, buckets: [grant(index)] })
}

async function one(store: UsageStore, operation: ConsumeOperation | ReserveOperation): Promise<UsageOutcome> {
  const [outcome] = await store.execute([operation])
  if (outcome === undefined) throw new Error('One operation has one outcome')
  return outcome
}

/** What needs about all commands that there are. */
async function askAll(store: UsageStore): Promise<void> {
  await store.execute([consumption({ key: crypto.randomUUID() }), reservation(crypto.randomUUID(), { key: crypto.randomUUID(), expiresIn: minute })])
  await store.forget('c')
}

// skipped: there is no redis-server on this machine
describe.skipIf(redisUrl === null)('redisStore()', () => {
  const client = new Redis(redisUrl ?? '', { lazyConnect: true })
  let prefix = ''
  const open = (changes: { readonly clock?: ReturnType<typeof manualClock> } = {}) => {
    prefix = `${crypto.randomUUID()}:`
    return redisStore({ client, prefix, ...changes }).usage
  }
  const allKeys = async (): Promise<string[]> => (await client.keys(`${prefix}*`)).toSorted()
  const calls = async (): Promise<string[]> => (await allKeys()).filter((key) => key.startsWith(`${prefix}calls:`))
  const keys = async (): Promise<string[]> => (await allKeys()).filter((key) => !key.startsWith(`${prefix}calls:`))
  beforeAll(async () => client.connect())
  afterAll(() => client.disconnect())

  it('writes nothing for a release of what a refusal drew, which is nothing', async () => {
    const store = redisStore({ client, prefix: (prefix = `${crypto.randomUUID()}:`) })
    const farebox = createFarebox({ catalog, store })
    const refused = await farebox.consume({ customer: 'user_1', feature: 'apiCalls', amount: 6 })
    const before = await allKeys()
    expect([refused.allowed, refused.drawn]).toEqual([false, []])
    expect(await farebox.release({ customer: 'user_1', feature: 'apiCalls', drawn: refused.drawn })).toEqual({ kind: 'ended', as: null })
    expect(await farebox.release({ customer: 'stranger', feature: 'apiCalls', drawn: [] })).toEqual({ kind: 'ended', as: null })
    expect(await allKeys()).toEqual(before)
    for (const key of before) expect(await client.pttl(key)).toBeGreaterThan(0)
  })

  it('counts for anybody on the default plan without any other part', async () => {
    const farebox = createFarebox({ catalog, store: redisStore({ client, prefix: `${crypto.randomUUID()}:` }) })
    const ask = { customer: 'user_1', feature: 'apiCalls', amount: 2, idempotencyKey: 'k' } as const
    expect(await farebox.consume(ask)).toMatchObject({ allowed: true, remaining: 3, repeated: false })
    expect(await farebox.consume(ask)).toMatchObject({ allowed: true, remaining: 3, repeated: true })
    expect(await farebox.consume({ customer: 'user_1', feature: 'apiCalls', amount: 4 })).toMatchObject({ allowed: false, remaining: 3 })
    expect(await farebox.snapshot({ customer: 'user_1' })).toMatchObject({ plan: 'free', usage: { apiCalls: { used: 2, remaining: 3 } } })
    const denied = { code: 'invalid-configuration', message: expect.stringContaining('store.records') }
    await expect(farebox.grant({ customer: 'user_1', feature: 'apiCalls', amount: 9, key: 'g' })).rejects.toMatchObject(denied)
    await expect(farebox.override({ customer: 'user_1', plan: 'free', until: Date.now() + day })).rejects.toMatchObject(denied)
    expect(await farebox.consume({ customer: 'user_1', feature: 'apiCalls' })).toMatchObject({ allowed: true, remaining: 2 })
    await farebox.close()
  })

  it('loads its script again when the server has lost it, and sends it by its name otherwise', async () => {
    // Of its own: another test would miss its script as well, and the server counts everybody's calls.
    const server = await startRedis()
    const own = new Redis(server.url)
    onTestFinished(async () => {
      own.disconnect()
      await server.stop()
    })
    const store = redisStore({ client: own }).usage
    await one(store, consumption())
    await own.script('FLUSH')
    expect(await one(store, consumption())).toMatchObject({ kind: 'taken', buckets: [{ used: 2 }] })
    const evaluations = async (): Promise<number> => Number(/cmdstat_eval:calls=(\d+)/.exec(await own.info('commandstats'))?.[1] ?? 0)
    expect(await evaluations()).toBe(2)
    for (let round = 0; round < 5; round += 1) await one(store, consumption({ key: `k${round}` }))
    expect(await evaluations()).toBe(2)
  })

  it('counts what a caller draws who loaded less than the marker, and leaves the marker', async () => {
    const store = open({ clock: manualClock() })
    await one(store, consumption({ freshness: { version: 2, validFrom: 0, validUntil: null, loaded: true } }))
    await one(store, consumption())
    const [reading] = await store.read([{ customer: 'c', feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }])
    expect(reading).toMatchObject({ marker: 2, buckets: [{ used: 2 }] })
  })

  it('carries out once what a client sends again by itself, and says that nobody knows what became of it', async () => {
    const twice = {
      sendCommand: client.sendCommand.bind(client),
      call: client.call.bind(client),
      async evalsha(sha: string, count: number, ...parts: string[]): Promise<unknown> {
        await client.evalsha(sha, count, ...parts)
        return client.evalsha(sha, count, ...parts)
      },
      eval: async (script: string, count: number, ...parts: string[]): Promise<unknown> => client.eval(script, count, ...parts),
    }
    await one(open(), consumption())
    prefix = `${crypto.randomUUID()}:`
    const store = redisStore({ client: twice, prefix })
    const lost = { code: 'unavailable', cause: { message: expect.stringContaining('RESENT') } }
    await expect(store.usage.execute([consumption()])).rejects.toMatchObject(lost)
    await expect(store.usage.execute([reservation('r')])).rejects.toMatchObject(lost)
    const drawn = [{ bucket: 'allowance:0', kind: 'allowance', amount: 1 }] as const
    const [reading] = await redisStore({ client, prefix }).usage.read([{ customer: 'c', feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }])
    expect(reading).toMatchObject({ buckets: [{ used: 1, reserved: 1 }] })
    await one(redisStore({ client, prefix }).usage, consumption())
    await expect(store.usage.execute([{ verb: 'release', customer: 'c', feature: 'apiCalls', target: { by: 'drawn', drawn } }])).rejects.toMatchObject(lost)
    const [after] = await redisStore({ client, prefix }).usage.read([{ customer: 'c', feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }])
    expect(after).toMatchObject({ buckets: [{ used: 1, reserved: 1 }] })
  })

  it('remembers of each key of a call its own amount, and tells when the last of the closed gates opens', async () => {
    const clock = manualClock()
    const store = open({ clock })
    await one(store, consumption())
    const asked = [consumption({ key: 'one' }), consumption({ key: 'two', amount: 2 }), consumption({ key: 'three' })]
    expect(await store.execute(asked)).toMatchObject([{ repeated: false }, { repeated: false }, { repeated: false }])
    expect(await store.execute(asked)).toMatchObject([
      { repeated: true, drawn: [{ amount: 1 }] },
      { repeated: true, drawn: [{ amount: 2 }] },
      { repeated: true, drawn: [{ amount: 1 }] },
    ])
    const gates = [{ id: '1/day', limit: 1, period: day, burst: 1 }, { id: '1/minute', limit: 1, period: minute, burst: 1 }]
    await one(store, consumption({ gates }))
    expect(await one(store, consumption({ gates }))).toMatchObject({ kind: 'refused', by: 'gate', retryAt: clock.now() + day })
  })

  it('numbers its calls under names that last an hour, and begins another one when one is full', async () => {
    const store = open()
    for (let call = 0; call < 40; call += 1) await one(store, consumption())
    const [name = ''] = await calls()
    expect(await client.bitcount(name)).toBe(40)
    expect(await client.pttl(name)).toBeGreaterThan(hour - minute)
    await store.read([{ customer: 'c', feature: 'apiCalls', buckets: [], gates: [] }])
    expect(await client.bitcount(name)).toBe(40)
    await Promise.all(Array.from({ length: 32_768 - 40 }, () => one(store, consumption({ buckets: [] }))))
    expect(await calls()).toEqual([name])
    await one(store, consumption())
    expect(await calls()).toHaveLength(2)
    expect(await client.strlen(name)).toBe(4096)
    for (const each of await calls()) expect(await client.pttl(each)).toBeGreaterThan(0)
  })

  it('keeps customers apart whose names look alike, all of their keys under one hash tag', async () => {
    const store = open()
    const names = ['a{b', 'a}b', 'a', '{a}', 'a:k', 'a%007bb', 'ä', 'a\nb', '😀', '}', '{', 'a}:r{b']
    await store.execute(names.flatMap((customer, index) => [consumption({ customer, amount: index + 1, key: '}x{' }), reservation('r', { customer })]))
    const readings = await store.read(names.map((customer) => ({ customer, feature: 'apiCalls', buckets: ['allowance:0'], gates: [] })))
    expect(readings.map(({ buckets }) => buckets[0]?.used)).toEqual(names.map((_, index) => index + 1))
    const all = await keys()
    expect(all).toHaveLength(names.length * 4)
    const tags = all.map((key) => /^[^{}]*\{([^{}]+)\}/.exec(key)?.[1])
    expect(new Set(tags).size).toBe(names.length)
    expect(tags).not.toContain(undefined)
  })

  it.each([
    ['document', '{c}'],
    ['key', '{c}:kk'],
    ['hash', '{c}:r'],
    ['order', '{c}:z'],
  ])('writes nothing where its name of a %s holds something else, and its neighbours count', async (_, name) => {
    for (const foreign of [['RPUSH', 'x'], ['SET', 'hello']] as const) {
      const store = open()
      await client.call(foreign[0], `${prefix}${name}`, foreign[1])
      if (foreign[0] === 'SET' && name === '{c}:kk') await client.call('SET', `${prefix}${name}`, 'Sx')
      const before = await client.dump(`${prefix}${name}`)
      const outcomes = await store.execute([consumption({ key: 'k' }), reservation('r'), consumption({ customer: 'd' })])
      expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'taken'])
      expect(outcomes[0]).toMatchObject({ error: { code: 'unavailable' } })
      expect(await client.dump(`${prefix}${name}`)).toEqual(before)
      expect(await keys()).toEqual([`${prefix}${name}`, `${prefix}{d}`].toSorted())
      await expect(store.execute([consumption({ key: 'k' }), reservation('r')])).rejects.toMatchObject({ code: 'unavailable' })
    }
  })

  it('leaves nothing behind of a customer who is forgotten', async () => {
    const store = open()
    const operations = Array.from({ length: 1500 }, (_, index) => consumption({ key: `key-${index}`, amount: 1, buckets: [] }))
    expect((await store.execute(operations))[0]).toMatchObject({ kind: 'refused' })
    const open1 = { id: 'allowance:0', kind: 'allowance', limit: null, keepUntil: null } as const
    await store.execute(operations.map((operation) => ({ ...operation, buckets: [open1] })))
    await store.execute([reservation('r', { key: 'x' }), consumption({ customer: 'c*', key: 'k' })])
    expect((await keys()).length).toBeGreaterThan(1500)
    await store.forget('c')
    expect(await keys()).toEqual([`${prefix}{c*}`, `${prefix}{c*}:kk`])
    await store.forget('c*')
    expect(await keys()).toEqual([])
  })

  it('counts no key twice that is counted while its customer is forgotten, and holds no list of them', async () => {
    const store = open()
    // Pages of the look, whatever else Redis holds.
    const open1 = { id: 'allowance:0', kind: 'allowance', limit: null, keepUntil: null } as const
    await store.execute(Array.from({ length: 5000 }, (_, index) => consumption({ key: `key-${index}`, buckets: [open1] })))
    // Each key has a counter of its own, which says how often it was counted.
    const watched = Array.from({ length: 40 }, (_, index) => countedApart(index))
    let pages = 0
    const slow = Object.create(client, {
      evalsha: {
        async value(...call: Parameters<Redis['evalsha']>) {
          // What was counted before is repeated between two pages, and more is counted.
          watched.push(countedApart(watched.length))
          await store.execute(watched)
          const answer: unknown = await client.evalsha(...call)
          expect(String(answer).length).toBeLessThan(30)
          pages += 1
          return answer
        },
      },
    }) as Redis
    await store.execute(watched)
    await redisStore({ client: slow, prefix }).usage.forget('c')
    expect(pages).toBeGreaterThan(4)
    expect((await keys()).filter((key) => key.includes(':kkey-'))).toEqual([])

    await store.execute(watched)
    const buckets = watched.map((_, index) => grant(index).id)
    const [reading] = await store.read([{ customer: 'c', feature: 'apiCalls', buckets, gates: [] }])
    expect(reading?.buckets.filter(({ used }) => used > 1)).toEqual([])
  })

  it.each(['', 'a\nb:', '[*]?\\^-$%:'])('counts and forgets under the prefix %j', async (odd) => {
    const [name, other] = [crypto.randomUUID(), crypto.randomUUID()]
    const store = redisStore({ client, prefix: odd }).usage
    const counted = [consumption({ customer: name, key: 'k' }), consumption({ customer: name, key: 'a b\nc' })]
    await store.execute([...counted, consumption({ customer: other, key: 'k' }), reservation('r', { customer: name })])
    expect(await store.execute(counted)).toMatchObject([{ repeated: true }, { repeated: true }])
    await store.forget(name)
    expect(await client.keys(`*{${name}}*`)).toEqual([])
    expect((await client.keys(`*{${other}}*`)).toSorted()).toEqual([`${odd}{${other}}`, `${odd}{${other}}:kk`])
    await store.forget(other)
  })

  it('forgets keys under the names that a client puts before all of its own', async () => {
    open()
    const prefixed = new Redis(redisUrl ?? '', { keyPrefix: `${prefix}app[*]:` })
    const store = redisStore({ client: prefixed }).usage
    await store.execute([consumption({ key: 'k' }), consumption({ customer: 'd', key: 'k' })])
    await store.forget('c')
    prefixed.disconnect()
    const left = (await allKeys()).filter((key) => !key.includes(':calls:')).toSorted()
    expect(left).toEqual([`${prefix}app[*]:farebox:{d}`, `${prefix}app[*]:farebox:{d}:kk`])
  })

  it('counts for a customer of thousands of grants', async () => {
    const store = open()
    const all = Array.from({ length: 4000 }, (_, index) => consumption({ buckets: [grant(index)] }))
    for (let round = 1; round < 3; round += 1) {
      const outcomes = await store.execute([...all, consumption({ customer: 'd' })])
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['taken']))
    }
    const gate = { id: '9/day', limit: 9, period: day, burst: 9 }
    expect(await one(store, consumption({ buckets: [grant(0), grant(3999), grant(4000)], gates: [gate], key: 'k' }))).toMatchObject({
      kind: 'taken',
      buckets: [{ used: 2 }, { used: 2 }, { used: 1 }],
    })
  })

  it('lets every key expire by itself, later where it must be kept longer', async () => {
    const store = open()
    const keepUntil = Date.now() + 30 * day
    const buckets = bucketUntil(keepUntil)
    await one(store, consumption({ buckets, key: 'k', keyFor: hour }))
    await one(store, reservation('r', { buckets }))
    for (const name of await allKeys()) expect(await client.pttl(name)).toBeGreaterThan(0)
    expect(await client.pttl(`${prefix}{c}`)).toBeGreaterThan(30 * day)
    expect(await client.pttl(`${prefix}{c}:kk`)).toBeLessThan(hour + 2 * minute)
    expect(await client.pttl(`${prefix}{c}:r`)).toBeGreaterThan(day)
    await one(store, consumption({ buckets: bucketUntil(keepUntil + day) }))
    expect(await client.pttl(`${prefix}{c}`)).toBeGreaterThan(31 * day)
    for (const [index, changes] of [{}, { key: 'l' }, { gates: [{ id: '9/day', limit: 9, period: day, burst: 9 }] }].entries()) {
      const ask = (until: number) => consumption({ customer: `e${index}`, ...changes, key: null, buckets: bucketUntil(until) })
      await store.execute([ask(keepUntil), { ...ask(keepUntil), ...changes }])
      const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: false }
      await one(store, { ...ask(keepUntil + day), ...changes, freshness, ...('key' in changes && { key: 'm' }) })
      expect(await client.pttl(`${prefix}{e${index}}`)).toBeGreaterThan(31 * day)
    }
  })

  it('keeps a customer for as long as a gate of those who loaded nothing is not empty', async () => {
    const store = open()
    const gates = [{ id: '9/day', limit: 9, period: day, burst: 9 }]
    const buckets = bucketUntil(Date.now() + minute)
    const ask = (loaded: boolean) => consumption({ gates, buckets, freshness: { version: 1, validFrom: 0, validUntil: null, loaded } })
    await one(store, ask(true))
    expect(await client.pttl(`${prefix}{c}`)).toBeLessThan(4 * hour)
    await store.execute([ask(false), ask(false)])
    expect(await client.pttl(`${prefix}{c}`)).toBeGreaterThan(8 * hour)
  })

  it('stays small over hundreds of periods, keys and reservations', async () => {
    const clock = manualClock()
    const store = open({ clock })
    const sizes: number[] = []
    for (let period = 0; period < 500; period += 1) {
      const start = clock.now()
      const buckets = [{ id: `allowance:${start}`, kind: 'allowance', limit: 100, keepUntil: start + 400 * day } as const]
      await store.execute([consumption({ buckets, key: `k${period}`, keyFor: hour }), reservation(`r${period}`, { buckets }), reservation(`s${period}`, { buckets })])
      await store.execute([{ verb: 'settle', customer: 'c', feature: 'apiCalls', reservation: `r${period}`, amount: 1 }])
      clock.advance(day)
      await store.sweep()
      if (period % 100 === 99) sizes.push(Number(await client.memory('USAGE', `${prefix}{c}`)) + Number(await client.memory('USAGE', `${prefix}{c}:r`)))
    }
    expect(Math.max(...sizes)).toBeLessThan(2000)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(300)
    expect(await client.hlen(`${prefix}{c}:h`)).toBeLessThanOrEqual(401)
    expect((await keys()).length).toBeLessThanOrEqual(5)
    const history = await store.history({ customer: 'c', feature: 'apiCalls', from: 0, to: clock.now() })
    expect(history.length).toBeGreaterThanOrEqual(399)
    expect(new Set(history.map(({ used }) => used))).toEqual(new Set([2]))
  })

  it('counts in the order in which it was asked, also through a client of several connections', async () => {
    const pool = createClientPool({ url: redisUrl ?? '' }, { minimum: 2 })
    await pool.connect()
    const { usage } = redisStore({ client: pool, prefix: `${crypto.randomUUID()}:` })
    const batcher = createUsageBatcher(usage)
    const sentinel = createSentinel({ name: 'mymaster', sentinelRootNodes: [], masterPoolSize: 2 })
    const used: number[] = []
    for (let round = 0; round < 20; round += 1) {
      // A call that takes long to arrive, and one that does not.
      const others = Array.from({ length: 16 }, (_, index) => consumption({ customer: `${index}`.repeat(20_000) }))
      const outcomes = await Promise.all([...others, ...Array.from({ length: 17 }, () => consumption())].map(async (operation) => batcher.submit(operation)))
      for (const outcome of outcomes.slice(others.length)) if (outcome.kind === 'taken') used.push(outcome.buckets[0]?.used ?? 0)
    }
    await pool.close()
    expect(used.length).toBeGreaterThanOrEqual(100)
    expect(used).toEqual(used.toSorted((first, second) => first - second))
    expect([usage, redisStore({ client: sentinel }).usage, open()].map(({ lanes }) => lanes)).toEqual([1, 1, 2])
  })

  it('answers at the instant it is asked by the clock of the server', async () => {
    const before = Date.now()
    const outcome = await one(open(), consumption())
    expect(outcome.kind === 'taken' && outcome.now >= before - 1000 && outcome.now <= Date.now() + 1000).toBe(true)
  })

  it.each([
    ['nothing', undefined],
    ['a function', () => undefined],
    ['a client of another database', { query: async () => [] }],
  ])('refuses %s as a client', (_, foreign) => {
    expect(() => Reflect.apply(redisStore, undefined, [{ client: foreign }])).toThrow(expect.objectContaining({ code: 'invalid-configuration' }))
  })

  it('refuses a prefix that would break the hash tags', () => {
    expect(() => redisStore({ client, prefix: '{app}:' })).toThrow(expect.objectContaining({ code: 'invalid-configuration' }))
  })
})

// skipped: there is no redis-server on this machine
describe.skipIf(redisUrl === null)('a Redis that refuses or is away', () => {
  it('is unavailable, with the reason as the cause and no word of it in the message', async () => {
    const server = await startRedis()
    const client = new Redis({ port: server.port, host: '127.0.0.1', maxRetriesPerRequest: 0, retryStrategy: () => null })
    client.on('error', () => undefined)
    const store = redisStore({ client }).usage
    try {
      await one(store, consumption({ customer: 'before' }))
      await client.config('SET', 'maxmemory', '1')
      const refused = await one(store, consumption({ customer: 'before', key: 'k' })).catch((error: unknown) => error)
      expect(refused).toMatchObject({ code: 'unavailable', message: 'Redis did not answer', cause: { message: expect.stringContaining('OOM') } })
      await client.config('SET', 'maxmemory', '0')
      const [reading] = await store.read([{ customer: 'before', feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }])
      expect(reading).toMatchObject({ buckets: [{ used: 1 }] })
      await client.config('SET', 'replica-serve-stale-data', 'yes')
      await client.replicaof('127.0.0.1', '1')
      const readOnly = { code: 'unavailable', reason: 'read-only', message: expect.stringContaining('connect to the primary') }
      await expect(one(store, consumption({ customer: 'before' }))).rejects.toMatchObject({ ...readOnly, cause: { message: expect.stringContaining('READONLY') } })
      await expect(store.forget('before')).rejects.toMatchObject(readOnly)
    } finally {
      await server.stop()
    }
    await expect(one(store, consumption())).rejects.toMatchObject({ code: 'unavailable' })
    client.disconnect()
  })

  it('says what its access list lacks, by every client, and counts with what the guide tells to allow', async () => {
    const server = await startRedis({})
    const admin = new Redis({ port: server.port, host: '127.0.0.1' })
    const guide = await readFile(new URL('../../../../docs/stores/redis.md', import.meta.url), 'utf8')
    const [, listed = ''] = /user needs these commands on `~farebox:\*`: `([^`]+)`/.exec(guide) ?? []
    const allowed = listed.split(/\s+/)
    const username = 'counter'
    const ioredis = new Redis({ port: server.port, host: '127.0.0.1', username, password: 'secret-of-this-test', lazyConnect: true, enableReadyCheck: false })
    const nodeRedis = createClient({ username, password: 'secret-of-this-test', socket: { port: server.port, host: '127.0.0.1' }, disableClientInfo: true })
    const grantOnly = async (...rules: string[]): Promise<void> => {
      await admin.call('ACL', 'SETUSER', username, 'reset', 'on', '>secret-of-this-test', '~farebox:*', ...rules)
    }
    try {
      await grantOnly(...allowed)
      await ioredis.connect()
      await nodeRedis.connect()
      for (const client of [ioredis, nodeRedis]) {
        const store = redisStore({ client }).usage
        await grantOnly(...allowed)
        await askAll(store)
        const refused = { code: 'unavailable', reason: 'not-permitted', message: expect.stringContaining('access list') }
        await expect(redisStore({ client, prefix: 'other:' }).usage.execute([consumption()])).rejects.toMatchObject(refused)
        for (const lacking of ['+evalsha', '+mget', '+zrangebyscore', '+hset', '+scan']) {
          await grantOnly(...allowed.filter((rule) => rule !== lacking))
          const error: unknown = await askAll(store).catch((thrown: unknown) => thrown)
          expect(error, `without ${lacking}`).toMatchObject(refused)
          expect(String(error)).not.toMatch(/secret-of-this-test|counter'/)
        }
      }
    } finally {
      ioredis.disconnect()
      nodeRedis.destroy()
      admin.disconnect()
      await server.stop()
    }
  })

  it('tells what breaks its label: eviction, missing persistence, and what could not be looked at', async () => {
    const server = await startRedis({ persistence: 'aof-always' })
    const ioredis = new Redis({ port: server.port, host: '127.0.0.1' })
    const nodeRedis = createClient({ url: server.url })
    await nodeRedis.connect()
    try {
      for (const client of [ioredis, nodeRedis]) {
        const inspect = async (): Promise<readonly string[]> => (await redisStore({ client }).usage.inspect?.()) ?? []
        const set = async (name: string, value: string): Promise<void> => void (await ioredis.config('SET', name, value))
        expect(await inspect()).toEqual([])
        await set('maxmemory-policy', 'allkeys-lru')
        expect(await inspect()).toEqual([expect.stringMatching(/evict .*allkeys-lru.*noeviction/)])
        await set('maxmemory-policy', 'noeviction')
        await set('appendfsync', 'everysec')
        expect(await inspect()).toEqual([expect.stringMatching(/last second .* lost/)])
        await set('appendonly', 'no')
        expect(await inspect()).toEqual([expect.stringMatching(/forgets everything/)])
        await set('save', '3600 1')
        expect(await inspect()).toEqual([expect.stringMatching(/since its last snapshot is lost/)])
        await set('save', '')
        await set('appendonly', 'yes')
        await set('appendfsync', 'always')
      }
      await ioredis.call('ACL', 'SETUSER', 'default', '-config')
      expect(await redisStore({ client: nodeRedis }).usage.inspect?.()).toEqual([expect.stringMatching(/could not look/)])
    } finally {
      ioredis.disconnect()
      nodeRedis.destroy()
      await server.stop()
    }
  })
})

