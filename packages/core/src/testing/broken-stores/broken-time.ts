import { memoryStore } from '../../drivers/memory/memory-store.ts'
import { type Instant, day } from '../../domain/instant.ts'
import { systemClock } from '../../ports/clock.ts'
import { type BrokenStore, alteredStore, isTake } from './broken-store.ts'

/** Faults in what is over, and by whose clock. */
export const brokenTime: readonly BrokenStore[] = [
  {
    fault: "asks the host's clock instead of its own",
    caughtBy: "freshness: the store's clock decides, not the host's",
    create: () => memoryStore({ clock: systemClock }).usage,
  },
  {
    fault: 'takes whatever marker it was told last',
    caughtBy: 'freshness: the marker only rises',
    create: (clock) => {
      const markers = new Map<string, number>()
      const store = alteredStore(clock, async (operation, run) => {
        if (!isTake(operation)) return run(operation)
        const { version, validFrom, validUntil, loaded } = operation.freshness
        if (loaded) markers.set(operation.customer, version)
        const marker = markers.get(operation.customer) ?? null
        const now = clock.now()
        const isWithin = now >= validFrom && (validUntil === null || now < validUntil)
        if (!loaded && (marker === null || version !== marker || !isWithin)) return { kind: 'stale', now, marker }
        return run({ ...operation, freshness: { ...operation.freshness, loaded: true } })
      })
      return {
        ...store,
        async raiseVersion(customer, version) {
          markers.set(customer, version)
        },
        async read(queries) {
          const readings = await store.read(queries)
          return readings.map((reading, index) => ({ ...reading, marker: markers.get(queries[index]?.customer ?? '') ?? null }))
        },
      }
    },
  },
  {
    fault: 'lets a version through that is older than the marker',
    caughtBy: 'freshness: a version other than the marker is stale: below it is old, above it is of other records',
    create: (clock) =>
      alteredStore(clock, async (operation, run, store) => {
        const outcome = await run(operation)
        if (!isTake(operation) || outcome.kind !== 'stale' || outcome.marker === null) return outcome
        const [reading] = await store.read([{ customer: operation.customer, feature: operation.feature, buckets: [], gates: [] }])
        return run({ ...operation, freshness: { ...operation.freshness, version: reading?.marker ?? 0 } })
      }),
  },
  {
    fault: 'takes a version above the marker for a newer one',
    caughtBy: 'freshness: a version other than the marker is stale: below it is old, above it is of other records',
    create: (clock) =>
      alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        if (!isTake(operation) || outcome.kind !== 'stale' || outcome.marker === null) return outcome
        const { freshness } = operation
        const isAbove = freshness.version > outcome.marker
        return isAbove ? run({ ...operation, freshness: { ...freshness, version: outcome.marker } }) : outcome
      }),
  },
  {
    fault: 'holds a reservation after its expiry',
    caughtBy: 'expiry: an expired reservation is given back, at its instant and not before',
    create: (clock) =>
      alteredStore(clock, async (operation, run) => {
        if (operation.verb !== 'reserve') return run(operation)
        const outcome = await run({ ...operation, expiresIn: 100_000 * day })
        return outcome.kind === 'taken' ? { ...outcome, expiresAt: clock.now() + operation.expiresIn } : outcome
      }),
  },
  {
    fault: 'gives back on expiry what was declared to be counted',
    caughtBy: 'expiry: one that was declared so is counted in full',
    create: (clock) =>
      alteredStore(clock, async (operation, run) =>
        run(operation.verb === 'reserve' ? { ...operation, onExpiry: 'release' } : operation),
      ),
  },
  {
    fault: 'forgets nothing',
    caughtBy: 'housekeeping: forgetting a customer erases all of it, and nobody else',
    create: (clock) => alteredStore(clock, async (operation, run) => run(operation), { forget: async () => undefined }),
  },
  {
    fault: 'keeps a marker for whoever asks',
    caughtBy: 'freshness: a marker is kept by whoever asks at its version, loads it or raises it again, and by nobody who knows less',
    create: (clock) =>
      alteredStore(clock, async (operation, run, store) => {
        const outcome = await run(operation)
        if (outcome.kind === 'stale' && outcome.marker !== null) await store.raiseVersion(operation.customer, outcome.marker)
        return outcome
      }),
  },
  {
    fault: 'takes version 0 for none',
    caughtBy: 'freshness: version 0 is a version like any other',
    create: (clock) =>
      alteredStore(clock, async (operation, run) => {
        const isNone = isTake(operation) && !operation.freshness.loaded && operation.freshness.version === 0
        return isNone ? { kind: 'stale', now: clock.now(), marker: null } : run(operation)
      }),
  },
  {
    fault: 'says that a gate is as good as new at once',
    caughtBy: 'gates: a gate says when it will be as if nothing had passed it, and then it is',
    create: (clock) =>
      alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        if (outcome.kind !== 'taken') return outcome
        return { ...outcome, gates: outcome.gates.map((gate) => ({ ...gate, resetsAt: outcome.now })) }
      }),
  },
  {
    fault: 'keeps a counter for as long as the first caller asked',
    caughtBy: 'housekeeping: a counter is kept for as long as anybody asked, and one without an end for good',
    create: (clock) => {
      const ends = new Map<string, Instant | null>()
      return alteredStore(clock, async (operation, run) => {
        if (!isTake(operation)) return run(operation)
        const buckets = operation.buckets.map((bucket) => {
          const place = JSON.stringify([operation.customer, operation.feature, bucket.id])
          if (!ends.has(place)) ends.set(place, bucket.keepUntil)
          return { ...bucket, keepUntil: ends.get(place) ?? null }
        })
        return run({ ...operation, buckets })
      })
    },
  },
  {
    fault: 'sorts periods by their names',
    caughtBy: 'history: periods are told in the order of time, whatever their names look like',
    create(clock) {
      const honest = alteredStore(clock, async (operation, run) => run(operation))
      return {
        ...honest,
        history: async (request) => (await honest.history(request)).toSorted((one, other) => (one.bucket < other.bucket ? -1 : 1)),
      }
    },
  },
]
