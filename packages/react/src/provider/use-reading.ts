import { type Resource, readResource } from '@farebox/core/client'
import * as React from 'react'
import { useBillingContext } from './billing-context.ts'
import { type Reading, useSnapshot } from './use-snapshot.ts'

const pending: Resource<never> = { status: 'pending' }

/**
 * What a billing route answers to reading, shared by everybody who reads the same, and read again when what the customer
 * is entitled to has changed.
 *
 * @param path below the base path, the query included.
 * @param mark a field that every true answer has.
 */
export function useReading<Data extends object>(path: string, mark: keyof Data & string): Reading<Data> {
  const { client } = useBillingContext()
  const store = React.useMemo(() => readResource<Data>(client, path, mark), [client, path, mark])
  const { data: version } = useSnapshot(({ entitlementVersion }) => entitlementVersion)
  const last = React.useRef<number>(undefined)
  React.useEffect(() => {
    const isOld = last.current !== undefined && last.current !== version
    last.current = version
    if (isOld || store.getSnapshot().status === 'pending') void store.refresh()
  }, [store, version])
  const resource = React.useSyncExternalStore(store.subscribe, store.getSnapshot, () => pending)
  return { ...resource, refetch: () => void store.refresh() }
}
