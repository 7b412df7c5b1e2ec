import type { Problem } from '../protocol/problem.ts'
import type { Snapshot } from '../protocol/snapshot.ts'

/** Why the server did not give what was asked for. A value, never thrown. */
export interface BillingError {
  /** The HTTP status, or 0 when no answer came that could be read. */
  readonly status: number
  readonly problem?: Problem | undefined
}

/** Something that is loading, failed, or there. `isStale` says that the last attempt to renew it failed, with `error`. */
export type Resource<Data> =
  | { readonly status: 'pending'; readonly data?: undefined; readonly error?: undefined; readonly isStale?: false }
  | { readonly status: 'error'; readonly error: BillingError; readonly data?: undefined; readonly isStale?: false }
  | {
      readonly status: 'success'
      readonly data: Data
      readonly isStale: boolean
      readonly error?: BillingError | undefined
    }

/** What a page knows of its customer. */
export type BillingState = Resource<Snapshot>

/** How a call ended. */
export type Outcome<Data> =
  | { readonly status: 'success'; readonly data: Data; readonly error?: undefined }
  | { readonly status: 'error'; readonly error: BillingError; readonly data?: undefined }
