import type { Instant } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  UsageHistoryEntry,
  UsageOperation,
  UsageOutcome,
  UsageQuery,
  UsageReading,
  UsageStore,
} from '../../ports/usage-store.ts'
import { checkMarker, checkOperation } from '../../storage/counting/check-operation.ts'
import { ExpiringKeys } from '../../storage/counting/expiring-keys.ts'
import { markerAt, raiseMarker } from '../../storage/counting/marker.ts'
import { release } from '../../storage/counting/release.ts'
import { endExpired } from '../../storage/counting/reservation.ts'
import { settle } from '../../storage/counting/settle.ts'
import { createSweeper } from '../../storage/counting/sweeper.ts'
import { take } from '../../storage/counting/take.ts'
import { type UsageState, bucketStateOf, ensureCustomer, gateStatesOf } from '../../storage/counting/usage-state.ts'
import { DirectCounting } from './direct-counting.ts'

/** How many entries one `sweep()` looks at. */
const entriesPerSweep = 10_000

/** Buckets that live in one usage period carry its start in their name. */
const periodBucket = /^(?:allowance|overage|overdraft):(-?\d+)$/

/** Counts in this process. Every operation runs to its end before another begins, so each is indivisible. */
export function createUsageStore(clock: Clock): UsageStore {
  const state: UsageState = { customers: new Map(), created: 0, expiringKeys: new ExpiringKeys() }
  const sweeper = createSweeper(state)

  function run(operation: UsageOperation, now: Instant): UsageOutcome {
    switch (operation.verb) {
      case 'consume':
      case 'reserve':
        return take(state, operation, now)
      case 'settle':
        return settle(state, operation, now)
      case 'release':
        return release(state, operation, now)
      default:
        return operation satisfies never
    }
  }

  function dropSomeExpired(now: Instant): void {
    sweeper.sweep(now, state.created * 2)
    state.created = 0
  }

  function execute(operations: readonly UsageOperation[]): readonly UsageOutcome[] {
    for (const operation of operations) checkOperation(operation)
    const now = clock.now()
    const outcomes = operations.map((operation) => run(operation, now))
    if (state.created > 0) dropSomeExpired(now)
    return outcomes
  }

  function readOne(query: UsageQuery, now: Instant): UsageReading {
    const customer = state.customers.get(query.customer)
    const feature = customer?.readFeature(query.feature)
    if (feature !== undefined && feature.expiry <= now) endExpired(customer, feature, now)
    return {
      now,
      marker: markerAt(customer, now),
      buckets: query.buckets.map((id) => bucketStateOf(feature, id)),
      gates: gateStatesOf(feature, query.gates, now),
    }
  }

  return {
    label: 'linearizable',
    execute: Object.assign(execute, { direct: new DirectCounting(state, clock, dropSomeExpired) }),
    async read(queries) {
      const now = clock.now()
      return queries.map((query) => readOne(query, now))
    },
    async history({ customer: id, feature: name, from, to }) {
      const customer = state.customers.get(id)
      const feature = customer?.readFeature(name)
      if (feature === undefined) return []
      const now = clock.now()
      if (feature.expiry <= now) endExpired(customer, feature, now)
      const entries: (UsageHistoryEntry & { readonly start: Instant })[] = []
      for (const [bucket, { used }] of feature.counters.entries()) {
        const start = Number(periodBucket.exec(bucket)?.[1])
        if (used > 0 && start >= from && start < to) entries.push({ bucket, used, start })
      }
      return entries.toSorted((first, second) => first.start - second.start).map(({ bucket, used }) => ({ bucket, used }))
    },
    async raiseVersion(customer, version) {
      checkMarker(customer, version)
      const now = clock.now()
      raiseMarker(ensureCustomer(state, customer), version, now)
      dropSomeExpired(now)
    },
    async sweep() {
      return sweeper.sweep(clock.now(), entriesPerSweep)
    },
    async forget(customer) {
      state.customers.delete(customer)
    },
  }
}
