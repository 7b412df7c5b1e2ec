import type { Instant } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ConsumeOperation, UsageOperation, UsageOutcome, UsageStore } from '../../ports/usage-store.ts'
import { checkTake } from '../../storage/counting/check-take.ts'
import { ExpiringKeys } from '../../storage/counting/expiring-keys.ts'
import { raiseMarker } from '../../storage/counting/marker.ts'
import { createSweeper } from '../../storage/counting/sweeper.ts'
import { take } from '../../storage/counting/take.ts'
import { type UsageState, ensureCustomer } from '../../storage/counting/usage-state.ts'
import { DirectCounting } from './direct-counting.ts'
import type * as OnDemand from './on-demand.ts'

/** How many entries one `sweep()` looks at. */
const entriesPerSweep = 10_000

/**
 * Counts in this process. Every operation runs to its end before another begins, so each is indivisible. What a plain
 * count does not need is loaded when it is first asked for.
 */
export function createUsageStore(clock: Clock): UsageStore {
  const state: UsageState = { customers: new Map(), created: 0, expiringKeys: new ExpiringKeys() }
  const sweeper = createSweeper(state)
  let loaded: typeof OnDemand | undefined

  async function load(): Promise<typeof OnDemand> {
    loaded ??= await import('./on-demand.ts')
    return loaded
  }

  function dropSomeExpired(now: Instant): void {
    sweeper.sweep(now, state.created * 2)
    state.created = 0
  }

  function consumeAll(operations: readonly ConsumeOperation[]): readonly UsageOutcome[] {
    for (const operation of operations) checkTake(operation)
    const now = clock.now()
    const outcomes = operations.map((operation) => take(state, operation, now))
    if (state.created > 0) dropSomeExpired(now)
    return outcomes
  }

  function runAll(operations: readonly UsageOperation[], { checkOperation, runOperation }: typeof OnDemand): readonly UsageOutcome[] {
    for (const operation of operations) checkOperation(operation)
    const now = clock.now()
    const outcomes = operations.map((operation) => runOperation(state, operation, now))
    if (state.created > 0) dropSomeExpired(now)
    return outcomes
  }

  function execute(operations: readonly UsageOperation[]): readonly UsageOutcome[] | Promise<readonly UsageOutcome[]> {
    if (operations.every(isConsumption)) return consumeAll(operations)
    return loaded === undefined ? load().then((use) => runAll(operations, use)) : runAll(operations, loaded)
  }

  return {
    label: 'linearizable',
    execute: Object.assign(execute, { direct: new DirectCounting(state, clock, dropSomeExpired) }),
    async read(queries) {
      const { readUsage } = await load()
      const now = clock.now()
      return queries.map((query) => readUsage(state, query, now))
    },
    history: async (query) => (await load()).readHistory(state, query, clock.now()),
    async raiseVersion(customer, version) {
      const { checkMarker } = await load()
      checkMarker(customer, version)
      const now = clock.now()
      raiseMarker(ensureCustomer(state, customer), version, now)
      dropSomeExpired(now)
    },
    sweep: async () => sweeper.sweep(clock.now(), entriesPerSweep),
    async forget(customer) {
      state.customers.delete(customer)
    },
  }
}

function isConsumption(operation: UsageOperation): operation is ConsumeOperation {
  return operation.verb === 'consume'
}
