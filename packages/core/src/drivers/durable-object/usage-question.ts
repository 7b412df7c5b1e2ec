import type { Instant } from '../../domain/instant.ts'
import type { UsageHistoryEntry, UsageOperation, UsageOutcome, UsageQuery, UsageReading, UsageSweep } from '../../ports/usage-store.ts'

/** What a store asks of one customer's object: the usage store's own verbs. */
export type UsageQuestion =
  | { readonly verb: 'execute'; readonly operations: readonly UsageOperation[] }
  | { readonly verb: 'read'; readonly queries: readonly UsageQuery[] }
  | { readonly verb: 'history'; readonly feature: string; readonly from: Instant; readonly to: Instant }
  | { readonly verb: 'raiseVersion'; readonly version: number }
  | { readonly verb: 'sweep' }
  | { readonly verb: 'forget' }

/** What the object answers to each. */
export interface UsageAnswers {
  readonly execute: readonly UsageOutcome[]
  readonly read: readonly UsageReading[]
  readonly history: readonly UsageHistoryEntry[]
  readonly raiseVersion: null
  readonly sweep: UsageSweep
  readonly forget: null
}

/** A question on its way. */
export interface UsageMessage {
  readonly customer: string
  /** The present, where a test gives the store a clock; `null` lets the object ask its own. */
  readonly now: Instant | null
  readonly question: UsageQuestion
}
