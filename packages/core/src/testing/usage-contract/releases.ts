import { assertMatch } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, grantOf, taken } from './usage-trial.ts'

/** Giving back what was drawn without a key, and what a reservation's key stands for. */
export const releaseCases: readonly UsageCase[] = [
  {
    name: 'release by draws gives each bucket back what it paid',
    async run(trial) {
      const { drawn } = taken(await trial.consume({ amount: 6, buckets: [grantOf('a', 4), allowanceOf(10)] }))
      assertMatch(await trial.release({ by: 'drawn', drawn }), { kind: 'ended', amount: 0, drawn }, 'Released')
      await trial.expectCounter('grant:a', 0)
      await trial.expectCounter(allowanceId, 0)
    },
  },
  {
    name: 'release of draws that never were gives nothing back, from no bucket',
    async run(trial) {
      const { drawn } = taken(await trial.consume({ amount: 6, buckets: [grantOf('a', 4), allowanceOf(10)] }))
      const invented = [...drawn, { bucket: 'grant:b', kind: 'grant', amount: 1 } as const]
      assertMatch(await trial.release({ by: 'drawn', drawn: invented }), { kind: 'unknown', as: null }, 'One invented')
      const twice = [...drawn, ...drawn]
      assertMatch(await trial.release({ by: 'drawn', drawn: twice }), { kind: 'unknown', as: null }, 'More than was used')
      await trial.expectCounter('grant:a', 4)
      await trial.expectCounter(allowanceId, 2)
    },
  },
  {
    name: 'release by draws cannot touch what is held',
    async run(trial) {
      const { drawn } = taken(await trial.reserve('r', { amount: 6 }))
      assertMatch(await trial.release({ by: 'drawn', drawn }), { kind: 'unknown', as: null }, 'Draws of a reservation')
      await trial.expectCounter(allowanceId, 0, 6)
    },
  },
  {
    name: 'release of a reservation frees its key, and release by its key ends the reservation',
    async run(trial) {
      await trial.reserve('first', { key: 'k', amount: 4 })
      await trial.release({ by: 'reservation', reservation: 'first' })
      const second = await trial.reserve('second', { key: 'k', amount: 4 })
      assertMatch(second, { kind: 'taken', repeated: false, reservation: 'second' }, 'The key is free')
      assertMatch(await trial.release({ by: 'key', key: 'k' }), { kind: 'ended', amount: 0 }, 'Released by key')
      assertMatch(await trial.settle('second', 1), { kind: 'unknown', as: 'released' }, 'Settle the released')
      await trial.expectCounter(allowanceId, 0, 0)
    },
  },
  {
    name: 'a settled reservation keeps its key, and its key cannot release it',
    async run(trial) {
      await trial.reserve('r', { key: 'k', amount: 4 })
      await trial.settle('r', 3)
      assertMatch(await trial.release({ by: 'key', key: 'k' }), { kind: 'unknown', as: 'settled' }, 'Release by key')
      const repeat = await trial.reserve('s', { key: 'k', amount: 4 })
      assertMatch(repeat, { kind: 'taken', repeated: true, reservation: 'r' }, 'Repeat')
      await trial.expectCounter(allowanceId, 3, 0)
    },
  },
]
