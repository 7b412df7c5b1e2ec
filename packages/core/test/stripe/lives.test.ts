import { it } from 'vitest'
import { liveLives, livesTimeout } from './lives.ts'
import { isFull } from './world.ts'

it('memory: lives from sign-up to the final cancellation, each as Stripe and the model have it', { timeout: livesTimeout }, async () => {
  await liveLives(isFull ? 10_000 : 60, 'memory')
})
