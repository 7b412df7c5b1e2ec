import type { BillingState, Resource } from '@farebox/core/client'
import type { Snapshot } from '@farebox/core/protocol'
import * as React from 'react'
import { isPromise, useBillingContext } from './billing-context.ts'

/** React 19's `use`; React 18 has none. The name is computed because bundlers refuse imports that React 18 lacks. */
const use = (React as { use?: typeof React.use })['use'.trim() as 'use']

/** Where a promise is no longer waited for: React complains of what has waited with `use` and then does without it. */
const nothing = /* @__PURE__ */ Object.assign(Promise.resolve(undefined), { status: 'fulfilled', value: undefined } as const)

/** Something that is loading, failed, or there, and the way to read it again. */
export type Reading<Data> = Resource<Data> & {
  /** Reads it again; what was there stays until the answer comes, and what it answers is settled then. */
  readonly refetch: () => unknown
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
  const refetch = (): unknown => client.refresh()
  const isPending = resource.status === 'pending'
  const given = isPromise(seed) ? use?.(isPending ? seed : nothing) : seed
  return isPending && given ? { status: 'success', data: select(given), isStale: false, refetch } : { ...resource, refetch }
}

/** Most changes leave most parts the very same: then nothing has to be written out to see it. */
function isSame(one: Resource<unknown>, other: Resource<unknown>): boolean {
  const isLike = one.status === other.status && one.isStale === other.isStale && one.error === other.error
  return (isLike && one.data === other.data) || JSON.stringify(one) === JSON.stringify(other)
}
