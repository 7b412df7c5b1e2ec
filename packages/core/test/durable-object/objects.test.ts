import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { UsageOutcome } from '../../src/index.ts'
import { consumption, freshness } from '../d1/consumption.ts'
import type { Kept } from './object-worker.ts'
import type { StoreQuestion } from '../d1/store-questions.ts'
import { type RunningWorker, startWorkers } from '../d1/worker.ts'

const entry = new URL('./object-worker.ts', import.meta.url)
/** Workers that share one namespace of objects; the class lives in the first. */
async function start(count: number, durableObjectsPersist?: string): Promise<readonly RunningWorker[]> {
  const names = Array.from({ length: count }, (_, index) => `worker-${index}`)
  const workers = await startWorkers(
    entry,
    names.map((name, index) => ({
      name,
      durableObjects: { USAGE: { className: 'ObservedUsage', useSQLite: true, ...(index > 0 && { scriptName: 'worker-0' }) } },
    })),
    { ...(durableObjectsPersist !== undefined && { durableObjectsPersist }) },
  )
  onTestFinished(async () => workers[0]?.close())
  return workers
}

async function ask(worker: RunningWorker | undefined, question: StoreQuestion): Promise<readonly UsageOutcome[]> {
  // The worker answers a store's outcomes.
  return (await worker?.ask('/', question)) as readonly UsageOutcome[]
}

