import { memoryStore } from '../../drivers/memory/memory-store.ts'
import { FareboxError } from '../../errors/error.ts'
import type { CollectionName, RecordEntry, RecordQuery, RecordReading, RecordStore, RecordWrite } from '../../ports/record-store.ts'

/** A record store with one fault, and the rule that must catch it. */
export interface BrokenRecords {
  readonly fault: string
  readonly caughtBy: string
  readonly create: () => RecordStore
}

function honest(): RecordStore {
  return memoryStore().records
}

function withoutExpectation({ collection, id, value }: RecordWrite): RecordWrite {
  // The same write with one field less.
  return { collection, id, value } as RecordWrite
}

export const brokenRecords: readonly BrokenRecords[] = [
  {
    fault: 'writes row by row until one fails',
    caughtBy: 'commits: an expectation that fails writes nothing and names the first row that failed',
    create() {
      const store = honest()
      return {
        ...store,
        async commit(customer, writes) {
          for (const write of writes) {
            const outcome = await store.commit(customer, [write])
            if (outcome.kind === 'conflict') return outcome
          }
          return store.commit(customer, [])
        },
      }
    },
  },
  {
    fault: 'ignores what was expected',
    caughtBy: 'isolation: of writers in parallel with one expectation exactly one wins',
    create() {
      const store = honest()
      return { ...store, commit: async (customer, writes) => store.commit(customer, writes.map(withoutExpectation)) }
    },
  },
  {
    fault: 'looks at revisions, waits, then writes',
    caughtBy: 'isolation: increments that try again after a conflict are all kept',
    create() {
      const store = honest()
      return {
        ...store,
        async commit(customer, writes) {
          for (const { collection, id, expect } of writes) {
            const { rows } = await store.load(customer, [collection])
            const revision = rows[collection].find((row) => row.id === id)?.revision ?? 0
            if (expect !== undefined && expect !== revision) return { kind: 'conflict', collection, id }
          }
          await Promise.resolve()
          return store.commit(customer, writes.map(withoutExpectation))
        },
      }
    },
  },
  {
    fault: 'finds rows by what they once said',
    caughtBy: 'queries: a row is found by an index while it says so, and no longer',
    create() {
      const store = honest()
      const seen = new Map<string, readonly RecordEntry<CollectionName>[]>()
      return {
        ...store,
        async find<Name extends CollectionName>(query: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]> {
          const found = await store.find(query)
          const place = JSON.stringify(query)
          // Under one query there are rows of one collection only.
          const before = seen.get(place) as readonly RecordEntry<Name>[] | undefined
          if (before === undefined || before.length === 0) seen.set(place, found)
          return before !== undefined && before.length > 0 ? before : found
        },
      }
    },
  },
  {
    fault: 'reads on from the beginning',
    caughtBy: 'queries: reading on behind a place meets every row once, also among those of the same value',
    create() {
      const store = honest()
      return { ...store, find: async ({ collection, index, where, limit }) => store.find({ collection, index, where, limit }) }
    },
  },
  {
    fault: 'hands out rows that callers can change for each other',
    caughtBy: 'isolation: a caller who changes what was written or read changes nothing in the store',
    create() {
      const store = honest()
      const shared = new Map<string, unknown>()
      return {
        ...store,
        async load<Name extends CollectionName>(customer: string, names: readonly Name[]): Promise<RecordReading<Name>> {
          const reading = shared.get(customer) ?? structuredClone(await store.load(customer, names))
          shared.set(customer, reading)
          // What was kept for this customer is a reading of this store.
          return reading as RecordReading<Name>
        },
      }
    },
  },
  {
    fault: 'keeps the rows of customers who are forgotten',
    caughtBy: 'queries: forgetting a customer erases every row, from every index, and of nobody else',
    create: () => ({ ...honest(), forget: async () => undefined }),
  },
  {
    fault: 'writes before it looks whether it can',
    caughtBy: 'isolation: what JSON cannot carry is refused, and nothing of the commit is written',
    create() {
      const store = honest()
      return {
        ...store,
        async commit(customer, writes) {
          try {
            return await store.commit(customer, writes)
          } catch (error) {
            await Promise.resolve(store.commit(customer, writes.slice(0, 1))).catch(() => undefined)
            throw new FareboxError('invalid-request', 'The row is not plain JSON', { cause: error })
          }
        },
      }
    },
  },
]
