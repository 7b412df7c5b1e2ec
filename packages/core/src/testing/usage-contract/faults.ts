import { day } from '../../domain/instant.ts'
import type { ConsumeOperation, ReserveOperation } from '../../ports/usage-store.ts'
import { assertMatch, assertRejects } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, feature, grantOf } from './usage-trial.ts'

const notAmounts = [Number.NaN, -1, 1.5, 2 ** 53, Number.POSITIVE_INFINITY]

/** What would corrupt a counter is refused before anything of the call is written. */
export const faultCases: readonly UsageCase[] = [
  {
    name: 'amounts that are not whole numbers of the range are refused, and neighbours in the call are not counted',
    async run(trial) {
      const operations = [0, ...notAmounts].flatMap((amount): (ConsumeOperation | ReserveOperation)[] => [
        trial.consumption({ amount }),
        trial.reservation('r', { amount }),
      ])
      for (const operation of operations) {
        const what = `${operation.verb} ${operation.amount}`
        await assertRejects(async () => trial.execute([trial.consumption({ amount: 2 }), operation]), 'invalid-request', what)
      }
      await trial.expectCounter(allowanceId, 0, 0)
    },
  },
  {
    name: 'settlements, overdrafts and draws that are not amounts are refused, and the reservation stays',
    async run(trial) {
      await trial.reserve('r', { amount: 5, overdraft: 2 })
      for (const amount of notAmounts) {
        await assertRejects(async () => trial.settle('r', amount), 'invalid-request', `Settle ${amount}`)
        await assertRejects(async () => trial.reserve('s', { overdraft: amount }), 'invalid-request', `Overdraft ${amount}`)
        const drawn = [{ bucket: allowanceId, kind: 'allowance', amount } as const]
        await assertRejects(async () => trial.release({ by: 'drawn', drawn }), 'invalid-request', `Release ${amount}`)
      }
      await trial.expectCounter(allowanceId, 0, 5)
      assertMatch(await trial.settle('r', 5), { kind: 'ended', repeated: false }, 'Still there')
    },
  },
  {
    name: 'limits and versions that are not numbers of the range are refused',
    async run(trial) {
      for (const wrong of notAmounts) {
        await assertRejects(async () => trial.consume({ buckets: [allowanceOf(wrong)] }), 'invalid-request', `Limit ${wrong}`)
        const freshness = { version: wrong, validFrom: 0, validUntil: null, loaded: true }
        await assertRejects(async () => trial.consume({ freshness }), 'invalid-request', `Version ${wrong}`)
        await assertRejects(async () => trial.store.raiseVersion(trial.customer, wrong), 'invalid-request', `Raise ${wrong}`)
      }
      assertMatch(await trial.read(), { marker: null, buckets: [{ used: 0 }] }, 'Nothing is written')
    },
  },
  {
    name: 'requests that no gate could ever admit are refused',
    async run(trial) {
      const gates = [{ id: '9/day/3', limit: 9, period: day, burst: 3 }]
      for (const requests of [0, 4, ...notAmounts]) {
        await assertRejects(async () => trial.consume({ gates, requests }), 'invalid-request', `Requests ${requests}`)
      }
      assertMatch(await trial.consume({ gates, requests: 3 }), { kind: 'taken', gates: [{ remaining: 0 }] }, 'As many as it admits')
    },
  },
  {
    name: 'a bucket that is named twice is refused: its room would count twice',
    async run(trial) {
      const buckets = [grantOf('a', 5), allowanceOf(5), grantOf('a', 5)]
      await assertRejects(async () => trial.consume({ amount: 12, buckets }), 'invalid-request', 'Named twice')
      await trial.expectCounter('grant:a', 0)
    },
  },
  {
    name: 'empty names are refused',
    async run(trial) {
      for (const changes of [{ customer: '' }, { feature: '' }, { key: '' }, { buckets: [{ ...allowanceOf(5), id: '' }] }]) {
        await assertRejects(async () => trial.consume(changes), 'invalid-request', JSON.stringify(changes))
      }
      await assertRejects(async () => trial.reserve(''), 'invalid-request', 'Reservation')
      await assertRejects(
        async () => trial.execute([{ verb: 'settle', customer: '', feature, reservation: 'r', amount: 1 }]),
        'invalid-request',
        'Customer of a settlement',
      )
      await trial.expectCounter(allowanceId, 0, 0)
    },
  },
  {
    name: 'what a caller does to an answer or a question afterwards changes nothing in the store',
    async run(trial) {
      const buckets = [allowanceOf(10)]
      const operation = trial.reservation('r', { key: 'k', amount: 4, buckets })
      const [outcome] = await trial.execute([operation])
      buckets.pop()
      if (outcome?.kind === 'taken') Object.assign(outcome.drawn[0] ?? {}, { amount: 1000, bucket: 'grant:x' })
      assertMatch(await trial.settle('r', 1), { kind: 'ended', drawn: [{ bucket: allowanceId, amount: 1 }] }, 'Settled')
      await trial.expectCounter(allowanceId, 1, 0)
    },
  },
]
