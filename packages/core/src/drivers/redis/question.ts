import type { Instant } from '../../domain/instant.ts'
import type { ConsumeOperation, UsageOperation, UsageQuery } from '../../ports/usage-store.ts'

/** What the script is asked about one customer: an operation, or one of the store's other questions. */
export type Question =
  | UsageOperation
  | (UsageQuery & { readonly verb: 'read' })
  | { readonly verb: 'history'; readonly customer: string; readonly feature: string; readonly from: Instant; readonly to: Instant }
  | { readonly verb: 'raise'; readonly customer: string; readonly version: number }
  | { readonly verb: 'sweep'; readonly customer: string; readonly keys: readonly string[] }

/** The questions of a call about one customer, in their order, and where each stood in the call. */
export interface Share<Item extends Question> {
  readonly document: string
  readonly items: Item[]
  readonly places: number[]
  /** What all of them say, but for their keys, where that is one counter and nothing was loaded for it; else `null`. */
  like: ConsumeOperation | null
  /** Whether all of them are consumptions. */
  isQuick: boolean
  /** Whether the keys that few customers have are needed. */
  isSided: boolean
}

/** Customers who are asked the same about, each as many times. */
export interface Group<Item extends Question> {
  readonly like: ConsumeOperation
  readonly many: number
  readonly shares: Share<Item>[]
}
