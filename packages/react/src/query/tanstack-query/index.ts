/**
 * Billing for apps that read through TanStack Query: options for its hooks, as plain objects. Nothing of it is imported, and
 * nothing of React.
 *
 * @example
 * ```tsx
 * import { createBillingClient } from '@farebox/react'
 * import { createBillingQueries } from '@farebox/react/tanstack-query'
 * import { useQuery, useQueryClient } from '@tanstack/react-query'
 * import { useEffect, useMemo } from 'react'
 *
 * export function Calls({ person }: { person: string | null }) {
 *   const queryClient = useQueryClient()
 *   const billing = useMemo(
 *     () => createBillingQueries({ client: createBillingClient(), queryClient, person }),
 *     [queryClient, person],
 *   )
 *   useEffect(() => billing.connect(), [billing])
 *   const { data, error } = useQuery(billing.snapshot())
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
  type QueryClientPort,
  type QueryFilter,
  createBillingQueries,
} from './create-billing-queries.ts'
