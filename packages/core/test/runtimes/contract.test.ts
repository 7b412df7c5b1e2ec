import { afterAll, beforeAll, describe } from 'vitest'
import { type RuntimeName, runtimeNames } from '../../../../tools/servers/runtimes.mjs'
import { recordStoreContract, usageStoreContract } from '../../src/testing/index.ts'
import { rulesInWorker } from '../d1/rules-worker.ts'
import { type Place, storeHarnesses } from '../stores/harnesses.ts'
import { describeContract } from '../stores/recorded-runs.ts'
import type { StoreAddress } from '../stores/store-address.ts'
import { type RunningRuntime, skippedOn, startRuntime } from './runtime.ts'

/** Which clients are tried, each by the name that it has on Node. */
const everywhere: readonly string[] = ['pg', 'ioredis', 'node:sqlite']

/** What Bun has of its own takes the place of a client. */
function addressOn(runtime: RuntimeName, address: StoreAddress): StoreAddress {
  if (runtime !== 'Bun') return address
  if (address.kind === 'sqlite') return { ...address, client: 'bun:sqlite' }
  return address.kind === 'postgres' && address.client === 'postgres' ? { ...address, client: 'Bun.SQL' } : address
}

const ownOfBun: Readonly<Partial<Record<string, string>>> = { postgres: 'Bun.SQL', 'node:sqlite': 'bun:sqlite' }

for (const runtime of runtimeNames) {
  const tried = runtime === 'Bun' ? [...everywhere, 'postgres'] : everywhere
  for (const { name, store, client, hasRecords, skipped: lacking, open } of storeHarnesses.filter((harness) => tried.includes(harness.client))) {
    const skipped = lacking ?? skippedOn(runtime)
    const own = runtime === 'Bun' ? ownOfBun[client] : undefined
    // skipped: what this machine or this platform lacks
    describe.skipIf(skipped !== null)(`on ${runtime}, ${own === undefined ? name : `${store} over ${own}`}${skipped === null ? '' : ` (${skipped})`} keeps every rule of`, () => {
      let place: Place
      let running: RunningRuntime
      beforeAll(async () => {
        place = await open()
        if (place.address === null) throw new Error('Another process reaches the store')
        running = await startRuntime(runtime, new URL('./contract-worker.ts', import.meta.url), { address: addressOn(runtime, place.address) })
      })
      afterAll(async () => {
        await running.ask('/close')
        await running.close()
        await place.close()
      })

      const ask = async (path: string): Promise<unknown> => running.ask(path)
      const over = own ?? `${client} on ${runtime}`
      const usageRules = rulesInWorker((create) => usageStoreContract({ hasClock: true, create }), ask, '/usage')
      describeContract({ store, client: over, port: 'usage' }, usageRules, () => place.storeWith().usage.label)
      if (!hasRecords) return
      const recordRules = rulesInWorker((create) => recordStoreContract({ create }), ask, '/records')
      describeContract({ store, client: over, port: 'records' }, recordRules, () => place.storeWith().records.label)
    })
  }
}
