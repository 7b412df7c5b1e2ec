import { minute, second } from '../../domain/instant.ts'
import { assertMatch, assertThat } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, feature, loaded, taken } from './usage-trial.ts'

const two = { id: '2/minute', limit: 2, period: minute, burst: 2 }
const three = { id: '3/minute', limit: 3, period: minute, burst: 3 }
const plenty = [allowanceOf(1_000_000)]

/** Rate limits admit a request or refuse it, and are burnt only by what was taken. */
export const gateCases: readonly UsageCase[] = [
  {
    name: 'a gate admits its burst, whatever the amount, and says what remains',
    async run(trial) {
      const asked = { gates: [two], buckets: plenty, amount: 50 }
      assertMatch(await trial.consume(asked), { kind: 'taken', gates: [{ id: '2/minute', remaining: 1 }] }, 'First')
      assertMatch(await trial.consume(asked), { kind: 'taken', gates: [{ remaining: 0 }] }, 'Second')
      const third = await trial.consume(asked)
      assertMatch(third, { kind: 'refused', by: 'gate', gates: [{ remaining: 0 }] }, 'Third')
      assertThat(third.kind === 'refused' && third.retryAt !== null, 'A closed gate says when it opens')
      assertThat(third.retryAt > third.now && third.retryAt <= third.now + minute, 'It opens within its period')
      await trial.expectCounter(allowanceId, 100)
    },
  },
  {
    name: 'several requests pass a gate together or not at all',
    async run(trial) {
      const gates = [{ id: '9/day', limit: 9, period: 1440 * minute, burst: 9 }]
      assertMatch(await trial.consume({ gates, requests: 5 }), { kind: 'taken', gates: [{ remaining: 4 }] }, 'Five of nine')
      assertMatch(await trial.consume({ gates, requests: 5 }), { kind: 'refused', by: 'gate', gates: [{ remaining: 4 }] }, 'Five of four')
      assertMatch(await trial.reserve('r', { gates, requests: 4 }), { kind: 'taken', gates: [{ remaining: 0 }] }, 'Four of four')
    },
  },
  {
    name: 'every gate must admit; a refusal by one burns none, and tells when the last one opens',
    async run(trial) {
      await trial.consume({ gates: [two], buckets: plenty })
      await trial.consume({ gates: [two], buckets: plenty })
      const day = { id: '1/day', limit: 1, period: 1440 * minute, burst: 1 }
      await trial.consume({ gates: [day], buckets: plenty })
      const refused = await trial.consume({ gates: [three, two, day], buckets: plenty })
      assertMatch(refused, { kind: 'refused', by: 'gate', gates: [{ remaining: 3 }, { remaining: 0 }, { remaining: 0 }] }, 'All')
      assertThat(refused.kind === 'refused' && refused.retryAt !== null, 'A closed gate says when it opens')
      assertThat(refused.retryAt > refused.now + 60 * minute, 'The day opens last')
      assertMatch(await trial.consume({ gates: [three], buckets: plenty }), { gates: [{ remaining: 2 }] }, 'The open one')
    },
  },
  {
    name: 'gates are looked at before buckets',
    async run(trial) {
      await trial.consume({ gates: [two], buckets: plenty })
      await trial.consume({ gates: [two], buckets: plenty })
      const refused = await trial.consume({ gates: [two], buckets: [allowanceOf(0)] })
      assertMatch(refused, { kind: 'refused', by: 'gate' }, 'Both closed')
      assertThat(refused.kind === 'refused' && refused.retryAt !== null, 'A closed gate says when it opens')
    },
  },
  {
    name: 'a refusal by a bucket burns no gate',
    async run(trial) {
      const gates = [{ id: '9/day', limit: 9, period: 1440 * minute, burst: 9 }]
      for (let round = 0; round < 5; round += 1) {
        const refused = await trial.consume({ gates, buckets: [allowanceOf(0)] })
        assertMatch(refused, { kind: 'refused', by: 'bucket', gates: [{ remaining: 9 }] }, 'No allowance')
      }
      assertMatch(await trial.consume({ gates }), { kind: 'taken', gates: [{ remaining: 8 }] }, 'The first that is taken')
    },
  },
  {
    name: 'stale, repeated and conflicting requests burn no gate',
    async run(trial) {
      const gates = [{ id: '9/day', limit: 9, period: 1440 * minute, burst: 9 }]
      assertMatch(await trial.consume({ gates, freshness: { ...loaded, loaded: false } }), { kind: 'stale' }, 'Stale')
      await trial.consume({ gates, key: 'k' })
      assertMatch(await trial.consume({ gates, key: 'k' }), { repeated: true, gates: [{ remaining: 8 }] }, 'Repeat')
      assertMatch(await trial.consume({ gates, key: 'k', amount: 2 }), { kind: 'conflict', gates: [{ remaining: 8 }] }, 'Conflict')
      assertMatch(await trial.consume({ gates }), { gates: [{ remaining: 7 }] }, 'Next')
    },
  },
  {
    name: 'release and settle refund no gate',
    async run(trial) {
      const gates = [{ id: '9/day', limit: 9, period: 1440 * minute, burst: 9 }]
      await trial.consume({ gates, key: 'k' })
      await trial.release({ by: 'key', key: 'k' })
      await trial.reserve('r', { gates, amount: 5 })
      await trial.settle('r', 1)
      assertMatch(await trial.consume({ gates }), { gates: [{ remaining: 6 }] }, 'The third')
    },
  },
  {
    name: 'a gate counts for one customer and one feature',
    async run(trial) {
      const asked = { gates: [two], buckets: plenty }
      await trial.consume(asked)
      await trial.consume(asked)
      assertMatch(await trial.consume({ ...asked, feature: 'exports' }), { gates: [{ remaining: 1 }] }, 'Feature')
      const customer = `${trial.customer}-other`
      assertMatch(await trial.consume({ ...asked, customer }), { gates: [{ remaining: 1 }] }, 'Customer')
    },
  },
  {
    name: 'reading passes no gate',
    async run(trial) {
      const query = { customer: trial.customer, feature: 'apiCalls', buckets: [], gates: [two] }
      assertMatch(await trial.store.read([query, query]), [{ gates: [{ remaining: 2 }] }, { gates: [{ remaining: 2 }] }], 'Fresh')
      await trial.consume({ gates: [two] })
      assertMatch(await trial.store.read([query]), [{ gates: [{ id: '2/minute', remaining: 1 }] }], 'Used')
    },
  },
  {
    name: 'a gate says when it will be as if nothing had passed it, and then it is',
    needsClock: true,
    async run(trial) {
      const query = { customer: trial.customer, feature, buckets: [], gates: [two] }
      const asked = { gates: [two], buckets: plenty }
      const { now } = taken(await trial.consume(asked))
      const full = { remaining: 0, resetsAt: now + minute }
      assertMatch(await trial.consume(asked), { gates: [full] }, 'The second')
      assertMatch(await trial.consume(asked), { kind: 'refused', gates: [full] }, 'Refused')
      assertMatch(await trial.store.read([query]), [{ gates: [full] }], 'Read')
      trial.advance(minute)
      await trial.store.sweep()
      assertMatch(await trial.store.read([query]), [{ gates: [{ remaining: 2, resetsAt: now + minute }] }], 'At that instant')
      assertMatch(await trial.consume(asked), { gates: [{ remaining: 1, resetsAt: now + minute + 30 * second }] }, 'Anew')
    },
  },
  {
    name: 'a closed gate opens at the instant it said, and not before',
    needsClock: true,
    async run(trial) {
      const asked = { gates: [two], buckets: plenty }
      await trial.consume(asked)
      await trial.consume(asked)
      const refused = await trial.consume(asked)
      assertMatch(refused, { kind: 'refused', retryAt: refused.now + 30 * second }, 'Closed')
      trial.advance(30 * second - 1)
      assertMatch(await trial.consume(asked), { kind: 'refused' }, 'Just before')
      trial.advance(1)
      assertMatch(await trial.consume(asked), { kind: 'taken' }, 'At the instant')
    },
  },
  {
    name: 'in the long run a gate admits its rate, and never its burst twice',
    needsClock: true,
    async run(trial) {
      let admitted = 0
      for (let tick = 0; tick < 600; tick += 1) {
        const outcome = await trial.consume({ gates: [three], buckets: plenty })
        if (outcome.kind === 'taken') admitted += 1
        trial.advance(second)
      }
      assertMatch(admitted, 32, 'Three at once, then one each 20 seconds for ten minutes')
    },
  },
]
