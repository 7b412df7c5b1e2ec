import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Place, sharedHarnesses } from '../stores/harnesses.ts'
import { customer } from './lives-world.ts'
import { liveLives } from './lives.ts'
import { type CreateStore, isFull } from './world.ts'

const timeout = isFull ? 36_000_000 : 300_000
const title = 'lives from sign-up to the final cancellation, each life as Stripe and the model have it'

it(title, { timeout }, async () => liveLives(isFull ? 10_000 : 60, 'memory'))

for (const { name, open } of sharedHarnesses.filter(({ hasRecords }) => hasRecords)) {
  describe(name, () => {
    let place: Place
    beforeAll(async () => void (place = await open()), 60_000)
    afterAll(async () => place?.close())

    it(title, { timeout }, async () => {
      const createStore: CreateStore = async (clock) => {
        const store = place.storeWith(clock)
        await store.records.forget(customer)
        await store.usage.forget(customer)
        return store
      }
      await liveLives(isFull ? 10_000 : 15, name, createStore)
    })
  })
}
