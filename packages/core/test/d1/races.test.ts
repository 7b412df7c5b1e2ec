import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UsageOutcome } from '../../src/index.ts'
import { consumption } from './consumption.ts'
import type { StoreQuestion } from './store-questions.ts'
import { type RunningWorker, startWorkers } from './worker.ts'

let workers: readonly RunningWorker[]

/** Four isolates on one database. */
beforeAll(async () => {
  const names = ['worker-0', 'worker-1', 'worker-2', 'worker-3']
  workers = await startWorkers(new URL('./store-worker.ts', import.meta.url), names.map((name) => ({ name, d1Databases: { DB: 'shared' } })))
  const migrated = await Promise.all(workers.map(async (worker) => worker.ask('/migrate')))
  const first = migrated.filter((outcome) => JSON.stringify(outcome).includes('counters and records'))
  if (first.length !== 1) throw new Error(`Of four isolates ${first.length} made the tables`)
})

afterAll(async () => workers[0]?.close())

async function raceAll(question: StoreQuestion): Promise<readonly UsageOutcome[]> {
  // The workers answer a store's outcomes.
  const answers = await Promise.all(workers.map(async (worker) => worker.ask('/', question) as Promise<readonly UsageOutcome[]>))
  return answers.flat()
}

describe('on one D1 database, several isolates', () => {
  it('sell a limit out exactly, round after round', async () => {
    for (let round = 0; round < 5; round += 1) {
      const outcomes = await raceAll({ ask: 'race', operation: consumption(`racing-${round}`, 25), attempts: 10 })
      const kinds = outcomes.map((outcome) => outcome.kind).toSorted()
      expect(kinds).toEqual([...Array<string>(15).fill('refused'), ...Array<string>(25).fill('taken')])
    }
  })

  it('count a key once', async () => {
    const outcomes = await raceAll({ ask: 'race', operation: consumption('keyed', 100, { key: 'k', amount: 7 }), attempts: 10 })
    expect(outcomes.filter((outcome) => outcome.kind === 'taken' && !outcome.repeated)).toHaveLength(1)
    expect(outcomes.every((outcome) => outcome.kind === 'taken' && outcome.buckets[0]?.used === 7)).toBe(true)
  })

  it('answer as the memory store does, call by call', async () => {
    const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)
    let operations = 0
    // One after the other: each history has a clock of its own, and sweeps by it.
    for (const [index, worker] of workers.slice(0, 2).entries()) {
      operations += Number(await worker.ask('/', { ask: 'compare', seed: seed + index, calls: 250 } satisfies StoreQuestion))
    }
    process.stdout.write(`D1: ${operations} operations as in memory, seed ${seed}\n`)
    expect(operations).toBeGreaterThan(500)
  })
})
