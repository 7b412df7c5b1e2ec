import type { Instant } from '../../domain/instant.ts'
import type { UsageHistoryEntry, UsageOperation, UsageOutcome, UsageQuery, UsageReading, UsageStore, UsageSweep } from '../../ports/usage-store.ts'
import { checkMarker, checkOperation } from '../../storage/counting/check-operation.ts'
import { ensureCustomer } from '../../storage/counting/ensure-customer.ts'
import { raiseMarker } from '../../storage/counting/marker.ts'
import { runOperation } from '../../storage/counting/run-operation.ts'
import { createSweeper } from '../../storage/counting/sweeper.ts'
import { take } from '../../storage/counting/take.ts'
import type { UsageState } from '../../storage/counting/usage-state.ts'
import { countInLedger } from './count-in-ledger.ts'
import { readHistory, readUsage } from './read-usage.ts'

/** Everything that is asked of counters, plain counts included. */
export interface WholeCounting {
  readonly check: (operation: UsageOperation) => void
  readonly run: (operation: UsageOperation, now: Instant) => UsageOutcome
  readonly take: typeof take
  readonly countInLedger: typeof countInLedger
  readonly read: (query: UsageQuery, now: Instant) => UsageReading
  readonly history: (query: Parameters<UsageStore['history']>[0], now: Instant) => readonly UsageHistoryEntry[]
  readonly raise: (customer: string, version: number, now: Instant) => void
  readonly sweep: (now: Instant, steps: number) => UsageSweep
}

export function createWholeCounting(state: UsageState): WholeCounting {
  const sweeper = createSweeper(state)
  return {
    check: checkOperation,
    run: (operation, now) => runOperation(state, operation, now),
    take,
    countInLedger,
    read: (query, now) => readUsage(state, query, now),
    history: (query, now) => readHistory(state, query, now),
    raise(customer, version, now) {
      checkMarker(customer, version)
      raiseMarker(ensureCustomer(state, customer), version, now)
    },
    sweep: (now, steps) => sweeper.sweep(now, steps),
  }
}
