import { minute } from '../../domain/instant.ts'
import type { UsageOutcome } from '../../ports/usage-store.ts'
import { assertMatch, assertThat } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, grantOf } from './usage-trial.ts'

function countOf(outcomes: readonly UsageOutcome[], kind: UsageOutcome['kind']): number {
  return outcomes.filter((outcome) => outcome.kind === kind).length
}

async function together(count: number, start: (index: number) => Promise<UsageOutcome>): Promise<readonly UsageOutcome[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => start(index)))
}

/** Everybody at once: what holds one after the other, holds. */
export const raceCases: readonly UsageCase[] = [
  {
    name: 'parallel consumptions never pass the limit, and reach it',
    async run(trial) {
      const outcomes = await together(80, async () => trial.consume({ buckets: [allowanceOf(50)] }))
      assertMatch([countOf(outcomes, 'taken'), countOf(outcomes, 'refused')], [50, 30], 'Taken and refused')
      await trial.expectCounter(allowanceId, 50)
    },
  },
  {
    name: 'a limit of one has one winner, round after round',
    async run(trial) {
      for (let round = 0; round < 10; round += 1) {
        const buckets = [grantOf(`round-${round}`, 1)]
        const outcomes = await together(20, async () => trial.consume({ buckets }))
        assertMatch(countOf(outcomes, 'taken'), 1, `Winners of round ${round}`)
      }
    },
  },
  {
    name: 'the same key in parallel counts once',
    async run(trial) {
      const outcomes = await together(50, async () => trial.consume({ key: 'k', buckets: [allowanceOf(100)] }))
      const first = outcomes.filter((outcome) => outcome.kind === 'taken' && !outcome.repeated)
      assertMatch([countOf(outcomes, 'taken'), first.length], [50, 1], 'Taken and first')
      await trial.expectCounter(allowanceId, 1)
    },
  },
  {
    name: 'parallel reservations and consumptions share one limit over several buckets',
    async run(trial) {
      const buckets = [grantOf('a', 13), allowanceOf(30)]
      const outcomes = await together(60, async (index) =>
        index % 2 === 0 ? trial.consume({ buckets }) : trial.reserve(`r${index}`, { buckets, amount: 2 }),
      )
      const { buckets: states } = await trial.read({ buckets: ['grant:a', allowanceId] })
      const total = states.reduce((sum, state) => sum + state.used + state.reserved, 0)
      const expected = outcomes.reduce(
        (sum, outcome) => sum + (outcome.kind === 'taken' ? outcome.drawn.reduce((part, draw) => part + draw.amount, 0) : 0),
        0,
      )
      assertMatch(total, expected, 'What is counted is what was answered')
      // Where the reservations of two come last, one stays that none of them can hold.
      const isFull = total === 43 || (total === 42 && outcomes.every(({ kind }, index) => index % 2 === 1 || kind === 'taken'))
      assertThat(isFull, `The limit of 43 is reached and not passed: ${total}`)
    },
  },
  {
    name: 'callers who name the buckets in different orders do not block each other',
    async run(trial) {
      const buckets = [grantOf('a', 1000), grantOf('b', 1000), allowanceOf(1000)]
      const outcomes = await together(60, async (index) =>
        trial.consume({ amount: 3, buckets: index % 2 === 0 ? buckets : buckets.toReversed() }),
      )
      assertMatch(countOf(outcomes, 'taken'), 60, 'Taken')
    },
  },
  {
    name: 'of a settlement and a release in parallel exactly one ends the reservation',
    async run(trial) {
      await trial.reserve('r', { amount: 8 })
      const outcomes = await together(20, async (index) =>
        index % 2 === 0 ? trial.settle('r', 5) : trial.release({ by: 'reservation', reservation: 'r' }),
      )
      const firsts = outcomes.filter((outcome) => outcome.kind === 'ended' && !outcome.repeated)
      assertMatch(firsts.length, 1, 'Ends')
      const [first] = firsts
      await trial.expectCounter(allowanceId, first?.kind === 'ended' ? first.amount : -1, 0)
    },
  },
  {
    name: 'release of one key in parallel gives back once',
    async run(trial) {
      await trial.consume({ amount: 5, key: 'other' })
      await trial.consume({ amount: 3, key: 'k' })
      const outcomes = await together(20, async () => trial.release({ by: 'key', key: 'k' }))
      assertMatch(countOf(outcomes, 'ended'), 1, 'Released')
      await trial.expectCounter(allowanceId, 5)
    },
  },
  {
    name: 'parallel requests pass a gate as often as it admits',
    async run(trial) {
      const gates = [{ id: '12/day', limit: 12, period: 1440 * minute, burst: 12 }]
      const outcomes = await together(50, async () => trial.consume({ gates, buckets: [allowanceOf(null)] }))
      assertMatch(countOf(outcomes, 'taken'), 12, 'Admitted')
      await trial.expectCounter(allowanceId, 12)
    },
  },
  {
    name: 'of versions raised in parallel the highest stands',
    async run(trial) {
      const versions = Array.from({ length: 30 }, (_, index) => 1 + ((index * 7) % 30))
      await Promise.all(versions.map(async (version) => trial.store.raiseVersion(trial.customer, version)))
      assertMatch(await trial.read(), { marker: 30 }, 'Marker')
    },
  },
]
