import { FareboxError } from '../errors/error.ts'
import type { CollectionName, RecordEntry, RecordQuery, RecordReading, RecordStore, RowIds } from '../ports/record-store.ts'
import type { Store } from '../ports/store.ts'
import type { UsageStore } from '../ports/usage-store.ts'

/** `before`: nothing happened. `after`: it happened, and only the answer is lost. */
export type FaultMoment = 'before' | 'after'

/** Which calls of a store fail. Calls to both ports are counted together, from 1, in the order in which they begin. */
export interface Faults {
  readonly calls: number
  /** The call of that number fails; counting goes on from where it is. */
  failCall(number: number, moment: FaultMoment): void
  /** Every call fails, until `heal()`. */
  failAll(moment: FaultMoment): void
  heal(): void
}

/** A store that fails where it is told to, as one does whose network breaks: with `unavailable`. */
export function faultyStore(store: Store): { readonly store: Store; readonly faults: Faults } {
  let calls = 0
  let all: FaultMoment | undefined
  const planned = new Map<number, FaultMoment>()

  function begin(): FaultMoment | undefined {
    calls += 1
    const moment = planned.get(calls) ?? all
    if (moment === 'before') throw lost()
    return moment
  }

  async function tried<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const moment = begin()
    const answer = await call()
    if (moment === 'after') throw lost()
    return answer
  }

  const usage: UsageStore = {
    label: store.usage.label,
    execute(operations) {
      const moment = begin()
      const answer = store.usage.execute(operations)
      if (moment === undefined) return answer
      if (!(answer instanceof Promise)) throw lost()
      return answer.then(() => {
        throw lost()
      })
    },
    read: async (queries) => tried(async () => store.usage.read(queries)),
    history: async (request) => tried(async () => store.usage.history(request)),
    raiseVersion: async (customer, version) => tried(async () => store.usage.raiseVersion(customer, version)),
    sweep: async () => tried(async () => store.usage.sweep()),
    forget: async (customer) => tried(async () => store.usage.forget(customer)),
    inspect: async () => tried(async () => store.usage.inspect?.() ?? []),
  }

  const records: RecordStore = {
    label: store.records.label,
    load: async <Name extends CollectionName>(customer: string, names: readonly Name[], only?: RowIds): Promise<RecordReading<Name>> =>
      tried(async () => store.records.load(customer, names, only)),
    commit: async (customer, writes) => tried(async () => store.records.commit(customer, writes)),
    find: async <Name extends CollectionName>(query: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]> =>
      tried(async () => store.records.find(query)),
    forget: async (customer) => tried(async () => store.records.forget(customer)),
  }

  const faults: Faults = {
    get calls() {
      return calls
    },
    failCall(number, moment) {
      planned.set(number, moment)
    },
    failAll(moment) {
      all = moment
    },
    heal() {
      all = undefined
      planned.clear()
    },
  }
  return { store: { usage, records }, faults }
}

function lost(): FareboxError {
  return new FareboxError('unavailable', 'The store cannot be reached', { reason: 'injected-fault' })
}
