import { it } from 'vitest'
import { crashWhileOperating, operationScenes } from './crash-operations.ts'
import { crashWhileCheckingOut, crashWhileConverging, crashWhileReceiving } from './crashes.ts'

const timeout = 600_000

it('never acknowledges an event that is not stored, and heals with the next delivery, wherever it crashes', { timeout }, async () => {
  await crashWhileReceiving()
})

it('does neither where it begins from what it committed last', { timeout }, async () => {
  await crashWhileReceiving({ isQuiet: true })
})

it('makes one customer and one session, wherever a checkout crashes', { timeout }, async () => {
  await crashWhileCheckingOut()
})

it('is whole again after a crash of the read on return from checkout', { timeout }, async () => {
  await crashWhileConverging()
})

it.each(operationScenes)('carries %s to its end, wherever it was interrupted', { timeout: 300_000 }, async (scene) => crashWhileOperating(scene))
