import { day } from '../../domain/instant.ts'
import type { BucketKind } from '../../domain/bucket.ts'
import type { UsageBucket } from '../../ports/usage-store.ts'
import { assertMatch } from '../assertion.ts'
import { type UsageCase, feature, grantOf, januaryFirst } from './usage-trial.ts'

function periodBucket(name: string, kind: BucketKind, start: number): UsageBucket {
  return { id: `${name}:${start}`, kind, limit: null, keepUntil: null }
}

/** Counters of past periods stay readable, by the start in their names. */
export const historyCases: readonly UsageCase[] = [
  {
    name: 'history tells the periods that start in a half-open span, oldest first',
    async run(trial) {
      for (const [index, dayOfYear] of [3, 1, 2, 0, 4].entries()) {
        const start = januaryFirst + dayOfYear * day
        await trial.consume({ amount: index + 1, buckets: [periodBucket('allowance', 'allowance', start)] })
      }
      const span = { customer: trial.customer, feature, from: januaryFirst + day, to: januaryFirst + 4 * day }
      const expected = [
        { bucket: `allowance:${januaryFirst + day}`, used: 2 },
        { bucket: `allowance:${januaryFirst + 2 * day}`, used: 3 },
        { bucket: `allowance:${januaryFirst + 3 * day}`, used: 1 },
      ]
      assertMatch(await trial.store.history(span), expected, 'History')
    },
  },
  {
    name: 'periods are told in the order of time, whatever their names look like',
    async run(trial) {
      const starts = [januaryFirst, 2 * day, -3 * day, 0, day, -20 * day]
      for (const start of starts) await trial.consume({ buckets: [periodBucket('allowance', 'allowance', start)] })
      const span = { customer: trial.customer, feature, from: -20 * day, to: januaryFirst }
      const expected = [-20, -3, 0, 1, 2].map((days) => ({ bucket: `allowance:${days * day}`, used: 1 }))
      assertMatch(await trial.store.history(span), expected, 'History')
    },
  },
  {
    name: 'overage and overdraft are part of it; grants, what is held and what was given back are not',
    async run(trial) {
      const start = januaryFirst
      await trial.consume({ amount: 2, buckets: [periodBucket('overage', 'overage', start)] })
      await trial.consume({ amount: 3, buckets: [grantOf(`${start}`, 10)] })
      await trial.reserve('r', { amount: 1, buckets: [periodBucket('allowance', 'allowance', start)], overdraft: 0 })
      await trial.consume({ amount: 4, key: 'k', buckets: [periodBucket('allowance', 'allowance', start + 1)] })
      await trial.release({ by: 'key', key: 'k' })
      await trial.consume({ amount: 5, buckets: [periodBucket('overdraft', 'overage', start + 2)] })
      const expected = [
        { bucket: `overage:${start}`, used: 2 },
        { bucket: `overdraft:${start + 2}`, used: 5 },
      ]
      const span = { customer: trial.customer, feature, from: start, to: start + day }
      assertMatch(await trial.store.history(span), expected, 'History')
    },
  },
  {
    name: 'history is of one customer and one feature',
    async run(trial) {
      const buckets = [periodBucket('allowance', 'allowance', januaryFirst)]
      await trial.consume({ buckets, feature: 'exports' })
      await trial.consume({ buckets, customer: `${trial.customer}-other` })
      const span = { customer: trial.customer, feature, from: 0, to: januaryFirst + day }
      assertMatch(await trial.store.history(span), [], 'History')
    },
  },
]
