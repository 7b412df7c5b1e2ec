import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Store } from '../../src/ports/store.ts'
import { type Place, sharedHarnesses } from '../stores/harnesses.ts'
import { customer } from './lives-world.ts'
import { liveLives, livesTimeout } from './lives.ts'
import { isFull } from './world.ts'

/** Lives on a store that other processes reach. Each has a file of its own, so that they can run side by side. */
export function livesOn(store: 'postgres' | 'sqlite'): void {
  for (const { name, open } of sharedHarnesses.filter((harness) => harness.store === store)) {
    describe(`${name}: lives from sign-up to the final cancellation`, () => {
      let place: Place
      beforeAll(async () => void (place = await open()), 60_000)
      afterAll(async () => place?.close())

      it('each as Stripe and the model have it', { timeout: livesTimeout }, async () => {
        await liveLives(isFull ? 10_000 : 15, name, (clock) => emptied(place.storeWith(clock)))
      })
    })
  }
}

async function emptied(store: Store): Promise<Store> {
  await store.records.forget(customer)
  await store.usage.forget(customer)
  return store
}
