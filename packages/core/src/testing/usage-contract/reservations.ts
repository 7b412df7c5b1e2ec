import { assertMatch, assertThat } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, feature, grantOf, taken } from './usage-trial.ts'

const both = [grantOf('a', 4), allowanceOf(10)]

function target(reservation: string): { readonly by: 'reservation'; readonly reservation: string } {
  return { by: 'reservation', reservation }
}

/** A reservation holds an upper bound and ends exactly once. */
export const reservationCases: readonly UsageCase[] = [
  {
    name: 'what is held is nobody else\'s until it is settled; then the true amount is counted',
    async run(trial) {
      const held = taken(await trial.reserve('r', { amount: 8 }))
      const drawn = [{ bucket: allowanceId, kind: 'allowance', amount: 8 }]
      const buckets = [{ id: allowanceId, used: 0, reserved: 8 }]
      assertMatch(held, { reservation: 'r', repeated: false, drawn, buckets }, 'Held')
      assertThat(held.expiresAt !== null && held.expiresAt > held.now, 'A reservation says when it expires')
      assertMatch(await trial.consume({ amount: 3 }), { kind: 'refused' }, 'Three of the two that are left')
      const settled = { kind: 'ended', amount: 5, repeated: false, drawn: [{ bucket: allowanceId, amount: 5 }] }
      assertMatch(await trial.settle('r', 5), settled, 'Settled')
      await trial.expectCounter(allowanceId, 5, 0)
      assertMatch(await trial.consume({ amount: 5 }), { kind: 'taken' }, 'The rest')
    },
  },
  {
    name: 'a settlement gives back what was drawn last first',
    async run(trial) {
      await trial.reserve('r', { amount: 9, buckets: both })
      const drawn = [
        { bucket: 'grant:a', kind: 'grant', amount: 4 },
        { bucket: allowanceId, kind: 'allowance', amount: 2 },
      ]
      assertMatch(await trial.settle('r', 6), { kind: 'ended', amount: 6, drawn }, 'Settled')
      await trial.expectCounter('grant:a', 4, 0)
      await trial.expectCounter(allowanceId, 2, 0)
      await trial.reserve('s', { amount: 5, buckets: [grantOf('b', 4), allowanceOf(10)] })
      assertMatch(await trial.settle('s', 3), { drawn: [{ bucket: 'grant:b', amount: 3 }] }, 'Less than the first bucket')
      await trial.expectCounter('grant:b', 3, 0)
      await trial.expectCounter(allowanceId, 2, 0)
    },
  },
  {
    name: 'a release frees all of it, to where it came from',
    async run(trial) {
      await trial.reserve('r', { amount: 9, buckets: both })
      assertMatch(await trial.release(target('r')), { kind: 'ended', amount: 0 }, 'Released')
      await trial.expectCounter('grant:a', 0, 0)
      await trial.expectCounter(allowanceId, 0, 0)
      assertMatch(await trial.consume({ amount: 14, buckets: both }), { kind: 'taken' }, 'All of it')
    },
  },
  {
    name: 'a settlement of nothing counts nothing',
    async run(trial) {
      await trial.reserve('r', { amount: 9 })
      assertMatch(await trial.settle('r', 0), { kind: 'ended', amount: 0, drawn: [] }, 'Settled')
      await trial.expectCounter(allowanceId, 0, 0)
      assertMatch(await trial.settle('r', 0), { kind: 'ended', repeated: true }, 'Settled again')
    },
  },
  {
    name: 'a reservation that is refused holds nothing',
    async run(trial) {
      assertMatch(await trial.reserve('r', { amount: 15, buckets: both }), { kind: 'refused', by: 'bucket' }, 'Refused')
      await trial.expectCounter('grant:a', 0, 0)
      assertMatch(await trial.settle('r', 1), { kind: 'unknown', as: null }, 'Settle what was refused')
      assertMatch(await trial.reserve('r', { amount: 14, buckets: both }), { kind: 'taken' }, 'The id is still free')
    },
  },
  {
    name: 'a repeated settlement counts nothing more; with another amount it is told what became of it',
    async run(trial) {
      await trial.reserve('r', { amount: 9 })
      const first = await trial.settle('r', 6)
      assertThat(first.kind === 'ended', 'The first settles')
      const again = { kind: 'ended', amount: 6, repeated: true, drawn: first.drawn }
      assertMatch(await trial.settle('r', 6), again, 'Again')
      assertMatch(await trial.settle('r', 7), { kind: 'unknown', as: 'settled' }, 'Another amount')
      await trial.expectCounter(allowanceId, 6, 0)
    },
  },
  {
    name: 'a reservation ends one way only',
    async run(trial) {
      await trial.reserve('settled', { amount: 4 })
      await trial.reserve('released', { amount: 4 })
      await trial.settle('settled', 3)
      await trial.release(target('released'))
      assertMatch(await trial.release(target('settled')), { kind: 'unknown', as: 'settled' }, 'Release the settled')
      assertMatch(await trial.settle('released', 1), { kind: 'unknown', as: 'released' }, 'Settle the released')
      assertMatch(await trial.release(target('released')), { kind: 'ended', amount: 0, repeated: true }, 'Release twice')
      await trial.expectCounter(allowanceId, 3, 0)
    },
  },
  {
    name: 'a reservation is known to its own customer and feature alone',
    async run(trial) {
      await trial.reserve('r', { amount: 4 })
      for (const elsewhere of [{ feature: 'exports' }, { customer: `${trial.customer}-other` }]) {
        const place = { customer: trial.customer, feature, ...elsewhere }
        const outcomes = await trial.execute([
          { verb: 'settle', ...place, reservation: 'r', amount: 1 },
          { verb: 'release', ...place, target: target('r') },
        ])
        assertMatch(outcomes, [{ kind: 'unknown', as: null }, { kind: 'unknown', as: null }], 'Elsewhere')
      }
      await trial.expectCounter(allowanceId, 0, 4)
    },
  },
  {
    name: "a reservation's id is used once",
    async run(trial) {
      await trial.reserve('r', { amount: 4 })
      assertMatch(await trial.reserve('r', { amount: 4 }), { kind: 'conflict' }, 'While it is held')
      await trial.settle('r', 4)
      assertMatch(await trial.reserve('r', { amount: 4 }), { kind: 'conflict' }, 'After its end')
      await trial.reserve('back', { amount: 4 })
      await trial.release(target('back'))
      assertMatch(await trial.reserve('back', { amount: 4 }), { kind: 'conflict' }, 'After its release')
      await trial.expectCounter(allowanceId, 4, 0)
    },
  },
]
