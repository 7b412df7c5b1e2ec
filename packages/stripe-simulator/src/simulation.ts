import type { Account } from './account.ts'
import type { IdempotencyKeys } from './api/idempotency.ts'
import type { Deliveries } from './deliveries/deliveries.ts'

/** One simulator's parts, as its routes see them. Nothing of it is shared with another simulator. */
export interface Simulation {
  readonly account: Account
  readonly keys: IdempotencyKeys
  readonly deliveries: Deliveries
  readonly options: {
    /** The only secret key that is accepted; undefined: every test key is. */
    readonly apiKey: string | undefined
    /** Where people reach the hosted pages; undefined: where the request came in. */
    readonly publicUrl: string | undefined
  }
  /** Resolves after the configured delay of an API request. */
  latency(): Promise<void>
  /** Tells the developer of a fault in the simulator itself. */
  report(error: unknown): void
}
