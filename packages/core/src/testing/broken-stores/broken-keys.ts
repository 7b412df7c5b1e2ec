import { day } from '../../domain/instant.ts'
import { type BrokenStore, type Take, type Taken, alteredStore, isTake } from './broken-store.ts'

function placeOf(take: Take): string {
  return JSON.stringify([take.customer, take.key])
}

/** Faults in what an idempotency key stands for. */
export const brokenKeys: readonly BrokenStore[] = [
  {
    fault: 'writes the key after it has counted: a crash, or a neighbour, in between counts twice',
    caughtBy: 'races: the same key in parallel counts once',
    create: (clock) => {
      const seen = new Map<string, Taken>()
      return alteredStore(clock, async (operation, run) => {
        if (!isTake(operation) || operation.key === null) return run(operation)
        const first = seen.get(placeOf(operation))
        if (first !== undefined) return { ...first, repeated: true }
        await Promise.resolve()
        const outcome = await run({ ...operation, key: null })
        await Promise.resolve()
        if (outcome.kind === 'taken') seen.set(placeOf(operation), outcome)
        return outcome
      })
    },
  },
  {
    fault: 'answers stale to a repeated key',
    caughtBy: 'keys: a repeated key is answered although the version is stale by now',
    create: (clock) =>
      alteredStore(clock, async (operation, run, store) => {
        if (!isTake(operation) || operation.freshness.loaded) return run(operation)
        const [reading] = await store.read([{ customer: operation.customer, feature: operation.feature, buckets: [], gates: [] }])
        const marker = reading?.marker ?? null
        const isStale = marker === null || operation.freshness.version !== marker
        return isStale ? { kind: 'stale', now: clock.now(), marker } : run(operation)
      }),
  },
  {
    fault: 'never forgets a key',
    caughtBy: 'keys: a key is remembered for as long as was asked, from the first answer on',
    create: (clock) =>
      alteredStore(clock, async (operation, run) => {
        if (!isTake(operation) || operation.key === null) return run(operation)
        const outcome = await run({ ...operation, keyFor: 100_000 * day })
        return outcome.kind === 'taken' ? { ...outcome, keyUntil: clock.now() + operation.keyFor } : outcome
      }),
  },
  {
    fault: 'answers a repeat without looking at what is asked',
    caughtBy: 'keys: the same key with another amount, feature or verb is a conflict that changes nothing',
    create: (clock) => {
      const seen = new Map<string, Taken>()
      return alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        if (!isTake(operation) || operation.key === null) return outcome
        if (outcome.kind === 'taken') seen.set(placeOf(operation), outcome)
        const first = seen.get(placeOf(operation))
        return outcome.kind === 'conflict' && first !== undefined ? { ...first, repeated: true } : outcome
      })
    },
  },
  {
    fault: 'has one set of keys for all customers, so that one can block another',
    caughtBy: "keys: another customer's key is another key",
    create: (clock) => {
      const owners = new Map<string, string>()
      return alteredStore(clock, async (operation, run) => {
        if (!isTake(operation) || operation.key === null) return run(operation)
        const owner = owners.get(operation.key) ?? operation.customer
        owners.set(operation.key, owner)
        return owner === operation.customer ? run(operation) : { kind: 'conflict', now: clock.now(), buckets: [], gates: [] }
      })
    },
  },
  {
    fault: 'remembers a refusal under its key',
    caughtBy: 'keys: a refusal leaves its key free',
    create: (clock) => {
      const refused = new Set<string>()
      return alteredStore(clock, async (operation, run) => {
        const outcome = await run(operation)
        if (!isTake(operation) || operation.key === null) return outcome
        if (outcome.kind === 'refused') refused.add(placeOf(operation))
        return refused.has(placeOf(operation)) ? { kind: 'conflict', now: clock.now(), buckets: [], gates: [] } : outcome
      })
    },
  },
  {
    fault: 'takes a key for the whole question, so that a retry in the next period conflicts',
    caughtBy: 'keys: a key stands for customer, feature, amount and verb: whatever else is asked by now, the first answer is given',
    create: (clock) => {
      const asked = new Map<string, string>()
      return alteredStore(clock, async (operation, run) => {
        if (!isTake(operation) || operation.key === null) return run(operation)
        const question = JSON.stringify(operation.buckets)
        const isOther = (asked.get(placeOf(operation)) ?? question) !== question
        asked.set(placeOf(operation), question)
        return isOther ? { kind: 'conflict', now: clock.now(), buckets: [], gates: [] } : run(operation)
      })
    },
  },
  {
    fault: 'compares names as databases do that see no case and no space at the end',
    caughtBy: 'keys: keys and reservations are told apart by every character of their names',
    create: (clock) =>
      alteredStore(clock, async (operation, run) =>
        run(isTake(operation) && operation.key !== null ? { ...operation, key: operation.key.toLowerCase().trimEnd() } : operation),
      ),
  },
]
