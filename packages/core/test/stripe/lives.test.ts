import { it } from 'vitest'
import { liveLives } from './lives.ts'
import { isFull } from './world.ts'

const lives = isFull ? 10_000 : 60

it(`lives ${lives} lives from sign-up to the final cancellation, each as Stripe and the model have it`, { timeout: 36_000_000 }, async () => {
  await liveLives(lives, 'memory')
})
