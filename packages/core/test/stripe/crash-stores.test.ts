import { afterAll, beforeAll, describe, it } from 'vitest'
import { d1Store, migrate } from '../../src/drivers/d1/index.ts'
import type { Store } from '../../src/ports/store.ts'
import { startWorkers } from '../d1/worker.ts'
import { type Place, sharedHarnesses } from '../stores/harnesses.ts'
import { crashWhileOperating, operationScenes } from './crash-operations.ts'
import { type CrashOptions, crashWhileCheckingOut, crashWhileConverging, crashWhileReceiving } from './crashes.ts'
import { customer } from './plans.ts'
import { isFull } from './world.ts'

const timeout = isFull ? 3_600_000 : 300_000

/** Unless all of it is asked for, every so many calls, and on D1, where each of them takes long, fewer of fewer scenes. */
const step = 7
const stepOfOperations = 13
const lessOfD1 = 5
const fewer = isFull ? operationScenes.length : 1

const paths = [
  { what: 'acknowledges no event that is not stored', crash: crashWhileReceiving, first: 1 },
  { what: 'leaves one customer and one session', crash: crashWhileCheckingOut, first: 2 },
  { what: 'leaves nothing half of a convergence', crash: crashWhileConverging, first: 3 },
]
const operations = operationScenes.map((scene, index) => ({ scene, first: 1 + 2 * index }))

const d1 = {
  name: 'd1 over miniflare',
  less: lessOfD1,
  most: fewer,
  open: async (): Promise<Pick<Place, 'storeWith' | 'close'>> => {
    const [worker] = await startWorkers(new URL('../d1/store-worker.ts', import.meta.url), [{ name: 'crashes', d1Databases: { DB: 'crashes' } }])
    if (worker === undefined) throw new Error('The worker has started')
    const database = await worker.database()
    await migrate(database)
    return { storeWith: (clock) => d1Store({ database, ...(clock !== undefined && { clock }) }), close: async () => worker.close() }
  },
}

const others = sharedHarnesses.filter(({ hasRecords }) => hasRecords).map(({ name, open }) => ({ name, open, less: 1, most: operationScenes.length }))

for (const { name, open, less, most } of [...others, d1]) {
  describe(`a crash at each call on ${name}`, { timeout }, () => {
    let place: Awaited<ReturnType<typeof open>>
    beforeAll(async () => void (place = await open()))
    afterAll(async () => place?.close())

    // Where some are skipped, each scene is tried at others.
    const at = (first: number, every = step): CrashOptions => {
      return { createStore: (clock) => emptied(place.storeWith(clock)), step: isFull ? 1 : every * less, first: isFull ? 1 : first }
    }

    it.each(paths.slice(0, most))('$what', async ({ crash, first }) => crash(at(first)))
    it.each(operations.slice(0, most))('leaves $scene to whoever comes next', async ({ scene, first }) => {
      await crashWhileOperating(scene, at(first, stepOfOperations))
    })
  })
}

async function emptied(store: Store): Promise<Store> {
  await store.records.forget(customer)
  await store.usage.forget(customer)
  return store
}