describe('objects of customers', () => {
  it('sell a limit out exactly to several workers at once', async () => {
    const workers = await start(4)
    const outcomes = await Promise.all(
      workers.map(async (worker) => ask(worker, { ask: 'race', operation: consumption('racing', 150), attempts: 60 })),
    )
    const kinds = outcomes.flat().map((outcome) => outcome.kind)
    expect(kinds.filter((kind) => kind === 'taken')).toHaveLength(150)
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(90)
  })

  it('count a key once, whichever worker sends it', async () => {
    const workers = await start(3)
    const operation = consumption('keyed', 100, { key: 'k', amount: 7 })
    const outcomes = await Promise.all(workers.map(async (worker) => ask(worker, { ask: 'race', operation, attempts: 20 })))
    const first = outcomes.flat().filter((outcome) => outcome.kind === 'taken' && !outcome.repeated)
    expect(first).toHaveLength(1)
    expect(outcomes.flat().every((outcome) => outcome.kind === 'taken' && outcome.buckets[0]?.used === 7)).toBe(true)
  })

  it('know nothing of each other, and answer one call about many in its order', async () => {
    const [worker] = await start(1)
    const operations = Array.from({ length: 60 }, (_, index) => consumption(`customer-${index % 20}`, 2))
    const outcomes = await ask(worker, { ask: 'execute', operations })
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(operations.map((_, index) => (index < 40 ? 'taken' : 'refused')))
  })

  it('are told apart by every character of a name, halves of one too', async () => {
    const [worker] = await start(1)
    const names = ['\uD800', '\uD801', '\uDC00', '\uFFFD', 'a%b', 'a,b', '%d800', ' ', '\0']
    const outcomes = await ask(worker, { ask: 'execute', operations: names.map((name) => consumption(name, 1)) })
    expect(outcomes.map(({ kind }) => kind)).toEqual(names.map(() => 'taken'))
  })

  it('wake every 90 days at least, however long the first of their rows is kept', async () => {
    const [worker] = await start(1)
    await ask(worker, { ask: 'execute', operations: [consumption('patient', 10, { key: 'k', keyFor: 400 * 86_400_000 })] })
    const kept = (await worker?.ask('/wake', 'patient')) as Kept
    expect(kept.alarm).toBeGreaterThan(Date.now() + 89 * 86_400_000)
    expect(kept.alarm).toBeLessThanOrEqual(Date.now() + 90 * 86_400_000)
  })

  it('fail alone: what the others answered stands', async () => {
    const [worker] = await start(1)
    const customers = ['one', 'unreachable', 'two', 'unreachable', 'one']
    const outcomes = await ask(worker, { ask: 'execute', operations: customers.map((customer) => consumption(customer, 10)) })
    expect(outcomes).toMatchObject([
      { kind: 'taken', buckets: [{ used: 1 }] },
      { kind: 'failed', error: { code: 'unavailable' } },
      { kind: 'taken', buckets: [{ used: 1 }] },
      { kind: 'failed', error: { code: 'unavailable' } },
      { kind: 'taken', buckets: [{ used: 2 }] },
    ])
    await expect(ask(worker, { ask: 'execute', operations: [consumption('unreachable', 10)] })).rejects.toThrow('did not answer')
  })

  it('whose answer is lost have counted once, and the key says so', async () => {
    const [worker] = await start(1)
    const operation = consumption('lost', 10, { key: 'k', amount: 3 })
    await expect(ask(worker, { ask: 'execute', operations: [operation] })).rejects.toThrow('did not answer')
    const outcomes = await ask(worker, { ask: 'execute', operations: [operation] })
    expect(outcomes).toMatchObject([{ kind: 'taken', repeated: true, buckets: [{ used: 3 }] }])
  })

  it('outlive the process: what was counted, keyed and held is read from storage', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'farebox-objects-'))
    onTestFinished(async () => rm(folder, { recursive: true, force: true }))
    const [before] = await start(1, folder)
    const held = { reservation: 'r', expiresIn: 86_400_000, onExpiry: 'release', overdraft: 0 } as const
    const overdraftBucket = { id: 'overdraft:0', kind: 'overage', limit: null, keepUntil: null } as const
    const reservation = { ...consumption('kept', 10), amount: 4, verb: 'reserve', ...held, overdraftBucket } as const
    await ask(before, { ask: 'execute', operations: [consumption('kept', 10, { amount: 3, key: 'k' }), reservation] })
    await before?.evict('ObservedUsage', 'kept')
    expect(await ask(before, { ask: 'execute', operations: [consumption('kept', 7)] })).toMatchObject([{ kind: 'refused' }])
    await before?.close()

    const [after] = await start(1, folder)
    const operations = [
      consumption('kept', 10, { amount: 3, key: 'k' }),
      { verb: 'settle', customer: 'kept', feature: 'apiCalls', reservation: 'r', amount: 2 } as const,
      consumption('kept', 10, { amount: 5, freshness: { ...freshness, loaded: false } }),
      consumption('kept', 10),
    ]
    const outcomes = await ask(after, { ask: 'execute', operations })
    expect(outcomes).toMatchObject([
      { kind: 'taken', repeated: true, buckets: [{ used: 3, reserved: 4 }] },
      { kind: 'ended', amount: 2, repeated: false },
      { kind: 'taken', buckets: [{ used: 10, reserved: 0 }] },
      { kind: 'refused', by: 'bucket' },
    ])
  })

  it('keep nothing where they are only asked, and nothing is counted', async () => {
    const [worker] = await start(1)
    const operation = consumption('stranger', 10, { freshness: { ...freshness, loaded: false } })
    const outcomes = await ask(worker, { ask: 'execute', operations: [operation] })
    await worker?.ask('/', { ask: 'read', queries: [{ customer: 'stranger', feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }] })
    expect(outcomes).toMatchObject([{ kind: 'stale', marker: null }])
    expect(await worker?.ask('/look', 'stranger')).toMatchObject({ rows: null, alarm: null })
  })

  it('wake when something is over, drop it, and are erased when nothing is left', async () => {
    const [worker] = await start(1)
    const longAgo = Date.now() - 400 * 86_400_000
    const buckets = [{ id: 'allowance:0', kind: 'allowance', limit: 10, keepUntil: longAgo + 1000 }] as const
    const operations = [consumption('leaving', 10, { buckets, key: 'k' }), consumption('staying', 10, { key: 'k' })]
    await ask(worker, { ask: 'execute', operations, now: longAgo })
    const before = (await worker?.ask('/look', 'leaving')) as Kept
    expect(before.rows).toBe(2)
    expect(before.bytes).toBeLessThanOrEqual(16_384)
    process.stdout.write(`Objects: ${before.bytes} bytes for one customer\n`)
    expect(before.alarm).toBeGreaterThan(Date.now() + 86_000_000)

    expect(await worker?.ask('/wake', 'leaving')).toMatchObject({ rows: null, alarm: null })
    expect(await worker?.ask('/wake', 'staying')).toMatchObject({ rows: 1, alarm: expect.any(Number) })
    const query = { feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }
    const queries = [{ ...query, customer: 'leaving' }, { ...query, customer: 'staying' }]
    expect(await worker?.ask('/', { ask: 'read', queries })).toMatchObject([{ buckets: [{ used: 0 }] }, { buckets: [{ used: 1 }] }])
  })

  it('drop 5000 rows at most while nobody is answered, and wake a second later for the rest', async () => {
    const [worker] = await start(1)
    const now = Date.now() - 3 * 86_400_000
    for (let first = 0; first < 6000; first += 2000) {
      const operations = Array.from({ length: 2000 }, (_, index) => consumption('crowded', 10_000, { key: `k-${first + index}`, keyFor: 86_400_000 }))
      await ask(worker, { ask: 'execute', operations, now })
    }
    const before = Date.now()
    const kept = (await worker?.ask('/wake', 'crowded')) as Kept
    expect(kept.rows).toBe(1001)
    expect(kept.alarm).toBeGreaterThanOrEqual(before + 1000)
    expect(kept.alarm).toBeLessThanOrEqual(Date.now() + 1000)
    const rest = (await worker?.ask('/wake', 'crowded')) as Kept
    expect(rest.rows).toBe(1)
    expect(rest.alarm).toBeGreaterThan(before + 86_000_000)
  })

  it('drop what is over bit by bit, with each operation that writes', async () => {
    const [worker] = await start(1)
    const now = Date.now()
    const keyed = Array.from({ length: 20 }, (_, index) => consumption('tidy', 100, { key: `k-${index}`, keyFor: 1000 }))
    await ask(worker, { ask: 'execute', operations: keyed, now })
    const rows: (number | null)[] = []
    for (let call = 1; call <= 12; call += 1) {
      await ask(worker, { ask: 'execute', operations: [consumption('tidy', 100)], now: now + 1001 })
      const kept = (await worker?.ask('/look', 'tidy')) as Kept
      rows.push(kept.rows)
    }
    expect(rows).toEqual([19, 17, 15, 13, 11, 9, 7, 5, 3, 1, 1, 1])
  })

  it('answer as the memory store does, call by call', async () => {
    const [worker] = await start(1)
    const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)
    let operations = 0
    for (let history = 0; history < 6; history += 1) {
      operations += Number(await worker?.ask('/', { ask: 'compare', seed: seed + history, calls: 250 } satisfies StoreQuestion))
    }
    process.stdout.write(`Objects: ${operations} operations as in memory, seed ${seed}\n`)
    expect(operations).toBeGreaterThan(1000)
  })
})
