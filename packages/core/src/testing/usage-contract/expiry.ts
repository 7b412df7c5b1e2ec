import { minute, second } from '../../domain/instant.ts'
import { assertMatch } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, feature, grantOf, januaryFirst } from './usage-trial.ts'

/** A reservation that nobody ends, ends by itself, as it was declared, in the call that meets it. */
export const expiryCases: readonly UsageCase[] = [
  {
    name: 'an expired reservation is given back, at its instant and not before',
    needsClock: true,
    async run(trial) {
      await trial.reserve('r', { amount: 10, expiresIn: minute })
      trial.advance(minute - 1)
      assertMatch(await trial.consume({ amount: 10 }), { kind: 'refused' }, 'Just before')
      trial.advance(1)
      assertMatch(await trial.consume({ amount: 10 }), { kind: 'taken' }, 'At its instant')
      await trial.expectCounter(allowanceId, 10, 0)
    },
  },
  {
    name: 'one that was declared so is counted in full',
    needsClock: true,
    async run(trial) {
      await trial.reserve('r', { amount: 6, expiresIn: minute, onExpiry: 'settle' })
      trial.advance(minute)
      assertMatch(await trial.consume({ amount: 5 }), { kind: 'refused' }, 'Five of the four that are left')
      await trial.expectCounter(allowanceId, 6, 0)
    },
  },
  {
    name: 'what several buckets hold is ended in each of them',
    needsClock: true,
    async run(trial) {
      await trial.reserve('counted', { amount: 6, expiresIn: minute, onExpiry: 'settle', buckets: [grantOf('a', 4), allowanceOf(10)] })
      await trial.reserve('back', { amount: 5, expiresIn: minute, buckets: [grantOf('b', 3), allowanceOf(10)] })
      trial.advance(minute)
      await trial.expectCounter('grant:a', 4, 0)
      await trial.expectCounter('grant:b', 0, 0)
      await trial.expectCounter(allowanceId, 2, 0)
    },
  },
  {
    name: 'reading and history meet an expired reservation too',
    needsClock: true,
    async run(trial) {
      await trial.reserve('r', { amount: 6, expiresIn: minute })
      await trial.reserve('s', { amount: 3, expiresIn: 2 * minute, onExpiry: 'settle' })
      trial.advance(minute)
      await trial.expectCounter(allowanceId, 0, 3)
      trial.advance(minute)
      const span = { customer: trial.customer, feature, from: januaryFirst, to: januaryFirst + 1 }
      assertMatch(await trial.store.history(span), [{ bucket: allowanceId, used: 3 }], 'History')
      await trial.expectCounter(allowanceId, 3, 0)
    },
  },
  {
    name: 'after its expiry nothing ends it again',
    needsClock: true,
    async run(trial) {
      await trial.reserve('back', { amount: 4, expiresIn: minute })
      await trial.reserve('counted', { amount: 4, expiresIn: minute, onExpiry: 'settle' })
      trial.advance(minute)
      for (const reservation of ['back', 'counted']) {
        assertMatch(await trial.settle(reservation, 4), { kind: 'unknown', as: 'expired' }, `Settle ${reservation}`)
        const released = await trial.release({ by: 'reservation', reservation })
        assertMatch(released, { kind: 'unknown', as: 'expired' }, `Release ${reservation}`)
        assertMatch(await trial.reserve(reservation, { amount: 4 }), { kind: 'conflict' }, `Reserve ${reservation}`)
      }
      await trial.expectCounter(allowanceId, 4, 0)
    },
  },
  {
    name: 'a settlement just in time wins',
    needsClock: true,
    async run(trial) {
      await trial.reserve('r', { amount: 4, expiresIn: minute })
      trial.advance(minute - 1)
      assertMatch(await trial.settle('r', 4), { kind: 'ended', repeated: false }, 'Just in time')
      trial.advance(minute)
      await trial.expectCounter(allowanceId, 4, 0)
    },
  },
  {
    name: 'each expires by its own time, wherever it is',
    needsClock: true,
    async run(trial) {
      for (let index = 1; index <= 5; index += 1) await trial.reserve(`r${index}`, { amount: 2, expiresIn: index * minute })
      await trial.reserve('elsewhere', { feature: 'exports', amount: 2, expiresIn: 2 * minute })
      for (let index = 1; index <= 5; index += 1) {
        trial.advance(minute - second)
        await trial.expectCounter(allowanceId, 0, 12 - index * 2)
        trial.advance(second)
        await trial.expectCounter(allowanceId, 0, 10 - index * 2)
      }
      assertMatch((await trial.read({ feature: 'exports' })).buckets, [{ used: 0, reserved: 0 }], 'Elsewhere')
    },
  },
  {
    name: 'one that was given back frees its key; one that was counted keeps it',
    needsClock: true,
    async run(trial) {
      await trial.reserve('back', { key: 'back', amount: 2, expiresIn: minute })
      await trial.reserve('counted', { key: 'counted', amount: 2, expiresIn: minute, onExpiry: 'settle' })
      trial.advance(minute)
      const again = await trial.reserve('again', { key: 'back', amount: 2 })
      assertMatch(again, { kind: 'taken', repeated: false, reservation: 'again' }, 'Given back')
      const repeat = await trial.reserve('repeat', { key: 'counted', amount: 2 })
      assertMatch(repeat, { kind: 'taken', repeated: true, reservation: 'counted' }, 'Counted')
      assertMatch(await trial.release({ by: 'key', key: 'counted' }), { kind: 'unknown', as: 'expired' }, 'Release the counted')
      await trial.expectCounter(allowanceId, 2, 2)
    },
  },
  {
    name: 'an overdraft is not taken by an expiry',
    needsClock: true,
    async run(trial) {
      const asked = { amount: 4, overdraft: 5, expiresIn: minute, onExpiry: 'settle', buckets: [allowanceOf(10)] } as const
      await trial.reserve('r', asked)
      trial.advance(minute)
      await trial.expectCounter(allowanceId, 4, 0)
    },
  },
]
