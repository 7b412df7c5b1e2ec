/**
 * Billing for apps that read through SWR: arguments for its hooks, as plain lists. Nothing of it is imported, and nothing of
 * React.
 *
 * @example
 * ```tsx
 * import { createBillingClient } from '@farebox/react'
 * import type { Snapshot } from '@farebox/core/protocol'
 * import { type BillingRequestError, createBillingQueries } from '@farebox/react/swr'
 * import { useEffect, useMemo } from 'react'
 * import useSWR, { useSWRConfig } from 'swr'
 *
 * export function Calls({ person }: { person: string | null }) {
 *   const { mutate } = useSWRConfig()
 *   const billing = useMemo(() => createBillingQueries({ client: createBillingClient(), mutate, person }), [mutate, person])
 *   useEffect(() => billing.connect(), [billing])
 *   const { data, error } = useSWR<Snapshot, BillingRequestError>(...billing.snapshot())
 *   return <p>{error ? error.problem?.title : data?.usage['apiCalls']?.used}</p>
 * }
 * ```
 *
 * @module
 */
export { BillingRequestError } from '../billing-request-error.ts'
export type { CancelWish, PauseWish, SeatWish } from '../billing-writes.ts'
export {
  type BillingMutation,
  type BillingPages,
  type BillingQueries,
  type BillingQueriesOptions,
  type BillingQuery,
  type MutatePort,
  type PageKey,
  createBillingQueries,
} from './create-billing-queries.ts'
