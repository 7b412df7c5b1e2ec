import { day, hour, minute } from '../../domain/instant.ts'
import { assertMatch, assertThat } from '../assertion.ts'
import { type UsageCase, allowanceId, allowanceOf, loaded } from './usage-trial.ts'

/** What a caller knows without having read the records for this call. */
function known(version: number): { version: number; validFrom: number; validUntil: null; loaded: false } {
  return { version, validFrom: 0, validUntil: null, loaded: false }
}

/** Nobody is refused, or let through, on what they no longer are. */
export const freshnessCases: readonly UsageCase[] = [
  {
    name: 'without a marker every version is stale, and nothing is counted',
    async run(trial) {
      assertMatch(await trial.consume({ freshness: known(7) }), { kind: 'stale', marker: null }, 'Consume')
      assertMatch(await trial.reserve('r', { freshness: known(7) }), { kind: 'stale', marker: null }, 'Reserve')
      await trial.expectCounter(allowanceId, 0, 0)
    },
  },
  {
    name: 'a version other than the marker is stale: below it is old, above it is of other records',
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, 5)
      assertMatch(await trial.consume({ freshness: known(4) }), { kind: 'stale', marker: 5 }, 'Below')
      assertMatch(await trial.consume({ freshness: known(5) }), { kind: 'taken' }, 'At')
      assertMatch(await trial.consume({ freshness: known(6) }), { kind: 'stale', marker: 5 }, 'Above')
      await trial.expectCounter(allowanceId, 1)
    },
  },
  {
    name: 'version 0 is a version like any other',
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, 0)
      assertMatch(await trial.read(), { marker: 0 }, 'Marker')
      assertMatch(await trial.consume({ freshness: known(0) }), { kind: 'taken' }, 'At')
      assertMatch(await trial.consume({ freshness: known(1) }), { kind: 'stale', marker: 0 }, 'Above')
    },
  },
  {
    name: "outside the caller's interval is stale, and the answer brings the store's present",
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, 1)
      const now = await trial.now()
      const early = await trial.consume({ freshness: { ...known(1), validFrom: now + hour } })
      assertMatch(early, { kind: 'stale', marker: 1 }, 'Too early')
      assertThat(early.now >= now, "A stale answer brings the store's present")
      const late = await trial.consume({ freshness: { ...known(1), validUntil: now - hour } })
      assertMatch(late, { kind: 'stale', marker: 1 }, 'Too late')
      const within = await trial.consume({ freshness: { ...known(1), validFrom: now - hour, validUntil: now + hour } })
      assertMatch(within, { kind: 'taken' }, 'Within')
    },
  },
  {
    name: 'a caller who has loaded the records proceeds, and tells the marker',
    async run(trial) {
      const now = await trial.now()
      const freshness = { version: 3, validFrom: now + hour, validUntil: now - hour, loaded: true }
      assertMatch(await trial.consume({ freshness }), { kind: 'taken' }, 'Loaded')
      assertMatch(await trial.read(), { marker: 3 }, 'Marker')
      assertMatch(await trial.consume({ freshness: known(2) }), { kind: 'stale', marker: 3 }, 'Older')
    },
  },
  {
    name: 'a caller who has loaded the records tells the marker even when refused',
    async run(trial) {
      const freshness = { ...loaded, version: 3 }
      assertMatch(await trial.consume({ freshness, buckets: [allowanceOf(0)] }), { kind: 'refused' }, 'Loaded')
      assertMatch(await trial.consume({ freshness: known(3), buckets: [allowanceOf(0)] }), { kind: 'refused' }, 'Known')
    },
  },
  {
    name: 'the marker only rises',
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, 5)
      await trial.store.raiseVersion(trial.customer, 3)
      assertMatch(await trial.read(), { marker: 5 }, 'Raised to less')
      await trial.consume({ freshness: { ...loaded, version: 4 } })
      assertMatch(await trial.read(), { marker: 5 }, 'Loaded at less')
      assertMatch(await trial.consume({ freshness: known(4) }), { kind: 'stale', marker: 5 }, 'Below')
    },
  },
  {
    name: 'staleness is looked at before gates and buckets',
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, 5)
      const gates = [{ id: '1/minute', limit: 1, period: minute, burst: 1 }]
      await trial.consume({ gates, freshness: known(5) })
      const asked = { gates, buckets: [allowanceOf(0)], freshness: known(4) }
      assertMatch(await trial.consume(asked), { kind: 'stale' }, 'All three')
    },
  },
  {
    name: 'the interval holds from its first instant to just before its last',
    needsClock: true,
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, 1)
      const now = await trial.now()
      const freshness = { ...known(1), validFrom: now + 10, validUntil: now + 20 }
      trial.advance(9)
      assertMatch(await trial.consume({ freshness }), { kind: 'stale' }, 'Before')
      trial.advance(1)
      assertMatch(await trial.consume({ freshness }), { kind: 'taken' }, 'At the start')
      trial.advance(9)
      assertMatch(await trial.consume({ freshness }), { kind: 'taken' }, 'Just before the end')
      trial.advance(1)
      assertMatch(await trial.consume({ freshness }), { kind: 'stale' }, 'At the end')
    },
  },
  {
    name: 'a marker that nobody asked for is forgotten after 15 minutes, and use keeps it',
    needsClock: true,
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, 5)
      trial.advance(15 * minute - 1)
      assertMatch(await trial.consume({ freshness: known(5) }), { kind: 'taken' }, 'Just in time')
      trial.advance(15 * minute - 1)
      assertMatch(await trial.consume({ freshness: known(5) }), { kind: 'taken' }, 'Kept by use')
      trial.advance(15 * minute)
      assertMatch(await trial.consume({ freshness: known(5) }), { kind: 'stale', marker: null }, 'Forgotten')
    },
  },
  {
    name: 'a marker is kept by whoever asks at its version, loads it or raises it again, and by nobody who knows less',
    needsClock: true,
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, 5)
      const askers = [
        async () => trial.store.raiseVersion(trial.customer, 5),
        async () => trial.consume({ freshness: { ...loaded, version: 5 } }),
        async () => trial.consume({ freshness: known(5), buckets: [allowanceOf(0)] }),
      ]
      trial.advance(10 * minute)
      for (const ask of askers) {
        trial.advance(4 * minute)
        await ask()
        trial.advance(10 * minute)
        assertMatch(await trial.read(), { marker: 5 }, 'Kept')
      }
      assertMatch(await trial.consume({ freshness: known(4) }), { kind: 'stale', marker: 5 }, 'Below')
      await trial.store.raiseVersion(trial.customer, 4)
      trial.advance(5 * minute)
      assertMatch(await trial.read(), { marker: null }, 'Forgotten')
    },
  },
  {
    name: 'a marker that no record bears out, after a change that failed halfway, is forgotten in the same way',
    needsClock: true,
    async run(trial) {
      await trial.store.raiseVersion(trial.customer, 5)
      for (let calls = 0; calls < 3; calls += 1) {
        trial.advance(5 * minute)
        assertMatch(await trial.consume({ freshness: { ...loaded, version: 4 } }), { kind: 'taken' }, 'Loaded below')
      }
      assertMatch(await trial.consume({ freshness: known(4) }), { kind: 'taken' }, 'Known below, once it is forgotten')
      assertMatch(await trial.read(), { marker: 4 }, 'Marker')
    },
  },
  {
    name: "the store's clock decides, not the host's",
    needsClock: true,
    async run(trial) {
      const before = await trial.now()
      trial.advance(20 * 366 * day)
      const now = await trial.now()
      assertMatch(now - before, 20 * 366 * day, "The store's present moves with the store's clock")
      const freshness = { ...loaded, validFrom: now, validUntil: now + 1 }
      const outcome = await trial.reserve('r', { freshness, key: 'k', expiresIn: hour })
      assertMatch(outcome, { kind: 'taken', now, keyUntil: now + day, expiresAt: now + hour }, 'Far in the future')
      assertMatch(await trial.consume({ freshness: { ...freshness, loaded: false } }), { kind: 'taken', now }, 'Known')
    },
  },
]
