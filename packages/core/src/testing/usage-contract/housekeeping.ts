import { day, hour, minute } from '../../domain/instant.ts'
import type { UsageStore, UsageSweep } from '../../ports/usage-store.ts'
import { assertMatch, assertThat } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, feature, januaryFirst, loaded } from './usage-trial.ts'

/** Sweeps until a sweep finds nothing more, and says what was dropped on the way. */
async function sweepAll(store: UsageStore): Promise<UsageSweep> {
  const total = { reservations: 0, keys: 0, counters: 0, markers: 0 }
  for (let round = 0; round < 1000; round += 1) {
    const { reservations, keys, counters, markers } = await store.sweep()
    if (reservations + keys + counters + markers === 0) return total
    total.reservations += reservations
    total.keys += keys
    total.counters += counters
    total.markers += markers
  }
  throw new Error('A sweep comes to an end')
}

const gate = { id: '1/day', limit: 1, period: day, burst: 1 }

/** Dropping what is over changes no answer, and forgetting leaves nothing. */
export const housekeepingCases: readonly UsageCase[] = [
  {
    name: 'a sweep leaves alone what still counts',
    async run(trial) {
      await trial.consume({ key: 'k', amount: 2 })
      await trial.reserve('r', { amount: 3 })
      await sweepAll(trial.store)
      assertMatch(await trial.read(), { marker: 1, buckets: [{ used: 2, reserved: 3 }] }, 'Counters and marker')
      assertMatch(await trial.consume({ key: 'k', amount: 2 }), { repeated: true }, 'Key')
      assertMatch(await trial.settle('r', 1), { kind: 'ended', repeated: false }, 'Reservation')
    },
  },
  {
    name: 'a sweep drops what is over, and says how much',
    needsClock: true,
    async run(trial) {
      const now = await trial.now()
      const buckets = [{ ...allowanceOf(10), keepUntil: now + hour }]
      for (let index = 0; index < 30; index += 1) {
        await trial.consume({ customer: `${trial.customer}-${index}`, key: 'k', keyFor: hour, buckets })
      }
      await trial.reserve('r', { amount: 3, expiresIn: minute, buckets })
      trial.advance(hour)
      const { reservations, keys, counters, markers } = await sweepAll(trial.store)
      assertThat(reservations >= 1 && keys >= 30 && counters >= 31 && markers >= 31, 'All of it is dropped')
      await trial.expectCounter(allowanceId, 0, 0)
      assertMatch(await trial.settle('r', 1), { kind: 'unknown', as: 'expired' }, 'Its end is remembered')
      assertMatch(await trial.consume({ customer: `${trial.customer}-0`, key: 'k' }), { repeated: false }, 'Key')
    },
  },
  {
    name: 'a counter is kept for as long as anybody asked, and one without an end for good',
    needsClock: true,
    async run(trial) {
      const now = await trial.now()
      const keeping = (id: string, ...hours: readonly (number | null)[]): Promise<unknown> =>
        Promise.all(
          hours.map(async (after) => {
            const keepUntil = after === null ? null : now + after * hour
            return trial.consume({ buckets: [{ id, kind: 'grant', limit: null, keepUntil }] })
          }),
        )
      await keeping('grant:longer', 1, 3)
      await keeping('grant:shorter', 3, 1)
      await keeping('grant:for-good', 1, null, 1)
      trial.advance(2 * hour)
      await sweepAll(trial.store)
      await trial.expectCounter('grant:longer', 2)
      await trial.expectCounter('grant:shorter', 2)
      trial.advance(400 * day)
      await sweepAll(trial.store)
      await trial.expectCounter('grant:for-good', 3)
    },
  },
  {
    name: 'a counter that is still held is not dropped, however old',
    needsClock: true,
    async run(trial) {
      const now = await trial.now()
      const buckets = [{ ...allowanceOf(10), keepUntil: now + hour }]
      await trial.reserve('r', { amount: 3, expiresIn: day, buckets })
      trial.advance(2 * hour)
      await sweepAll(trial.store)
      assertMatch(await trial.settle('r', 2), { kind: 'ended', amount: 2, repeated: false }, 'Settled')
    },
  },
  {
    name: 'the end of a reservation is remembered for a day',
    needsClock: true,
    async run(trial) {
      await trial.reserve('r', { amount: 3 })
      await trial.settle('r', 2)
      trial.advance(day - 1)
      await sweepAll(trial.store)
      assertMatch(await trial.settle('r', 2), { kind: 'ended', repeated: true }, 'Just before')
      trial.advance(1)
      await sweepAll(trial.store)
      assertMatch(await trial.settle('r', 2), { kind: 'unknown', as: null }, 'A day later')
      assertMatch(await trial.reserve('r', { amount: 3 }), { kind: 'taken' }, 'Its id is free again')
      await trial.expectCounter(allowanceId, 2, 3)
    },
  },
  {
    name: 'forgetting a customer erases all of it, and nobody else',
    async run(trial) {
      const other = `${trial.customer}-other`
      await trial.consume({ customer: other, key: 'k' })
      await trial.consume({ key: 'k', amount: 2 })
      await trial.reserve('r', { amount: 3 })
      await trial.reserve('ended', { key: 'ended', feature: 'exports', gates: [gate] })
      await trial.execute([{ verb: 'settle', customer: trial.customer, feature: 'exports', reservation: 'ended', amount: 1 }])
      for (const start of [januaryFirst, januaryFirst + 1]) {
        await trial.consume({ buckets: [{ id: `allowance:${start}`, kind: 'allowance', limit: null, keepUntil: null }] })
      }
      await trial.store.forget(trial.customer)
      // Who held something, or knew the customer, brings nothing of it back.
      for (const ended of [
        await trial.settle('r', 1),
        await trial.release({ by: 'reservation', reservation: 'r' }),
        await trial.release({ by: 'key', key: 'k' }),
        await trial.release({ by: 'drawn', drawn: [{ bucket: allowanceId, kind: 'allowance', amount: 1 }] }),
      ]) assertMatch(ended, { kind: 'unknown', as: null }, 'What was begun before')
      assertMatch(await trial.consume({ freshness: { ...loaded, loaded: false } }), { kind: 'stale', marker: null }, 'What was known before')
      await sweepAll(trial.store)
      assertMatch(await trial.read(), { marker: null, buckets: [{ used: 0, reserved: 0 }] }, 'Counters and marker')
      const elsewhere = { customer: trial.customer, feature: 'exports', buckets: [allowanceId], gates: [gate] }
      assertMatch(await trial.store.read([elsewhere]), [{ buckets: [{ used: 0, reserved: 0 }], gates: [{ remaining: 1 }] }], 'Elsewhere')
      assertMatch(await trial.reserve('ended', { key: 'ended', feature: 'exports' }), { kind: 'taken', repeated: false }, 'Key and id of what had ended')
      const span = { customer: trial.customer, feature, from: januaryFirst, to: januaryFirst + day }
      assertMatch(await trial.store.history(span), [], 'History')
      assertMatch(await trial.settle('r', 1), { kind: 'unknown', as: null }, 'Reservation')
      assertMatch(await trial.consume({ key: 'k', amount: 7 }), { kind: 'taken', repeated: false }, 'Key')
      assertMatch(await trial.consume({ customer: other, key: 'k' }), { repeated: true }, 'The other customer')
      await trial.store.forget(`${trial.customer}-never-seen`)
    },
  },
  {
    name: 'a store says how exact it is',
    async run(trial) {
      const labels = ['linearizable', 'lossy-on-failover', 'best-effort']
      assertThat(labels.includes(trial.store.label), `The label is one of ${labels.join(', ')}`)
      assertMatch(await trial.consume({ freshness: loaded }), { kind: 'taken' }, 'And counts')
    },
  },
]
