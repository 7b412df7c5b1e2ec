import { afterAll, beforeAll, describe } from 'vitest'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { recordStoreContract } from '../../src/testing/record-store-contract.ts'
import { usageStoreContract } from '../../src/testing/usage-store-contract.ts'
import { type Place, storeHarnesses } from './harnesses.ts'
import { describeContract } from './recorded-runs.ts'

for (const { name, store, client, hasRecords, skipped, open } of storeHarnesses) {
  // skipped: the harness says what this machine lacks
  describe.skipIf(skipped !== null)(`${name}${skipped === null ? '' : ` (${skipped})`} keeps every rule of`, () => {
    let place: Place
    beforeAll(async () => void (place = await open()))
    afterAll(async () => place.close())

    const usageRules = usageStoreContract({
      hasClock: true,
      create() {
        const clock = manualClock()
        return { store: place.storeWith(clock).usage, clock }
      },
    })
    describeContract({ store, client, port: 'usage' }, usageRules, () => place.storeWith().usage.label)
    if (!hasRecords) return
    const recordRules = recordStoreContract({ create: () => ({ store: place.storeWith().records }) })
    describeContract({ store, client, port: 'records' }, recordRules, () => place.storeWith().records.label)
  })
}
