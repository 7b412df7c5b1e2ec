import type { Instant } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { UsageHistoryEntry, UsageStore } from '../../ports/usage-store.ts'
import { checkMarker, checkOperation } from '../../storage/counting/check-operation.ts'
import { escapeName } from '../../storage/rows/names.ts'
import { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Work } from './connection.ts'
import type { QuickCounting } from './quick-counting.ts'
import type { Tables } from './tables.ts'
import { UsageSweeper } from './usage-sweeper.ts'
import { fillSet, nameOf, writeChanges } from './usage-rows.ts'
import { deleteRow, findHistory } from './usage-statements.ts'

const settled = Promise.resolve()

const names = ['farebox_usage', 'farebox_usage_keys', 'farebox_usage_reservations', 'farebox_usage_counters']

/** Counts in SQLite: every call is one immediate transaction. */
export function createUsageStore(tables: Tables, { quick, clock }: {
  /** Where the client answers at once. */
  readonly quick: QuickCounting | undefined
  readonly clock: Clock
}): UsageStore {
  const sweeper = new UsageSweeper()
  /** Whether a call of this turn was answered at once. The next one is not, so that callers side by side ask together. */
  let isAsked = false
  const endTurn = (): void => {
    isAsked = false
  }

  /** Fetches, runs and writes. Every try starts anew: the counters are what the transaction finds. */
  async function change<Answer>(ask: (set: WorkingSet) => void, run: (set: WorkingSet, now: Instant) => Answer): Promise<Answer> {
    const [answer, set] = await tables.write(function* (): Work<readonly [Answer, WorkingSet]> {
      const now = clock.now()
      const changing = new WorkingSet(now)
      ask(changing)
      yield* fillSet(changing, now)
      const result = run(changing, now)
      yield* writeChanges(changing)
      return [result, changing]
    })
    quick?.learn(set)
    return answer
  }

  async function read<Answer>(ask: (set: WorkingSet) => void, run: (set: WorkingSet) => Work<Answer>): Promise<Answer> {
    return tables.read(function* (): Work<Answer> {
      const now = clock.now()
      const set = new WorkingSet(now)
      ask(set)
      yield* fillSet(set, now)
      return yield* run(set)
    })
  }

  return {
    label: 'linearizable',
    execute(operations) {
      try {
        for (const operation of operations) checkOperation(operation)
        const counted = tables.areReady ? quick?.count(operations, clock.now()) : undefined
        if (counted === undefined) return change((set) => set.ask(operations), (set) => set.run())
        if (isAsked || operations.length > 1) return Promise.resolve(counted)
        isAsked = true
        void settled.then(endTurn)
        return counted
      } catch (error) {
        return Promise.reject(error)
      }
    },
    async read(queries) {
      return read(
        (set) => set.askReadings(queries),
        // eslint-disable-next-line require-yield
        function* (set) {
          return set.read()
        },
      )
    },
    async history({ customer, feature, from, to }) {
      return read(
        (set) => void set.touch(customer),
        function* (set): Work<readonly UsageHistoryEntry[]> {
          const [rows = []] = yield [findHistory([customer, feature], { from, to })]
          const archived = rows.map(([bucket, used]) => [nameOf(bucket), Number(used)] as const)
          return set.history(customer, feature, { from, to }, archived)
        },
      )
    },
    async raiseVersion(customer, version) {
      checkMarker(customer, version)
      await change((set) => void set.touch(customer), (set) => set.raise(customer, version))
    },
    async sweep() {
      return tables.write(() => sweeper.sweep(clock.now()))
    },
    async forget(customer) {
      const values = [escapeName(customer)]
      await tables.write(function* (): Work<void> {
        yield names.map((table) => deleteRow(table, ['customer'], values))
      })
    },
  }
}
