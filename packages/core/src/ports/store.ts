import type { CommitOutcome, RecordStore, RecordWrite } from './record-store.ts'
import type { UsageStore } from './usage-store.ts'

/** Where counters and records are kept. One driver may serve both ports, or an app counts in one store and records in another. */
export interface Store {
  readonly usage: UsageStore
  readonly records: RecordStore
  /** Where one database serves both ports. It stands for these two alone: beside any other it is not used. */
  readonly raising?: RaisingCommit
}

/** Commits, and raises the customer's marker to `version`, in one transaction: both or neither. */
export interface RaisingCommit {
  readonly usage: UsageStore
  readonly records: RecordStore
  commit(customer: string, writes: readonly RecordWrite[], version: number): Promise<CommitOutcome>
}
