import type { BillingClient } from './billing-client.ts'
import { type ResourceStore, createResourceStore } from './resource-store.ts'

/** What all stores have in common, whatever they hold. */
type Refreshable = Pick<ResourceStore<object>, 'refresh' | 'isWatched'>

/** The stores of a client by path, and whose answers they hold. */
interface Readings {
  readonly stores: Map<string, Refreshable>
  readonly customer: string | undefined
}

const known = /* @__PURE__ */ new WeakMap<BillingClient<never>, Readings>()

/**
 * What a billing route answers to reading, shared by all who read the same of the same client. Nothing is read until
 * somebody asks it to be refreshed. What was read for one customer is never there for another.
 *
 * @param path below the base path, the query included.
 * @param mark a field that every true answer has.
 */
export function readResource<Data extends object>(
  client: BillingClient<never>,
  path: string,
  mark: keyof Data & string,
): ResourceStore<Data> {
  const stores = storesOf(client)
  let store = stores.get(path)
  if (!store) stores.set(path, (store = createResourceStore(() => client.request<Data>('GET', path, mark))))
  // A path has one kind of answer.
  return store as ResourceStore<Data>
}

/**
 * What is looked at now, by path. What nobody looks at is forgotten: whoever comes back to it reads it anew.
 */
export function watchedResources(client: BillingClient<never>): ReadonlyMap<string, Refreshable> {
  const stores = storesOf(client)
  for (const [path, store] of stores) if (!store.isWatched()) stores.delete(path)
  return stores
}

function storesOf(client: BillingClient<never>): Map<string, Refreshable> {
  const { customer, stores } = known.get(client) ?? {}
  const now = client.getSnapshot().data?.customer
  if (stores && customer === now) return stores
  const mine = customer === undefined && stores ? stores : new Map<string, Refreshable>()
  known.set(client, { stores: mine, customer: now })
  return mine
}
