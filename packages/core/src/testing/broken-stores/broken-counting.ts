import { type BrokenStore, alteredStore, force, isTake, roomsOf, trusted } from './broken-store.ts'

/** Faults in what is drawn, from where, and under which limit. */
export const brokenCounting: readonly BrokenStore[] = [
  {
    fault: 'looks at the counter, waits, then adds',
    caughtBy: 'races: parallel consumptions never pass the limit, and reach it',
    create: (clock) =>
      alteredStore(clock, async (operation, run, store) => {
        if (!isTake(operation)) return run(operation)
        const rooms = await roomsOf(store, operation)
        await Promise.resolve()
        const isEnough = rooms.reduce((sum, room) => sum + Math.max(0, room), 0) >= operation.amount
        return isEnough ? run({ ...operation, buckets: operation.buckets.map((item) => ({ ...item, limit: null })) }) : run(operation)
      }),
  },
  {
    fault: 'draws what there is before it refuses',
    caughtBy: 'buckets: a refusal draws nothing from any bucket',
    create: (clock) =>
      alteredStore(clock, async (operation, run, store) => {
        const outcome = await run(operation)
        if (!isTake(operation) || outcome.kind !== 'refused' || outcome.by !== 'bucket') return outcome
        const rooms = await roomsOf(store, operation)
        for (const [index, bucket] of operation.buckets.entries()) {
          const room = rooms[index] ?? 0
          if (room > 0) await force(run, operation, bucket, room)
        }
        return outcome
      }),
  },
  {
    fault: 'passes the gates before it refuses',
    caughtBy: 'gates: a refusal by a bucket burns no gate',
    create: (clock) =>
      alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        if (!isTake(operation) || outcome.kind !== 'refused' || outcome.by !== 'bucket') return outcome
        const buckets = [{ id: 'grant:burnt', kind: 'grant', limit: null, keepUntil: null } as const]
        await run({ ...operation, verb: 'consume', key: null, freshness: trusted, buckets })
        return outcome
      }),
  },
  {
    fault: 'keeps to the limit of the first plan it saw',
    caughtBy: 'buckets: the limit is the one of the call: an upgrade takes effect at once and keeps what was used',
    create: (clock) => {
      const limits = new Map<string, number | null>()
      return alteredStore(clock, async (operation, run) => {
        if (!isTake(operation)) return run(operation)
        const buckets = operation.buckets.map((bucket) => {
          const place = JSON.stringify([operation.customer, operation.feature, bucket.id])
          const limit = limits.get(place) ?? bucket.limit
          limits.set(place, limit)
          return { ...bucket, limit }
        })
        return run({ ...operation, buckets })
      })
    },
  },
  {
    fault: 'draws from the last bucket first',
    caughtBy: 'buckets: an amount is drawn in burn order, across buckets',
    create: (clock) =>
      alteredStore(clock, async (operation, run) =>
        run(isTake(operation) ? { ...operation, buckets: operation.buckets.toReversed() } : operation),
      ),
  },
  {
    fault: 'takes a counter above its limit off the others',
    caughtBy: 'buckets: a counter above its limit gives nothing, and takes nothing from its neighbours',
    create: (clock) =>
      alteredStore(clock, async (operation, run, store) => {
        if (!isTake(operation)) return run(operation)
        const rooms = await roomsOf(store, operation)
        const room = rooms.reduce((sum, part) => sum + part, 0)
        return run(room < operation.amount ? { ...operation, buckets: [] } : operation)
      }),
  },
  {
    fault: 'refuses the neighbours of what it refuses',
    caughtBy: 'batches: each operation has its own outcome, in the order asked',
    create: (clock) => {
      const honest = alteredStore(clock, async (operation, run) => run(operation))
      return {
        ...honest,
        async execute(operations) {
          const outcomes = [...(await honest.execute(operations.slice(0, 1)))]
          for (const operation of operations.slice(1)) {
            const isStopped = outcomes.at(-1)?.kind === 'refused' && isTake(operation)
            outcomes.push(...(await honest.execute([isStopped ? { ...operation, buckets: [] } : operation])))
          }
          return outcomes
        },
      }
    },
  },
  {
    fault: 'looks at buckets before gates',
    caughtBy: 'gates: gates are looked at before buckets',
    create: (clock) =>
      alteredStore(clock, async (operation, run, store) => {
        const outcome = await run(operation)
        if (!isTake(operation) || outcome.kind !== 'refused') return outcome
        const rooms = await roomsOf(store, operation)
        const isEnough = rooms.reduce((sum, room) => sum + Math.max(0, room), 0) >= operation.amount
        return isEnough ? outcome : { ...outcome, by: 'bucket', retryAt: null }
      }),
  },
  {
    fault: 'lists buckets that paid nothing',
    caughtBy: 'buckets: a bucket that pays nothing is not among the draws',
    create: (clock) =>
      alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        if (!isTake(operation) || outcome.kind !== 'taken') return outcome
        const amounts = new Map(outcome.drawn.map(({ bucket, amount }) => [bucket, amount]))
        const drawn = operation.buckets.map(({ id, kind }) => ({ bucket: id, kind, amount: amounts.get(id) ?? 0 }))
        return { ...outcome, drawn }
      }),
  },
]
