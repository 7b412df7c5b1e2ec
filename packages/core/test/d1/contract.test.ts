import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { d1Store } from '../../src/drivers/d1/index.ts'
import { recordStoreContract, usageStoreContract } from '../../src/testing/index.ts'
import { describeContract } from '../stores/recorded-runs.ts'
import { rulesInWorker } from './rules-worker.ts'
import { type RunningWorker, startWorker } from './worker.ts'

// Some rules ask hundreds of times, one after the other.
vi.setConfig({ testTimeout: 60_000 })

let worker: RunningWorker

beforeAll(async () => {
  worker = await startWorker(new URL('./contract-worker.ts', import.meta.url), { name: 'contract', d1Databases: { DB: 'contract' } })
  await worker.ask('/migrate')
})

afterAll(async () => worker.close())

const ask = async (path: string): Promise<unknown> => worker.ask(path)
/** Asked for its labels alone. */
const store = d1Store({ database: { prepare: unreachable, batch: unreachable } })

function unreachable(): never {
  throw new Error('The database is in the worker')
}

describe('in workerd, D1 keeps every rule of', () => {
  const usageRules = rulesInWorker((create) => usageStoreContract({ hasClock: true, create }), ask, '/clock')
  describeContract({ store: 'd1', client: 'workerd', port: 'usage' }, usageRules, () => store.usage.label)
  const recordRules = rulesInWorker((create) => recordStoreContract({ create }), ask, '/records')
  describeContract({ store: 'd1', client: 'workerd', port: 'records' }, recordRules, () => store.records.label)
})

describe("in workerd, D1 keeps the rules of the usage contract on the database's own clock", () => {
  const rules = rulesInWorker((create) => usageStoreContract({ hasClock: false, create }), ask, '/own')
  it.each(rules)('$name', async (rule) => rule.run())
})
