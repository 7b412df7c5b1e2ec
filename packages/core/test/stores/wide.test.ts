import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Place, storeHarnesses } from './harnesses.ts'
import { type Connection, connect } from './store-address.ts'
import { replayWide, wideHistory } from './wide-histories.ts'

const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)

const beyondMemory = storeHarnesses.filter((harness) => harness.name !== 'memory')

for (const [index, { name, client, skipped, cost, open }] of beyondMemory.entries()) {
  // skipped: the harness says what this machine lacks
  describe.skipIf(skipped !== null)(`${name}${skipped === null ? '' : ` (${skipped})`}`, () => {
    let place: Place
    let others: readonly Connection[]
    beforeAll(async () => {
      place = await open()
      // Two clients of @libsql/client in one process wait for each other until one of them gives up.
      others = place.address === null || client === '@libsql/client' ? [] : [await connect(place.address)]
    })
    afterAll(async () => {
      for (const other of others) await other.close()
      await place.close()
    })

    it('answers as the reference does, also where several stores ask in turn or at once', { timeout: 600_000 }, async () => {
      const numRuns = Math.ceil((isFull ? 8_000 : 100) / cost)
      let operations = 0
      await fc.assert(
        fc.asyncProperty(wideHistory, async (history) => {
          operations += await replayWide(history, (clock) => {
            const connections = [place, place, ...others]
            return connections.map((connection) => connection.storeWith(clock).usage)
          })
        }),
        { seed: seed + index, numRuns },
      )
      process.stdout.write(`Wide histories on ${name}: ${operations} operations in ${numRuns} histories, no difference, seed ${seed + index}\n`)
      expect(operations).toBeGreaterThan(numRuns * 20)
    })
  })
}
