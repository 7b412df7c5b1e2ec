import type { BillingState, Resource } from '@farebox/core/client'
import type { Snapshot } from '@farebox/core/protocol'
import * as React from 'react'
import { isPromise, useBillingContext } from './billing-context.ts'

/** React 19's `use`; React 18 has none. The name is computed because bundlers refuse imports that React 18 lacks. */
const use = (React as { use?: typeof React.use })['use'.trim() as 'use']

/** Something that is loading, failed, or there, and the way to read it again. */
export type Reading<Data> = Resource<Data> & {
  /** Reads it again; what was there stays until the answer comes. */
  readonly refetch: () => void
}

/**
 * The selected part of the snapshot. The component renders again only when that part changes, however often the
 * snapshot does; parts are compared as the JSON they came as.
 */
export function useSnapshot<Data>(select: (snapshot: Snapshot) => Data): Reading<Data> {
  const { client, initial, seed } = useBillingContext()
  const last = React.useRef<Resource<Data>>(undefined)
  const read = (state: BillingState): Resource<Data> => {
    const next: Resource<Data> = state.status === 'success' ? { ...state, data: select(state.data) } : state
    const known = last.current
    return (last.current = known && isSame(next, known) ? known : next)
  }
  const resource = React.useSyncExternalStore(
    client.subscribe,
    () => read(client.getSnapshot()),
    () => read(initial),
  )
  const refetch = (): void => void client.refresh()
  const data = resource.status === 'pending' && (isPromise(seed) ? use?.(seed) : seed)
  return data ? { status: 'success', data: select(data), isStale: false, refetch } : { ...resource, refetch }
}

/** Most changes leave most parts the very same: then nothing has to be written out to see it. */
function isSame(one: Resource<unknown>, other: Resource<unknown>): boolean {
  const isLike = one.status === other.status && one.isStale === other.isStale && one.error === other.error
  return (isLike && one.data === other.data) || JSON.stringify(one) === JSON.stringify(other)
}
