import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { durableObjectStore } from '../../src/drivers/durable-object/index.ts'
import { usageStoreContract } from '../../src/testing/index.ts'
import { rulesInWorker } from '../d1/rules-worker.ts'
import { type RunningWorker, startWorker } from '../d1/worker.ts'
import { describeContract } from '../stores/recorded-runs.ts'

// Some rules ask hundreds of times, one after the other.
vi.setConfig({ testTimeout: 60_000 })

let worker: RunningWorker

beforeAll(async () => {
  worker = await startWorker(new URL('./usage-worker.ts', import.meta.url), {
    name: 'contract',
    durableObjects: { USAGE: { className: 'FareboxUsage', useSQLite: true } },
  })
})

afterAll(async () => worker.close())

const ask = async (path: string): Promise<unknown> => worker.ask(path)
/** Asked for its label alone. */
const store = durableObjectStore({ namespace: { idFromName: unreachable, get: unreachable } })

function unreachable(): never {
  throw new Error('The objects are in the worker')
}

describe('in workerd, a store of objects keeps every rule of', () => {
  const rules = rulesInWorker((create) => usageStoreContract({ hasClock: true, create }), ask, '/clock')
  describeContract({ store: 'durable-object', client: 'workerd', port: 'usage' }, rules, () => store.usage.label)
})

describe("in workerd, a store of objects keeps the rules of the usage contract on the objects' own clock", () => {
  const rules = rulesInWorker((create) => usageStoreContract({ hasClock: false, create }), ask, '/own')
  it.each(rules)('$name', async (rule) => rule.run())
})
