import { it } from 'vitest'
import { liveHistories } from './histories.ts'
import { isFull } from './world.ts'

const runs = isFull ? 10_000 : 60

it(`ends equal to Stripe, each event once, over ${runs} shuffled, doubled and lossy histories`, { timeout: 3_600_000 }, async () => {
  await liveHistories(runs)
})
