import { type Resource, type ResourceStore, createResourceStore, readResource } from '@farebox/core/client'
import * as React from 'react'
import { useBillingContext } from './billing-context.ts'
import { type Reading, useSnapshot } from './use-snapshot.ts'

/** In place of what is not to be asked for, and of what a server has not read: pending for ever. */
const unread: ResourceStore<never> = /* @__PURE__ */ createResourceStore<never>(() => new Promise(() => undefined))

/**
 * What a billing route answers to reading, shared by everybody who reads the same, and read again when what the customer
 * is entitled to has changed.
 *
 * @param path below the base path, the query included; `null` for what is not to be asked for, which is pending then.
 * @param mark a field that every true answer has.
 * @param given what a server has read already: then nothing is asked for until something has changed.
 */
export function useReading<Data extends object>(path: string | null, mark: keyof Data & string, given?: Data): Reading<Data> {
  const { client } = useBillingContext()
  const { data: version } = useSnapshot(({ customer, entitlementVersion }) => `${entitlementVersion} ${customer}`)
  const store = path === null ? unread : readResource<Data>(client, path, mark)
  const last = React.useRef<string>(undefined)
  React.useEffect(() => {
    const isOld = last.current !== undefined && last.current !== version
    last.current = version
    if (isOld) void store.renew()
    else if (!given && !(store.isWatched() && store.getSnapshot().data)) void store.refresh()
  }, [store, version, given])
  const known = React.useSyncExternalStore<Resource<Data>>(store.subscribe, store.getSnapshot, unread.getSnapshot)
  const resource: Resource<Data> = given && !known.data ? { status: 'success', data: given, isStale: false } : known
  return { ...resource, refetch: () => store.refresh() }
}
