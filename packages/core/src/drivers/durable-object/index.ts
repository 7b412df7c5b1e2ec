/**
 * Usage in Durable Objects: one object a customer, each with its own SQLite storage, for apps on Cloudflare that count
 * often. The Worker exports the class and binds it; records live in another store.
 *
 * @example
 * ```ts
 * import type { Store } from '@farebox/core'
 * import { type D1Database, d1Store } from '@farebox/core/drivers/d1'
 * import { durableObjectStore, type UsageNamespace } from '@farebox/core/drivers/durable-object'
 *
 * export { FareboxUsage } from '@farebox/core/drivers/durable-object'
 *
 * export function createStore(environment: { USAGE: UsageNamespace; DB: D1Database }): Store {
 *   return durableObjectStore({ namespace: environment.USAGE, records: d1Store({ database: environment.DB }).records })
 * }
 * ```
 *
 * @module
 */
export { type DurableObjectStoreOptions, durableObjectStore } from './durable-object-store.ts'
export { FareboxUsage } from './farebox-usage.ts'
export type { ObjectState, ObjectStorage, SqlCursor, SqlValue } from './object-storage.ts'
export type { UsageNamespace, UsageObjectResponse, UsageObjectStub } from './usage-namespace.ts'
