import type { Instant } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { UsageOperation, UsageOutcome, UsageStore } from '../../ports/usage-store.ts'
import { checkTake } from '../../storage/counting/check-take.ts'
import { ExpiringKeys } from '../../storage/counting/expiring-keys.ts'
import { type PlainOperation, hasRoomFor, isPlain, takePlain } from '../../storage/counting/take-plain.ts'
import type { UsageState } from '../../storage/counting/usage-state.ts'
import { DirectCounting } from './direct-counting.ts'
import type { WholeCounting } from './whole-counting.ts'

/** How many entries one `sweep()` looks at. */
const entriesPerSweep = 10_000

/** So few entries may wait until what drops them is loaded. */
const fewEntries = 1000

/**
 * Counts in this process. Every operation runs to its end before another begins, so each is indivisible. What a plain
 * count does not need is loaded when it is first asked for.
 */
export function createUsageStore(clock: Clock): UsageStore {
  const state: UsageState = { customers: new Map(), created: 0, expiringKeys: new ExpiringKeys() }
  const direct = new DirectCounting(state, clock, dropSomeExpired)

  async function load(): Promise<WholeCounting> {
    const { createWholeCounting } = await import('./whole-counting.ts')
    return (direct.whole ??= createWholeCounting(state))
  }

  /** Looks at two entries for each that was created, so that what has expired stays below what is alive. */
  function dropSomeExpired(now: Instant): void {
    if (direct.whole !== undefined) {
      direct.whole.sweep(now, state.created * 2)
      state.created = 0
    } else if (state.created >= fewEntries) {
      void load().catch(() => undefined)
    }
  }

  function execute(operations: readonly UsageOperation[]): readonly UsageOutcome[] | Promise<readonly UsageOutcome[]> {
    if (direct.whole !== undefined) return executeAll(operations, direct.whole)
    if (!operations.every(isPlain)) return load().then((whole) => executeAll(operations, whole))
    for (const operation of operations) checkTake(operation)
    return executePlain(operations)
  }

  /** As far as there are plain counts; what comes after waits for what can do it. */
  function executePlain(operations: readonly PlainOperation[]): readonly UsageOutcome[] | Promise<readonly UsageOutcome[]> {
    const now = clock.now()
    const outcomes: UsageOutcome[] = []
    for (const operation of operations) {
      const { customer, key } = operation
      const known = state.customers.get(customer)
      if (!hasRoomFor(known, operation) || (key !== null && known?.keys?.has(key) === true)) {
        const others = operations.slice(outcomes.length)
        return load().then((whole) => [...outcomes, ...executeAll(others, whole)])
      }
      outcomes.push(takePlain(state, known, operation, now))
    }
    if (state.created > 0) dropSomeExpired(now)
    return outcomes
  }

  function executeAll(operations: readonly UsageOperation[], whole: WholeCounting): readonly UsageOutcome[] {
    for (const operation of operations) whole.check(operation)
    const now = clock.now()
    const outcomes = operations.map((operation) => whole.run(operation, now))
    if (state.created > 0) dropSomeExpired(now)
    return outcomes
  }

  return {
    label: 'linearizable',
    execute: Object.assign(execute, { direct }),
    async read(queries) {
      const { read } = await load()
      const now = clock.now()
      return queries.map((query) => read(query, now))
    },
    history: async (query) => (await load()).history(query, clock.now()),
    async raiseVersion(customer, version) {
      const { raise } = await load()
      const now = clock.now()
      raise(customer, version, now)
      dropSomeExpired(now)
    },
    sweep: async () => (await load()).sweep(clock.now(), entriesPerSweep),
    async forget(customer) {
      state.customers.delete(customer)
    },
  }
}
