import { largestAmount } from '../../domain/amount.ts'
import { second } from '../../domain/instant.ts'
import type { UsageOperation } from '../../ports/usage-store.ts'
import { assertMatch } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, feature, grantOf, loaded } from './usage-trial.ts'

/** Numbers that lose their last digits on the way through text, and calls as large as they get. */
export const exactnessCases: readonly UsageCase[] = [
  {
    name: 'a gate counts single microseconds',
    needsClock: true,
    async run(trial) {
      const gates = [{ id: '1000000/second', limit: 1_000_000, period: second, burst: 1_000_000 }]
      trial.advance(1)
      for (const passed of [1, 2, 3]) {
        const gate = { remaining: 1_000_000 - passed }
        assertMatch(await trial.consume({ gates }), { kind: 'taken', gates: [gate] }, `Request ${passed}`)
      }
      assertMatch(await trial.consume({ gates, requests: 999_998 }), { kind: 'refused', by: 'gate', gates: [{ remaining: 999_997 }] }, 'Too many')
      assertMatch(await trial.consume({ gates, requests: 999_997 }), { kind: 'taken', gates: [{ remaining: 0 }] }, 'The rest')
    },
  },
  {
    name: 'what a key and a reservation remember is exact up to 2^53 - 1',
    async run(trial) {
      const buckets = [grantOf('a', largestAmount), allowanceOf(null)]
      const drawn = [{ bucket: 'grant:a', amount: largestAmount }]
      assertMatch(await trial.consume({ key: 'k', amount: largestAmount, buckets }), { kind: 'taken', repeated: false, drawn }, 'First')
      assertMatch(await trial.consume({ key: 'k', amount: largestAmount, buckets }), { kind: 'taken', repeated: true, drawn }, 'Repeated')
      assertMatch(await trial.consume({ key: 'k', amount: largestAmount - 1, buckets }), { kind: 'conflict' }, 'One less')
      assertMatch(await trial.reserve('r', { amount: largestAmount - 1, overdraft: 1, buckets }), { kind: 'taken' }, 'Held')
      await trial.expectCounter(allowanceId, 0, largestAmount - 1)
      assertMatch(await trial.settle('r', largestAmount - 2), { kind: 'ended', amount: largestAmount - 2 }, 'Settled')
      assertMatch(await trial.settle('r', largestAmount - 2), { kind: 'ended', repeated: true }, 'Settled again')
      assertMatch(await trial.settle('r', largestAmount - 3), { kind: 'unknown', as: 'settled' }, 'Settled to one less')
      await trial.expectCounter(allowanceId, largestAmount - 2)
      await trial.release({ by: 'key', key: 'k' })
      await trial.expectCounter('grant:a', 0)
    },
  },
  {
    name: 'a marker is exact up to 2^53 - 1',
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, largestAmount)
      const marker = { marker: largestAmount }
      assertMatch(await trial.read(), marker, 'Marker')
      const held = { ...loaded, loaded: false }
      assertMatch(await trial.consume({ freshness: { ...held, version: largestAmount - 1 } }), { kind: 'stale', ...marker }, 'One below')
      assertMatch(await trial.consume({ freshness: { ...held, version: largestAmount } }), { kind: 'taken' }, 'Its own')
    },
  },
  {
    name: 'a call of five hundred operations is one operation after another',
    async run(trial) {
      const places = Array.from({ length: 20 }, (_, index) => ({ customer: `${trial.customer}-${index}`, feature: `${feature}${index % 3}` }))
      const operations = Array.from({ length: 500 }, (_, index): UsageOperation => {
        const place = places[(index * 7) % places.length] ?? { customer: trial.customer, feature }
        if (index % 25 === 24) return trial.reservation(`r${index}`, { ...place, amount: 2 })
        return trial.consumption({ ...place, key: index % 3 === 0 ? `k${index % 60}` : null })
      })
      const outcomes = await trial.execute(operations)
      const counted = new Map<string, number>()
      for (const [index, outcome] of outcomes.entries()) {
        const { customer } = operations[index] ?? trial
        if (outcome.kind === 'taken' && !outcome.repeated) counted.set(customer, (counted.get(customer) ?? 0) + sumOf(outcome.drawn))
      }
      const readings = await trial.store.read(places.map((place) => ({ ...place, buckets: [allowanceId], gates: [] })))
      const sums = readings.map(({ buckets: [state] }) => (state?.used ?? 0) + (state?.reserved ?? 0))
      assertMatch(sums, places.map(({ customer }) => counted.get(customer)), 'What is counted is what was answered')
      assertMatch(sums, places.map(() => 10), 'Every limit is reached')
    },
  },
  {
    name: 'sweeps in between lose nothing that still counts',
    async run(trial) {
      const all = Array.from({ length: 30 }, async (_, index) => {
        await trial.reserve(`r${index}`, { buckets: [allowanceOf(null)], amount: 2, key: `k${index}` })
        await trial.store.sweep()
        return trial.settle(`r${index}`, 1)
      })
      assertMatch((await Promise.all(all)).map((outcome) => outcome.kind), all.map(() => 'ended'), 'Settlements')
      await trial.expectCounter(allowanceId, 30)
    },
  },
]

function sumOf(drawn: readonly { readonly amount: number }[]): number {
  return drawn.reduce((sum, draw) => sum + draw.amount, 0)
}
