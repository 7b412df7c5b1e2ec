import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultyProxy } from '../../../../tools/servers/proxy.mjs'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { allowance, createFarebox, defineCatalog, metered } from '../../src/index.ts'
import type { Store } from '../../src/ports/store.ts'
import { type Place, networkHarnesses } from './harnesses.ts'

const catalog = defineCatalog({
  features: {
    strict: metered({ unit: 'call' }),
    lenient: metered({ unit: 'call', onError: 'allow' }),
  },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { strict: allowance(100).per('month'), lenient: allowance(100).per('month') },
    },
  },
})

const undecided = { allowed: false, reason: 'unavailable', drawn: [] }
/** Of the app whose store is at fault: what must be answered is asked by one that waits for a machine however slow. */
const storeTimeout = 250

for (const { name, skipped, openThroughProxy } of networkHarnesses) {
  // skipped: the harness says what this machine lacks
  describe.skipIf(skipped !== null)(`${name}${skipped === null ? '' : ` (${skipped})`}`, () => {
    let proxy: FaultyProxy
    let place: Place
    let store: Store

    beforeAll(async () => {
      ;({ proxy, place } = await openThroughProxy())
      const { usage, records } = place.storeWith()
      store = { usage, records: place.hasRecords ? records : memoryStore().records }
    })
    afterAll(async () => {
      proxy.heal()
      await place.close()
      await proxy.close()
    })

    async function start() {
      const customer = `network-${crypto.randomUUID()}`
      const farebox = createFarebox({ catalog, store, storeTimeout })
      const patient = createFarebox({ catalog, store, storeTimeout: null })
      // A call that was given up may still be counted, later than what stands before is read: these only read.
      await expect.poll(async () => farebox.check({ customer, feature: 'strict' })).toMatchObject({ allowed: true })
      await patient.consume({ customer, feature: 'strict' })
      const usedOf = async (feature: 'strict' | 'lenient'): Promise<number> => (await patient.snapshot({ customer })).usage[feature]?.used ?? Number.NaN
      return { farebox, patient, customer, usedOf, before: await usedOf('strict') }
    }

    const faults = {
      'a cut connection': () => proxy.cut(),
      'a black hole': () => proxy.blackHole(),
      'lost answers': () => proxy.blackHole('answers'),
      'a server slower than the patience with it': () => proxy.slow(storeTimeout * 2),
    }

    it.each(Object.entries(faults))('%s: denies, unless the feature says otherwise, and counts no key twice', async (_, break_) => {
      const { farebox, patient, customer, usedOf, before } = await start()
      break_()
      const keyed = { customer, feature: 'strict', amount: 2, idempotencyKey: 'k' } as const
      const [strict, lenient, held, check] = await Promise.all([
        farebox.consume(keyed),
        farebox.consume({ customer, feature: 'lenient' }),
        farebox.reserve({ customer, feature: 'strict', atMost: 5 }),
        farebox.check({ customer, feature: 'strict' }),
      ])
      expect([strict, held, check]).toMatchObject([undecided, undecided, undecided])
      expect(lenient).toMatchObject({ allowed: true, reason: 'unavailable', drawn: [] })

      proxy.heal()
      await expect.poll(async () => farebox.consume(keyed)).toMatchObject({ allowed: true })
      expect(await patient.consume(keyed)).toMatchObject({ allowed: true, repeated: true })
      expect(await usedOf('strict')).toBe(before + 2)
      expect(await usedOf('lenient')).toBeLessThanOrEqual(1)
    })

    it('a slow server that answers in time is only slow', async () => {
      const { patient, customer } = await start()
      proxy.slow(20)
      expect(await patient.consume({ customer, feature: 'strict' })).toMatchObject({ allowed: true })
      proxy.heal()
    })

    it('what was asked once without a key is counted once at most, whatever the client sends again by itself', async () => {
      const { farebox, customer, usedOf, before } = await start()
      let allowed = 0
      for (let round = 0; round < 3; round += 1) {
        proxy.blackHole('answers')
        const lost = farebox.consume({ customer, feature: 'strict' })
        await expect.poll(() => Promise.race([lost.then(() => 'answered'), nextTurn()])).toBe('answered')
        proxy.cut()
        proxy.heal()
        const { allowed: counted } = await lost
        if (counted) allowed += 1
        await expect.poll(async () => farebox.check({ customer, feature: 'strict' })).toMatchObject({ allowed: true })
      }
      const used = (await usedOf('strict')) - before
      expect(used).toBeGreaterThanOrEqual(allowed)
      expect(used).toBeLessThanOrEqual(3)
    })
  })
}

async function nextTurn(): Promise<'waiting'> {
  return new Promise((resolve) => {
    setImmediate(() => resolve('waiting'))
  })
}
