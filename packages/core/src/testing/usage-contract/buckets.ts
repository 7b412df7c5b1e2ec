import { largestAmount } from '../../domain/amount.ts'
import { assertMatch } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, feature, grantOf, taken } from './usage-trial.ts'

/** An amount is drawn whole or not at all, in burn order, under the limits of this very call. */
export const bucketCases: readonly UsageCase[] = [
  {
    name: 'an amount is drawn in burn order, across buckets',
    async run(trial) {
      const buckets = [grantOf('a', 3), allowanceOf(10), { ...grantOf('o', 0), kind: 'overage', limit: null } as const]
      const outcome = taken(await trial.consume({ amount: 15, buckets }))
      const drawn = [
        { bucket: 'grant:a', kind: 'grant', amount: 3 },
        { bucket: allowanceId, kind: 'allowance', amount: 10 },
        { bucket: 'grant:o', kind: 'overage', amount: 2 },
      ]
      const states = [
        { id: 'grant:a', used: 3, reserved: 0 },
        { id: allowanceId, used: 10, reserved: 0 },
        { id: 'grant:o', used: 2, reserved: 0 },
      ]
      assertMatch(outcome, { drawn, buckets: states, keyUntil: null, reservation: null, expiresAt: null }, 'Outcome')
    },
  },
  {
    name: 'a bucket that pays nothing is not among the draws',
    async run(trial) {
      const drawn = [{ bucket: allowanceId, kind: 'allowance', amount: 2 }]
      await trial.consume({ amount: 3, buckets: [grantOf('spent', 3)] })
      const buckets = [grantOf('none', 0), grantOf('spent', 3), allowanceOf(10), grantOf('last', 9)]
      assertMatch(await trial.consume({ amount: 2, buckets }), { kind: 'taken', drawn }, 'Consumed')
      assertMatch(await trial.reserve('r', { amount: 2, buckets }), { kind: 'taken', drawn }, 'Held')
    },
  },
  {
    name: 'a refusal draws nothing from any bucket',
    async run(trial) {
      const buckets = [grantOf('a', 3), allowanceOf(10)]
      const states = [
        { id: 'grant:a', used: 0, reserved: 0 },
        { id: allowanceId, used: 0, reserved: 0 },
      ]
      assertMatch(await trial.consume({ amount: 14, buckets }), { kind: 'refused', by: 'bucket', buckets: states }, 'Refused')
      await trial.expectCounter('grant:a', 0)
      await trial.expectCounter(allowanceId, 0)
      assertMatch(await trial.consume({ amount: 13, buckets }), { kind: 'taken' }, 'All of it')
    },
  },
  {
    name: 'the limit is the one of the call: an upgrade takes effect at once and keeps what was used',
    async run(trial) {
      await trial.consume({ amount: 5, buckets: [allowanceOf(5)] })
      assertMatch(await trial.consume({ buckets: [allowanceOf(5)] }), { kind: 'refused' }, 'Used up')
      assertMatch(await trial.consume({ amount: 495, buckets: [allowanceOf(500)] }), { kind: 'taken' }, 'Upgraded')
      assertMatch(await trial.consume({ buckets: [allowanceOf(500)] }), { kind: 'refused' }, 'Used up again')
      await trial.expectCounter(allowanceId, 500)
    },
  },
  {
    name: 'a counter above its limit gives nothing, and takes nothing from its neighbours',
    async run(trial) {
      await trial.consume({ amount: 8, buckets: [allowanceOf(10)] })
      const buckets = [allowanceOf(5), grantOf('a', 3)]
      assertMatch(await trial.consume({ amount: 4, buckets }), { kind: 'refused' }, 'More than the grant')
      const drawn = [{ bucket: 'grant:a', kind: 'grant', amount: 3 }]
      assertMatch(await trial.consume({ amount: 3, buckets }), { kind: 'taken', drawn }, 'The grant')
      await trial.expectCounter(allowanceId, 8)
    },
  },
  {
    name: 'a bucket without a limit counts, and without buckets nothing is allowed',
    async run(trial) {
      assertMatch(await trial.consume({ amount: 1_000_000, buckets: [allowanceOf(null)] }), { kind: 'taken' }, 'Unlimited')
      await trial.expectCounter(allowanceId, 1_000_000)
      assertMatch(await trial.consume({ buckets: [] }), { kind: 'refused', by: 'bucket', buckets: [] }, 'No bucket')
    },
  },
  {
    name: 'counters stay exact up to 2^53 - 1 and go no further',
    async run(trial) {
      const buckets = [allowanceOf(null)]
      assertMatch(await trial.consume({ amount: largestAmount - 1, buckets }), { kind: 'taken' }, 'Almost all')
      assertMatch(await trial.consume({ amount: 2, buckets }), { kind: 'refused', by: 'bucket' }, 'One too many')
      assertMatch(await trial.consume({ amount: 1, buckets }), { kind: 'taken' }, 'The last')
      await trial.expectCounter(allowanceId, largestAmount)
      assertMatch(await trial.consume({ amount: largestAmount, buckets }), { kind: 'refused' }, 'As much again')
      await trial.expectCounter(allowanceId, largestAmount)
      const other = [{ ...allowanceOf(null), id: 'allowance:0' }]
      await trial.reserve('r', { amount: largestAmount - 1, buckets: other })
      assertMatch(await trial.consume({ amount: 2, buckets: other }), { kind: 'refused', by: 'bucket' }, 'Beside what is held')
      assertMatch(await trial.consume({ amount: 1, buckets: other }), { kind: 'taken' }, 'The last beside what is held')
    },
  },
  {
    name: 'counters of different customers, features and buckets never meet, however their names are written',
    async run(trial) {
      const names = ['a', 'a:b', 'b', 'a b', 'a}b', '{a}', 'a%3Ab', 'A', 'ä', 'a\u0308', 'a ', '*', "a'b", 'a/b', '__proto__']
      const places = names.flatMap((first) => names.map((second) => [first, second] as const))
      for (const [first, second] of places) {
        const buckets = [grantOf(second, 1), grantOf(`${second}:`, 1), grantOf('same', 1)]
        const asked = { customer: `${trial.customer}:${first}`, feature: second, amount: 3, buckets }
        assertMatch(await trial.consume(asked), { kind: 'taken' }, `Customer ${first}, feature ${second}`)
      }
      const [first] = await trial.store.read([{ customer: trial.customer, feature, buckets: ['grant:a'], gates: [] }])
      assertMatch(first, { buckets: [{ used: 0 }], marker: null }, 'The customer whose name begins the others')
    },
  },
  {
    name: 'reading something that never was answers zero, and makes nothing',
    async run(trial) {
      const reading = await trial.read({ buckets: ['grant:x', allowanceId] })
      const buckets = [
        { id: 'grant:x', used: 0, reserved: 0 },
        { id: allowanceId, used: 0, reserved: 0 },
      ]
      assertMatch(reading, { buckets, gates: [], marker: null }, 'Reading')
      assertMatch(await trial.store.read([]), [], 'No query')
    },
  },
]
