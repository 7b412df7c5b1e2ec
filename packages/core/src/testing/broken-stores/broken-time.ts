import { memoryStore } from '../../drivers/memory/memory-store.ts'
import { day } from '../../domain/instant.ts'
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
]
