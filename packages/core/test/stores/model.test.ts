import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Place, storeHarnesses } from './harnesses.ts'
import { history, replay } from './usage-histories.ts'

const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)

const beyondMemory = storeHarnesses.filter((harness) => harness.name !== 'memory')

for (const [index, { name, skipped, cost, open }] of beyondMemory.entries()) {
  // skipped: the harness says what this machine lacks
  describe.skipIf(skipped !== null)(`${name}${skipped === null ? '' : ` (${skipped})`}`, () => {
    let place: Place
    beforeAll(async () => void (place = await open()))
    afterAll(async () => place.close())

    it('answers as the reference does, in histories of random calls, markers, gates and time', { timeout: isFull ? 3_600_000 : 600_000 }, async () => {
      const numRuns = Math.ceil((isFull ? 15_000 : 200) / cost)
      let operations = 0
      await fc.assert(
        fc.asyncProperty(history, async (steps) => {
          operations += await replay(steps, (clock) => place.storeWith(clock).usage)
        }),
        { seed: seed + index, numRuns },
      )
      process.stdout.write(`G6 on ${name}: ${operations} operations in ${numRuns} histories, no difference, seed ${seed + index}\n`)
      expect(operations).toBeGreaterThan(numRuns * 60)
    })
  })
}
