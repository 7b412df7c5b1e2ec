import type { Instant } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { UsageHistoryEntry, UsageStore } from '../../ports/usage-store.ts'
import { checkMarker, checkOperation } from '../../storage/counting/check-operation.ts'
import { escapeName } from '../../storage/rows/names.ts'
import { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Connection, Work } from './connection.ts'
import type { QuickCounting } from './quick-counting.ts'
import type { Tables } from './tables.ts'
import { UsageSweeper } from './usage-sweeper.ts'
import { fillSet, nameOf, writeChanges } from './usage-rows.ts'
import { findHistory } from './usage-statements.ts'

const tables = ['farebox_usage', 'farebox_usage_keys', 'farebox_usage_reservations', 'farebox_usage_counters']

/** Counts in SQLite: every call is one immediate transaction. */
export function createUsageStore(connection: Connection, { ready, quick, clock }: {
  readonly ready: Tables
  /** Where the client answers at once. */
  readonly quick: QuickCounting | undefined
  readonly clock: Clock
}): UsageStore {
  const sweeper = new UsageSweeper()

  /** Fetches, runs and writes. Every try starts anew: the counters are what the transaction finds. */
  async function change<Answer>(ask: (set: WorkingSet) => void, run: (set: WorkingSet, now: Instant) => Answer): Promise<Answer> {
    const [answer, set] = await connection.write(function* (): Work<readonly [Answer, WorkingSet]> {
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
    if (!ready.areReady) await ready.prepare()
    return connection.read(function* (): Work<Answer> {
      const now = clock.now()
      const set = new WorkingSet(now)
      ask(set)
      yield* fillSet(set, now)
      return yield* run(set)
    })
  }

  return {
    label: 'linearizable',
    async execute(operations) {
      for (const operation of operations) checkOperation(operation)
      if (!ready.areReady) await ready.prepare()
      const counted = quick?.count(operations, clock.now())
      return counted ?? change((set) => set.ask(operations), (set) => set.run())
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
      if (!ready.areReady) await ready.prepare()
      await change((set) => void set.touch(customer), (set) => set.raise(customer, version))
    },
    async sweep() {
      if (!ready.areReady) await ready.prepare()
      return connection.write(() => sweeper.sweep(clock.now()))
    },
    async forget(customer) {
      if (!ready.areReady) await ready.prepare()
      const values = [escapeName(customer)]
      await connection.write(function* (): Work<void> {
        yield tables.map((table) => ({ sql: `delete from ${table} where customer = ?`, values }))
      })
    },
  }
}
