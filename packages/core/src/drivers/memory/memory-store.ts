import { type Clock, systemClock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'
import { createRecordStore } from './record-store.ts'
import { createUsageStore } from './usage-store.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** The store's clock; the host's unless a test gives another. */
  readonly clock?: Clock
}

/**
 * Keeps every rule of both ports within one process; two stores share nothing. What is kept lives as long as the process.
 * Starts no timers: whatever expires is dropped by the calls that follow, a few entries at a time, and by `sweep()`.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { clock = systemClock } = { ...options }
  return { usage: createUsageStore(clock), records: createRecordStore(clock) }
}
