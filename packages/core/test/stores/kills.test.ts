import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { day } from '../../src/domain/instant.ts'
import type { UsageStore } from '../../src/ports/usage-store.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { type Place, sharedHarnesses } from './harnesses.ts'
import { overEachClient } from './store-address.ts'
import type { Call } from './worker.ts'
import { type Worker, startWorker } from './workers.ts'

const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)
const limit = 100
const inFlight = 12

for (const { name: first, skipped, open } of sharedHarnesses) {
  const name = `${first} and other clients`
  // skipped: the harness says what this machine lacks
  describe.skipIf(skipped !== null)(`${name}${skipped === null ? '' : ` (${skipped})`}`, () => {
    const run = crypto.randomUUID()
    let place: Place
    let survivor: Worker

    beforeAll(async () => {
      place = await open()
      if (place.address === null) throw new Error('Other processes cannot reach this store')
      survivor = await startWorker({ address: place.address, limit })
    })
    afterAll(async () => {
      await survivor?.close()
      await place?.close()
    })

    it('a process that is killed in the middle of its calls counts no key twice, and nothing that was not asked', { timeout: isFull ? 3_600_000 : 600_000 }, async () => {
      if (place.address === null) throw new Error('Other processes cannot reach this store')
      const random = seededRandom(seed)
      const rounds = isFull ? 250 : 2
      const clients = overEachClient(place.address)
      for (let round = 0; round < rounds; round += 1) {
        const victim = await startWorker({ address: clients[(seed + round) % clients.length] ?? place.address, limit })
        const customer = `killed-${round}-${run}`
        const calls = random.shuffle([
          ...callsOf(120, (index) => ({ customer, feature: 'unlimited', amount: 1 + (index % 3), key: `key-${index}`, verb: 'consume' })),
          ...callsOf(120, () => ({ customer, feature: 'limited', amount: 1, key: null, verb: 'consume' })),
          ...callsOf(20, () => ({ customer, feature: 'limited', amount: 3, key: null, verb: 'reserve' })),
        ])
        const ended = await victim.runUntil({ calls, inFlight }, random.integer(20, 180))
        await victim.kill()

        const told = sumOf(ended.filter((call) => call.allowed && call.key === null).map((call) => call.amount))
        const later = place.storeWith({ now: () => Date.now() + day }).usage
        const counted = await countedOf(later, customer, 'limited')
        expect(counted.used).toBeGreaterThanOrEqual(told)
        expect(counted.used).toBeLessThanOrEqual(Math.min(limit, told + 3 * inFlight))
        // What the process held when it died is given back by itself.
        expect(counted.reserved).toBe(0)

        const keyed = calls.filter((call) => call.key !== null)
        await survivor.run({ calls: keyed, inFlight })
        expect(await countedOf(place.storeWith().usage, customer, 'unlimited')).toMatchObject({ used: sumOf(keyed.map((call) => call.amount)) })
      }
      process.stdout.write(`G8 on ${name}: ${rounds} processes killed, nothing counted twice, seed ${seed}\n`)
    })
  })
}

function callsOf(count: number, call: (index: number) => Call): readonly Call[] {
  return Array.from({ length: count }, (_, index) => call(index))
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

/** What the periods of a feature hold together. */
async function countedOf(usage: UsageStore, customer: string, feature: string): Promise<{ used: number; reserved: number }> {
  const entries = await usage.history({ customer, feature, from: 0, to: Date.now() + day })
  const buckets = entries.map((entry) => entry.bucket)
  const [reading] = await usage.read([{ customer, feature, buckets, gates: [] }])
  const states = reading?.buckets ?? []
  return { used: sumOf(states.map((state) => state.used)), reserved: sumOf(states.map((state) => state.reserved)) }
}
