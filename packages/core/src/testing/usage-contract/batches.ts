import { assertMatch } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, feature } from './usage-trial.ts'

/** Operations of one call are neighbours, nothing more. */
export const batchCases: readonly UsageCase[] = [
  {
    name: 'each operation has its own outcome, in the order asked',
    async run(trial) {
      const outcomes = await trial.execute([
        trial.consumption({ amount: 6 }),
        trial.consumption({ amount: 6 }),
        trial.consumption({ amount: 4 }),
        trial.consumption({ amount: 1 }),
      ])
      assertMatch(outcomes.map((outcome) => outcome.kind), ['taken', 'refused', 'taken', 'refused'], 'Kinds')
      await trial.expectCounter(allowanceId, 10)
    },
  },
  {
    name: 'an operation sees what its neighbours before it did',
    async run(trial) {
      const place = { customer: trial.customer, feature }
      const outcomes = await trial.execute([
        trial.reservation('r', { amount: 10 }),
        trial.consumption({ amount: 1 }),
        { verb: 'settle', ...place, reservation: 'r', amount: 4 },
        trial.consumption({ amount: 6, key: 'k' }),
        { verb: 'release', ...place, target: { by: 'key', key: 'k' } },
        trial.consumption({ amount: 5 }),
      ])
      assertMatch(
        outcomes.map((outcome) => outcome.kind),
        ['taken', 'refused', 'ended', 'taken', 'ended', 'taken'],
        'Kinds',
      )
      await trial.expectCounter(allowanceId, 9, 0)
    },
  },
  {
    name: 'the same key twice in one call counts once',
    async run(trial) {
      const operation = trial.consumption({ key: 'k' })
      const outcomes = await trial.execute([operation, operation, trial.consumption({ key: 'k', amount: 2 })])
      const expected = [{ kind: 'taken', repeated: false }, { kind: 'taken', repeated: true }, { kind: 'conflict' }]
      assertMatch(outcomes, expected, 'Outcomes')
      await trial.expectCounter(allowanceId, 1)
    },
  },
  {
    name: 'one call may be about many customers and features',
    async run(trial) {
      const operations = Array.from({ length: 200 }, (_, index) =>
        trial.consumption({
          customer: `${trial.customer}-${index % 20}`,
          feature: index % 2 === 0 ? feature : 'exports',
          amount: 1 + (index % 3),
          buckets: [allowanceOf(1000)],
        }),
      )
      const outcomes = await trial.execute(operations)
      assertMatch(outcomes.map((outcome) => outcome.kind), operations.map(() => 'taken'), 'Kinds')
      let counted = 0
      for (let index = 0; index < 20; index += 1) {
        const customer = `${trial.customer}-${index}`
        for (const name of [feature, 'exports']) {
          counted += (await trial.read({ customer, feature: name })).buckets[0]?.used ?? 0
        }
      }
      assertMatch(counted, operations.reduce((sum, operation) => sum + operation.amount, 0), 'Total')
    },
  },
  {
    name: 'a call without operations has no outcomes',
    async run(trial) {
      assertMatch(await trial.execute([]), [], 'Outcomes')
    },
  },
]
