import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/index.ts'
import { type RunningWorker, startWorker } from './worker.ts'

let worker: RunningWorker

beforeAll(async () => {
  worker = await startWorker(new URL('./farebox-worker.ts', import.meta.url), {
    name: 'app',
    d1Databases: { DB: 'app' },
    durableObjects: { USAGE: { className: 'FareboxUsage', useSQLite: true } },
  })
  await worker.ask('/d1/migrate')
})

afterAll(async () => worker.close())

describe.each(['d1', 'durable-object'])('a farebox in workerd, without compatibility with Node, on %s', (store) => {
  const ask = async (what: string): Promise<unknown> => worker.ask(`/${store}/${what}`, `user-of-${store}`)

  it('consumes, and once for a key', async () => {
    expect(await ask('consume')).toMatchObject({ allowed: true, used: 1, remaining: 49, gates: [{ id: '1000/minute' }] })
    expect(await ask('repeat')).toMatchObject([{ used: 6, repeated: false }, { used: 6, repeated: true }])
  })

  it('reserves and settles', async () => {
    expect(await ask('reserve')).toMatchObject({ reservation: { allowed: true, reserved: 400 }, settled: { kind: 'settled', counted: 123 } })
  })

  it('grants once, and shows it in the snapshot', async () => {
    expect(await ask('grant')).toMatchObject({
      plan: 'free',
      usage: { apiCalls: { used: 6, reserved: 0, limit: 150, remaining: 144 }, tokens: { used: 123, reserved: 0 } },
      grants: [{ amount: 100 }],
    })
  })

  it('serves many requests at once of somebody new', async () => {
    const asked = Array.from({ length: 40 }, async () => worker.ask(`/${store}/consume`, `new-on-${store}`))
    const decisions = (await Promise.all(asked)) as readonly Decision[]
    expect(decisions.map(({ used }) => used ?? 0).toSorted((first, second) => first - second)).toEqual(asked.map((_, index) => index + 1))
  })

  it('sells out exactly to many requests at once', async () => {
    const decisions = (await Promise.all(Array.from({ length: 200 }, async () => ask('consume')))) as readonly Decision[]
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(144)
    expect(new Set(decisions.filter(({ allowed }) => !allowed).map(({ reason }) => reason))).toEqual(new Set(['quota-exceeded']))
  })

  it('gives as many seats as there are to those who ask at once', async () => {
    expect(await ask('seats')).toMatchObject({ given: 3, seats: { seats: { used: 3, limit: 3, remaining: 0 } } })
  })

  it('sweeps', async () => {
    expect(await ask('sweep')).toMatchObject(expect.any(Object))
  })
})

describe('a farebox on objects alone', () => {
  it('counts on the default plan, and refuses to record', async () => {
    expect(await worker.ask('/durable-object-alone/consume', 'somebody')).toMatchObject({ allowed: true, used: 1, remaining: 49 })
    await expect(worker.ask('/durable-object-alone/grant', 'somebody')).rejects.toThrow(/only counts/)
  })
})
