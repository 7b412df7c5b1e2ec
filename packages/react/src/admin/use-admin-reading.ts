import { type BillingClient, type Resource, type ResourceStore, readResource } from '@farebox/core/client'
import type { AdminCustomerView, AdminCustomersView } from '@farebox/core/protocol'
import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import type { Reading } from '../provider/use-snapshot.ts'

const pending: Resource<never> = { status: 'pending' }

/** Whom a search finds, as everybody who asks for the same shares it. */
export function customersResource(client: BillingClient, search: string): ResourceStore<AdminCustomersView> {
  return readResource(client, `/admin/customers?search=${encodeURIComponent(search)}`, 'customers')
}

/** One customer, as everybody who asks for the same shares it. */
export function customerResource(client: BillingClient, customer: string): ResourceStore<AdminCustomerView> {
  return readResource(client, `/admin/customer?customer=${encodeURIComponent(customer)}`, 'snapshot')
}

/** What an admin asks for is read anew whenever it is asked for: what is known of a customer may be from before lunch. */
export function useAdminReading<Data extends object>(
  resourceOf: (client: BillingClient, text: string) => ResourceStore<Data>,
  text: string,
): Reading<Data> | undefined {
  const { client } = useBillingContext()
  const store = React.useMemo(() => (text === '' ? undefined : resourceOf(client, text)), [client, resourceOf, text])
  React.useEffect(() => void store?.refresh(), [store])
  const resource = React.useSyncExternalStore(store?.subscribe ?? never, store?.getSnapshot ?? unread, unread)
  return store && { ...resource, refetch: () => store.refresh() }
}

function unread(): Resource<never> {
  return pending
}

function never(): () => void {
  return () => undefined
}
