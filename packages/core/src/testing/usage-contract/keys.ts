import { day, hour, minute } from '../../domain/instant.ts'
import { assertMatch } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, feature, grantOf, loaded, taken } from './usage-trial.ts'

const minuteGate = { id: '1/minute', limit: 1, period: minute, burst: 1 }

/** An idempotency key counts once, and answers what it answered first. */
export const keyCases: readonly UsageCase[] = [
  {
    name: 'a repeated key counts once and answers what was drawn first',
    async run(trial) {
      const asked = { key: 'k', amount: 6, buckets: [grantOf('a', 4), allowanceOf(10)] }
      const first = taken(await trial.consume(asked))
      const drawn = [
        { bucket: 'grant:a', kind: 'grant', amount: 4 },
        { bucket: allowanceId, kind: 'allowance', amount: 2 },
      ]
      assertMatch(first, { repeated: false, drawn, keyUntil: first.now + day }, 'First')
      assertMatch(await trial.consume(asked), { kind: 'taken', repeated: true, drawn, keyUntil: first.keyUntil }, 'Repeat')
      await trial.expectCounter('grant:a', 4)
      await trial.expectCounter(allowanceId, 2)
    },
  },
  {
    name: 'a repeated key is answered although the version is stale by now',
    async run(trial) {
      await trial.consume({ key: 'k' })
      await trial.store.raiseVersion(trial.customer, 9)
      const old = { version: 1, validFrom: 0, validUntil: 1, loaded: false }
      assertMatch(await trial.consume({ key: 'k', freshness: old }), { kind: 'taken', repeated: true }, 'Repeat')
      assertMatch(await trial.consume({ key: 'new', freshness: old }), { kind: 'stale', marker: 9 }, 'Another key')
    },
  },
  {
    name: 'a repeated key is answered although gate and bucket are closed by now, with the counters as they are',
    async run(trial) {
      const asked = { key: 'k', gates: [minuteGate], buckets: [allowanceOf(1)] }
      await trial.consume(asked)
      const buckets = [{ id: allowanceId, used: 1, reserved: 0 }]
      const gates = [{ id: '1/minute', remaining: 0 }]
      assertMatch(await trial.consume(asked), { kind: 'taken', repeated: true, buckets, gates }, 'Repeat')
    },
  },
  {
    name: 'the same key with another amount, feature or verb is a conflict that changes nothing',
    async run(trial) {
      await trial.consume({ key: 'k', amount: 2 })
      await trial.store.raiseVersion(trial.customer, 9)
      const old = { ...loaded, loaded: false }
      const asked = { key: 'k', amount: 3, freshness: old }
      assertMatch(await trial.consume(asked), { kind: 'conflict', buckets: [{ id: allowanceId, used: 2 }] }, 'Other amount')
      assertMatch(await trial.consume({ key: 'k', amount: 2, feature: 'exports' }), { kind: 'conflict' }, 'Other feature')
      assertMatch(await trial.reserve('r', { key: 'k', amount: 2 }), { kind: 'conflict' }, 'Other verb')
      await trial.expectCounter(allowanceId, 2)
      assertMatch((await trial.read({ feature: 'exports' })).buckets, [{ used: 0, reserved: 0 }], 'Other feature')
    },
  },
  {
    name: 'a key stands for customer, feature, amount and verb: whatever else is asked by now, the first answer is given',
    async run(trial) {
      const drawn = [{ bucket: allowanceId, kind: 'allowance', amount: 2 }]
      await trial.consume({ key: 'k', amount: 2 })
      const later = { amount: 2, buckets: [grantOf('later', 9)], gates: [minuteGate], keyFor: minute }
      const gates = [{ remaining: 1 }]
      const repeat = await trial.consume({ ...later, key: 'k' })
      assertMatch(repeat, { kind: 'taken', repeated: true, drawn, buckets: [{ id: 'grant:later', used: 0 }], gates }, 'Consumption')
      const first = taken(await trial.reserve('r', { key: 'held', amount: 2 }))
      const again = await trial.reserve('s', { ...later, key: 'held', expiresIn: minute, onExpiry: 'settle', overdraft: 5 })
      assertMatch(again, { kind: 'taken', repeated: true, drawn, reservation: 'r', expiresAt: first.expiresAt, gates }, 'Reservation')
      await trial.expectCounter('grant:later', 0, 0)
      await trial.expectCounter(allowanceId, 2, 2)
    },
  },
  {
    name: 'keys and reservations are told apart by every character of their names',
    async run(trial) {
      const names = ['e', 'E', 'e ', ' e', 'e\u0301', '\u00e9', 'ss', '\u00df', '1', '\uff11']
      const buckets = [allowanceOf(null)]
      for (const [index, name] of names.entries()) {
        assertMatch(await trial.consume({ key: name, buckets }), { kind: 'taken', repeated: false }, `Key ${name}`)
        assertMatch(await trial.reserve(name, { amount: 1 + index, buckets }), { kind: 'taken' }, `Reservation ${name}`)
      }
      for (const [index, name] of names.entries()) {
        assertMatch(await trial.consume({ key: name, buckets }), { kind: 'taken', repeated: true }, `Key ${name}, again`)
        assertMatch(await trial.settle(name, 1 + index), { kind: 'ended', repeated: false }, `Settle ${name}`)
      }
      await trial.expectCounter(allowanceId, names.length + (names.length * (names.length + 1)) / 2)
    },
  },
  {
    name: "another customer's key is another key",
    async run(trial) {
      await trial.consume({ key: 'k' })
      const other = `${trial.customer}-other`
      assertMatch(await trial.consume({ key: 'k', amount: 2, customer: other }), { kind: 'taken', repeated: false }, 'Other')
      await trial.expectCounter(allowanceId, 1)
    },
  },
  {
    name: 'a refusal leaves its key free',
    async run(trial) {
      const refused = await trial.consume({ key: 'k', amount: 6, buckets: [allowanceOf(5)] })
      assertMatch(refused, { kind: 'refused', by: 'bucket', retryAt: null }, 'Above the limit')
      assertMatch(await trial.consume({ key: 'k' }), { kind: 'taken', repeated: false }, 'Another amount')
    },
  },
  {
    name: 'a stale answer leaves its key free',
    async run(trial) {
      const unknown = { ...loaded, loaded: false }
      assertMatch(await trial.consume({ key: 'k', freshness: unknown }), { kind: 'stale', marker: null }, 'No marker')
      assertMatch(await trial.consume({ key: 'k' }), { kind: 'taken', repeated: false }, 'Loaded')
    },
  },
  {
    name: 'a repeated key of a reservation answers the first reservation and holds nothing more',
    async run(trial) {
      const first = taken(await trial.reserve('first', { key: 'k', amount: 4 }))
      const expected = { kind: 'taken', repeated: true, reservation: 'first', expiresAt: first.expiresAt }
      assertMatch(await trial.reserve('second', { key: 'k', amount: 4 }), expected, 'Repeat')
      await trial.expectCounter(allowanceId, 0, 4)
      assertMatch(await trial.settle('second', 1), { kind: 'unknown', as: null }, 'Settle the second')
    },
  },
  {
    name: 'release by key gives back to where it came from and frees the key, once',
    async run(trial) {
      await trial.consume({ key: 'other', amount: 3 })
      const asked = { key: 'k', amount: 5, buckets: [grantOf('a', 4), allowanceOf(10)] }
      await trial.consume(asked)
      assertMatch(await trial.release({ by: 'key', key: 'k' }), { kind: 'ended', amount: 0, repeated: false }, 'Release')
      await trial.expectCounter('grant:a', 0)
      await trial.expectCounter(allowanceId, 3)
      assertMatch(await trial.release({ by: 'key', key: 'k' }), { kind: 'unknown', as: null }, 'Second release')
      assertMatch(await trial.consume({ key: 'k', amount: 1 }), { kind: 'taken', repeated: false }, 'Count anew')
      await trial.expectCounter(allowanceId, 4)
    },
  },
  {
    name: 'a key whose draws were given back otherwise gives nothing back, and stays',
    async run(trial) {
      const { drawn } = taken(await trial.consume({ key: 'k', amount: 3 }))
      assertMatch(await trial.release({ by: 'drawn', drawn }), { kind: 'ended' }, 'Release by draws')
      assertMatch(await trial.release({ by: 'key', key: 'k' }), { kind: 'unknown', as: null }, 'Release by key')
      assertMatch(await trial.consume({ key: 'k', amount: 3 }), { kind: 'taken', repeated: true }, 'Repeat')
      await trial.expectCounter(allowanceId, 0)
    },
  },
  {
    name: 'release by a key of another feature or customer gives nothing back',
    async run(trial) {
      await trial.consume({ key: 'k' })
      for (const elsewhere of [{ feature: 'exports' }, { customer: `${trial.customer}-other` }]) {
        const target = { by: 'key', key: 'k' } as const
        const [outcome] = await trial.execute([{ verb: 'release', customer: trial.customer, feature, target, ...elsewhere }])
        assertMatch(outcome, { kind: 'unknown', as: null }, 'Release elsewhere')
      }
      await trial.expectCounter(allowanceId, 1)
    },
  },
  {
    name: 'a key that another reservation has by now is not freed by the end of the first',
    needsClock: true,
    async run(trial) {
      for (const end of ['release', 'expire'] as const) {
        await trial.reserve(end, { feature: 'exports', key: end, keyFor: minute, expiresIn: hour })
        trial.advance(minute)
        await trial.reserve(end, { key: end, expiresIn: 2 * hour })
        const target = { by: 'reservation', reservation: end } as const
        if (end === 'expire') trial.advance(hour)
        else await trial.execute([{ verb: 'release', customer: trial.customer, feature: 'exports', target }])
        await trial.reserve(`${end}-other`, { feature: 'exports' })
        assertMatch(await trial.reserve('again', { key: end, expiresIn: 2 * hour }), { kind: 'taken', repeated: true }, `After ${end}`)
      }
      await trial.expectCounter(allowanceId, 0, 2)
      await trial.reserve('one', { key: 'k', keyFor: minute, expiresIn: hour })
      trial.advance(minute)
      await trial.reserve('two', { key: 'k', expiresIn: hour })
      await trial.release({ by: 'reservation', reservation: 'one' })
      assertMatch(await trial.reserve('three', { key: 'k' }), { repeated: true, reservation: 'two' }, 'Of the same feature')
    },
  },
  {
    name: 'a key is remembered for as long as was asked, from the first answer on',
    needsClock: true,
    async run(trial) {
      await trial.consume({ key: 'k', keyFor: hour })
      trial.advance(hour - 1)
      assertMatch(await trial.consume({ key: 'k', keyFor: hour }), { repeated: true }, 'Just before its end')
      trial.advance(1)
      assertMatch(await trial.consume({ key: 'k', keyFor: hour }), { kind: 'taken', repeated: false }, 'At its end')
      await trial.expectCounter(allowanceId, 2)
    },
  },
]
