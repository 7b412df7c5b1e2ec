import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFarebox } from '../../src/index.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { type Place, sharedHarnesses } from './harnesses.ts'
import { type Call, catalogOf } from './worker.ts'
import { type Worker, startWorkers } from './workers.ts'

const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)
const processes = 8
const limit = 40
const long = { timeout: isFull ? 3_600_000 : 600_000 }

for (const { name: first, skipped, open } of sharedHarnesses) {
  const name = `${first} and other clients`
  // skipped: the harness says what this machine lacks
  describe.skipIf(skipped !== null)(`eight processes on ${name}${skipped === null ? '' : ` (${skipped})`}`, () => {
    const run = crypto.randomUUID()
    let place: Place
    let workers: readonly Worker[]

    beforeAll(async () => {
      place = await open()
      if (place.address === null) throw new Error('Other processes cannot reach this store')
      workers = await startWorkers({ address: place.address, limit }, processes)
    })
    afterAll(async () => {
      await Promise.all((workers ?? []).map(async (worker) => worker.close()))
      await place?.close()
    })

    async function usedOf(customer: string, feature: 'limited' | 'unlimited'): Promise<number> {
      const farebox = createFarebox({ catalog: catalogOf(limit), store: place.storeWith() })
      const { usage } = await farebox.snapshot({ customer })
      return usage[feature]?.used ?? Number.NaN
    }

    it('sell exactly the limit of one hot customer, round after round', long, async () => {
      const rounds = isFull ? 1_000 : 16
      for (let round = 0; round < rounds; round += 1) {
        const customer = `hot-${round}-${run}`
        // Some amounts do not fit any more where smaller ones do: singles fill what is left.
        const calls: readonly Call[] = [
          ...callsOf(customer, 2, round % 2 === 0 ? 'consume' : 'reserve', 4),
          ...callsOf(customer, 1, round % 3 === 0 ? 'reserve' : 'consume', limit / 4),
        ]
        const tallies = await Promise.all(workers.map(async (worker) => worker.run({ calls, inFlight: 6 })))
        expect(sumOf(tallies.map((tally) => tally.undecided))).toBe(0)
        expect(sumOf(tallies.map((tally) => tally.counted))).toBe(limit)
        expect(await usedOf(customer, 'limited')).toBe(limit)
      }
      process.stdout.write(`G4 on ${name}: ${rounds} rounds of ${processes} processes, exactly ${limit} each\n`)
    })

    it('sell exactly the limit of each of many customers', long, async () => {
      const customers = Array.from({ length: isFull ? 1_000 : 30 }, (_, index) => `many-${index}-${run}`)
      const random = seededRandom(seed)
      const tallies = await Promise.all(
        workers.map(async (worker) => {
          const calls = random.shuffle(customers.flatMap((customer) => callsOf(customer, 1, 'consume', (limit / processes) * 1.6)))
          return worker.run({ calls, inFlight: 32 })
        }),
      )
      expect(sumOf(tallies.map((tally) => tally.allowed))).toBe(limit * customers.length)
      expect(sumOf(tallies.map((tally) => tally.undecided))).toBe(0)
      for (const customer of customers) expect(await usedOf(customer, 'limited')).toBe(limit)
      process.stdout.write(`G4 on ${name}: ${customers.length} customers, exactly ${limit} each, seed ${seed}\n`)
    })

    it('count a key once, whichever of them it reaches and however often', long, async () => {
      const count = isFull ? 100_000 : 2_000
      const random = seededRandom(seed)
      const customers = Array.from({ length: 40 }, (_, index) => `keys-${index}-${run}`)
      const keyed = Array.from({ length: count }, (_, index): Call => {
        return { customer: customers[index % 40] ?? '', feature: 'unlimited', amount: 1 + (index % 3), key: `key-${index}`, verb: 'consume' }
      })
      const sent = random.shuffle(keyed.flatMap((call) => Array.from({ length: random.integer(2, 10) }, () => call)))
      const tallies = await Promise.all(
        workers.map(async (worker, own) => worker.run({ calls: sent.filter((_, index) => index % processes === own), inFlight: 64 })),
      )
      const used = await Promise.all(customers.map(async (customer) => usedOf(customer, 'unlimited')))
      expect(sumOf(tallies.map((tally) => tally.allowed))).toBe(sent.length)
      expect(sumOf(tallies.map((tally) => tally.first))).toBe(count)
      expect(sumOf(used)).toBe(sumOf(keyed.map((call) => call.amount)))
      process.stdout.write(`G5 on ${name}: ${count} keys in ${sent.length} requests of ${processes} processes, seed ${seed}\n`)
    })
  })
}

function callsOf(customer: string, amount: number, verb: Call['verb'], count: number): readonly Call[] {
  return Array.from({ length: count }, () => ({ customer, feature: 'limited', amount, key: null, verb }))
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
