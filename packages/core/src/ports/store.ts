import type { RecordStore } from './record-store.ts'
import type { UsageStore } from './usage-store.ts'

/** Counters and records. One driver may serve both; an app may also count here and record there. */
export interface Store {
  readonly usage: UsageStore
  readonly records: RecordStore
}
