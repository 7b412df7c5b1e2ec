import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { UsageOutcome, UsageStore } from '../../ports/usage-store.ts'
import { checkMarker, checkOperation } from '../../storage/counting/check-operation.ts'
import type { WorkingSet } from '../../storage/rows/working-set.ts'
import type { D1Connection } from './database.ts'
import { fetchHistory } from './fetch-rows.ts'
import { type LoadedRows, loadRows } from './load-rows.ts'
import { createRowSweep } from './row-sweep.ts'
import { type Call, createSharedCalls } from './shared-calls.ts'
import { forgetRows, writeChanges } from './write-rows.ts'

/**
 * Tries before a call gives up. Each one in vain means that another isolate has written rows of the same customers
 * meanwhile, so somebody always comes through.
 */
const mostTries = 30

/**
 * Counts on rows that are read in one round trip and written in a second one, where they are still as they were read:
 * otherwise nothing is written, and the call starts anew. A call that changes nothing takes one round trip.
 */
export function createUsageStore(connection: D1Connection, clock: Clock | undefined): UsageStore {
  /** Runs work on the rows that a call is about, and writes what it changed: all of it or, before a new try, nothing. */
  async function change<Answer>(ask: (set: WorkingSet) => void, run: (loaded: LoadedRows) => Answer): Promise<Answer> {
    return persist(async () => {
      const loaded = await loadRows(connection, clock, ask)
      if (loaded === undefined) return undefined
      const answer = run(loaded)
      const changes = loaded.set.changes()
      if (changes.documents.length === 0) return { answer }
      const written = await connection.runGuarded(writeChanges(changes))
      return 'refusal' in written ? undefined : { answer }
    })
  }

  const share = createSharedCalls(async (calls) =>
    change(
      (set) => askAll(set, calls),
      ({ set }) => runAll(set, calls),
    ),
  )

  const sweep = createRowSweep(connection, clock, async (customers) =>
    change(
      (set) => customers.forEach((customer) => set.touch(customer)),
      ({ set }) => set.sweep(),
    ),
  )

  return {
    label: 'linearizable',
    async execute(operations) {
      for (const operation of operations) checkOperation(operation)
      return operations.length === 0 ? [] : share({ operations, raise: null })
    },
    async read(queries) {
      if (queries.length === 0) return []
      return persist(async () => {
        const loaded = await loadRows(connection, clock, (set) => set.askReadings(queries))
        return loaded === undefined ? undefined : { answer: loaded.set.read() }
      })
    },
    async history({ customer, feature, from, to }) {
      return persist(async () => {
        const archived = new Map<string, number>()
        const fetch = fetchHistory(customer, feature, (bucket, used) => archived.set(bucket, used))
        const loaded = await loadRows(connection, clock, (set) => set.touch(customer), [fetch])
        return loaded === undefined ? undefined : { answer: loaded.set.history(customer, feature, { from, to }, archived) }
      })
    },
    async raiseVersion(customer, version) {
      checkMarker(customer, version)
      await share({ operations: [], raise: { customer, version } })
    },
    sweep,
    async forget(customer) {
      await connection.run(forgetRows(customer))
    },
  }
}

/** Tries until nobody came in between. */
async function persist<Answer>(attempt: () => Promise<{ readonly answer: Answer } | undefined>): Promise<Answer> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const done = await attempt()
    if (done !== undefined) return done.answer
  }
  throw new FareboxError('unavailable', 'Too many others write the rows of the same customers', { reason: 'contention' })
}

function askAll(set: WorkingSet, calls: readonly Call[]): void {
  set.ask(calls.flatMap(({ operations }) => operations))
  for (const { raise } of calls) if (raise !== null) set.touch(raise.customer)
}

function runAll(set: WorkingSet, calls: readonly Call[]): readonly UsageOutcome[] {
  const outcomes = set.run()
  for (const { raise } of calls) if (raise !== null) set.raise(raise.customer, raise.version)
  return outcomes
}
