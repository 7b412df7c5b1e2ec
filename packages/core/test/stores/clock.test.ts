import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { minute, second, toIso } from '../../src/domain/instant.ts'
import { allowance, createFarebox, defineCatalog, metered, usd } from '../../src/index.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { type Place, storeHarnesses } from './harnesses.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call', anchor: 'calendar' }), gated: metered({ unit: 'call' }) },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { apiCalls: allowance(5).per('month'), gated: allowance(100).per('month') },
      gates: { gated: ['1/minute'] },
    },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})
const feature = 'apiCalls'
const monthEnd = Date.UTC(2026, 1, 1)

for (const { name, skipped, open } of storeHarnesses) {
  // skipped: the harness says what this machine lacks
  describe.skipIf(skipped !== null)(`${name}${skipped === null ? '' : ` (${skipped})`}`, () => {
    let place: Place
    beforeAll(async () => void (place = await open()))
    afterAll(async () => place.close())

    /** A process whose clock is off by `offset` against the store's, which stands five minutes before the month's end. */
    function start(offset: number) {
      const clock = manualClock(monthEnd - 5 * minute)
      const host = { now: () => clock.now() + offset }
      const own = place.storeWith(clock)
      const store = { usage: own.usage, records: place.hasRecords ? own.records : memoryStore({ clock }).records }
      const customer = `clock-${crypto.randomUUID()}`
      return { clock, customer, farebox: createFarebox({ catalog, store, clock: host }) }
    }

    describe.each([{ offset: 10 * minute }, { offset: -10 * minute }])('with the host $offset ms off', ({ offset }) => {
      it('usage periods end by the store\'s clock', async () => {
        const { clock, customer, farebox } = start(offset)
        expect(await farebox.consume({ customer, feature, amount: 5 })).toMatchObject({ allowed: true, resetsAt: monthEnd })
        expect(await farebox.consume({ customer, feature })).toMatchObject({ reason: 'quota-exceeded', resetsAt: monthEnd })
        clock.set(monthEnd - 1)
        expect(await farebox.consume({ customer, feature })).toMatchObject({ reason: 'quota-exceeded' })
        clock.set(monthEnd)
        expect(await farebox.consume({ customer, feature })).toMatchObject({ allowed: true, used: 1 })
        const { asOf, usage } = await farebox.snapshot({ customer })
        expect([asOf, usage[feature]?.periodStart]).toEqual([toIso(monthEnd), toIso(monthEnd)])
      })

      it('reservations and gates end by the store\'s clock', async () => {
        const { clock, customer, farebox } = start(offset)
        const { expiresAt } = await farebox.reserve({ customer, feature, atMost: 5, expiresIn: 60 * second })
        expect(expiresAt).toBe(clock.now() + 60 * second)
        clock.advance(60 * second - 1)
        expect(await farebox.consume({ customer, feature })).toMatchObject({ allowed: false, reserved: 5 })
        clock.advance(1)
        expect(await farebox.consume({ customer, feature })).toMatchObject({ allowed: true, reserved: 0 })

        await farebox.consume({ customer, feature: 'gated' })
        const refused = await farebox.consume({ customer, feature: 'gated' })
        expect(refused).toMatchObject({ reason: 'rate-limited', retryAt: clock.now() + minute })
        clock.advance(minute - 1)
        expect(await farebox.consume({ customer, feature: 'gated' })).toMatchObject({ reason: 'rate-limited' })
        clock.advance(1)
        expect(await farebox.consume({ customer, feature: 'gated' })).toMatchObject({ allowed: true })
      })

      it('what a customer was given for a while ends by the store\'s clock, also for claims', async () => {
        const { clock, customer, farebox } = start(offset)
        const until = clock.now() + 15 * minute
        await farebox.override({ customer, plan: 'pro', until })
        const planClaims = await farebox.planClaims({ customer })
        expect(await farebox.consume({ customer, feature, amount: 6, planClaims })).toMatchObject({ allowed: true, limit: 500 })
        clock.set(until - 1)
        expect(await farebox.consume({ customer, feature, amount: 6, planClaims })).toMatchObject({ allowed: true, limit: 500 })
        clock.set(until)
        expect(await farebox.consume({ customer, feature, amount: 6, planClaims })).toMatchObject({ allowed: false, limit: 5 })
      })
    })
  })
}
