import type { BillingClient } from './billing-client.ts'
import { type ResourceStore, createResourceStore } from './resource-store.ts'

/** What all stores have in common, whatever they hold. */
type Refreshable = Pick<ResourceStore<object>, 'refresh' | 'isWatched'>

const known = /* @__PURE__ */ new WeakMap<BillingClient, Map<string, Refreshable>>()

/**
 * What a billing route answers to reading, shared by all who read the same of the same client. Nothing is read until
 * somebody asks it to be refreshed.
 *
 * @param path below the base path, the query included.
 * @param mark a field that every true answer has.
 */
export function readResource<Data extends object>(
  client: BillingClient,
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
export function watchedResources(client: BillingClient): ReadonlyMap<string, Refreshable> {
  const stores = storesOf(client)
  for (const [path, store] of stores) if (!store.isWatched()) stores.delete(path)
  return stores
}

function storesOf(client: BillingClient): Map<string, Refreshable> {
  let stores = known.get(client)
  if (!stores) known.set(client, (stores = new Map()))
  return stores
}
