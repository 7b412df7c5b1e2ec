import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Place, sharedHarnesses } from '../stores/harnesses.ts'
import { type KillingGround, killWhileChanging, killWhileCheckingOut, killWhileReceiving, killedChanges, openKillingGround } from './kills.ts'
import { isFull } from './world.ts'

const timeout = isFull ? 3_600_000 : 180_000
/** Unless all of it is asked for, every so many calls. */
const step = 9

for (const { name, open } of sharedHarnesses.filter(({ hasRecords }) => hasRecords)) {
  describe(`a process that is killed with signal 9 on ${name}`, { timeout }, () => {
    let place: Place
    let ground: KillingGround

    beforeAll(async () => {
      place = await open()
      ground = await openKillingGround(place)
    })
    afterAll(async () => {
      await ground?.close()
      await place?.close()
    })

    it('has acknowledged no event that is absent, and the next delivery heals what it left', async () => killWhileReceiving(ground, name))
    it.each(killedChanges)('leaves %s that whoever comes next finishes, each invoice made once', async (what) => killWhileChanging(ground, name, what, step))
    it('leaves one customer and one page', async () => killWhileCheckingOut(ground, name, 4))
  })
}
