import { largestAmount } from '../../domain/amount.ts'
import { assertMatch } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, grantOf, overdraftBucket } from './usage-trial.ts'

const both = [grantOf('a', 4), allowanceOf(10)]

/** A settlement may go above what was held, as far as was declared. */
export const overdraftCases: readonly UsageCase[] = [
  {
    name: 'a settlement above what is held draws from its own buckets first, in burn order',
    async run(trial) {
      await trial.reserve('r', { amount: 2, buckets: both, overdraft: 10 })
      const drawn = [
        { bucket: 'grant:a', kind: 'grant', amount: 4 },
        { bucket: allowanceId, kind: 'allowance', amount: 3 },
      ]
      assertMatch(await trial.settle('r', 7), { kind: 'ended', amount: 7, drawn }, 'Settled')
      await trial.expectCounter('grant:a', 4, 0)
      await trial.expectCounter(allowanceId, 3, 0)
      await trial.expectCounter(overdraftBucket.id, 0, 0)
      await trial.reserve('s', { amount: 4, buckets: [grantOf('b', 3), allowanceOf(10)], overdraft: 10 })
      const later = [
        { bucket: 'grant:b', kind: 'grant', amount: 3 },
        { bucket: allowanceId, kind: 'allowance', amount: 7 },
        { bucket: overdraftBucket.id, kind: 'overage', amount: 1 },
      ]
      assertMatch(await trial.settle('s', 11), { kind: 'ended', amount: 11, drawn: later }, 'What two buckets held')
      await trial.expectCounter(allowanceId, 10, 0)
    },
  },
  {
    name: 'an overdraft counts up to 2^53 - 1 and no further',
    async run(trial) {
      await trial.consume({ amount: largestAmount - 1, buckets: [overdraftBucket] })
      await trial.reserve('r', { amount: 2, overdraft: 10, buckets: [allowanceOf(2)] })
      assertMatch(await trial.settle('r', 4), { kind: 'over', most: 3 }, 'One too many')
      assertMatch(await trial.settle('r', 3), { kind: 'ended', amount: 3 }, 'The most')
      await trial.expectCounter(overdraftBucket.id, largestAmount)
    },
  },
  {
    name: 'what its own buckets have no room for is counted apart',
    async run(trial) {
      await trial.reserve('r', { amount: 2, overdraft: 10 })
      await trial.consume({ amount: 7 })
      const drawn = [
        { bucket: allowanceId, kind: 'allowance', amount: 3 },
        { bucket: overdraftBucket.id, kind: 'overage', amount: 5 },
      ]
      assertMatch(await trial.settle('r', 8), { kind: 'ended', amount: 8, drawn }, 'Settled')
      await trial.expectCounter(allowanceId, 10, 0)
      await trial.expectCounter(overdraftBucket.id, 5, 0)
    },
  },
  {
    name: "room that others hold is not a settlement's to take",
    async run(trial) {
      await trial.reserve('r', { amount: 2, overdraft: 10 })
      await trial.reserve('other', { amount: 8 })
      await trial.settle('r', 5)
      await trial.expectCounter(allowanceId, 2, 8)
      await trial.expectCounter(overdraftBucket.id, 3, 0)
    },
  },
  {
    name: 'more than held and overdraft together is over: nothing changes, and the most is told',
    async run(trial) {
      await trial.reserve('r', { amount: 4, overdraft: 3 })
      assertMatch(await trial.settle('r', 8), { kind: 'over', most: 7 }, 'Over')
      await trial.expectCounter(allowanceId, 0, 4)
      assertMatch(await trial.settle('r', 7), { kind: 'ended', amount: 7, repeated: false }, 'The most')
      await trial.expectCounter(allowanceId, 7, 0)
      await trial.reserve('none', { amount: 1 })
      assertMatch(await trial.settle('none', 2), { kind: 'over', most: 1 }, 'No overdraft')
    },
  },
]
