/**
 * Usage and records in Cloudflare D1, through the binding of a Worker.
 *
 * @example
 * ```ts
 * import type { Store } from '@farebox/core'
 * import { type D1Database, d1Store } from '@farebox/core/drivers/d1'
 *
 * export function createStore(environment: { DB: D1Database }): Store {
 *   return d1Store({ database: environment.DB })
 * }
 * ```
 *
 * @module
 */
export { type D1StoreOptions, d1Store } from './d1-store.ts'
export type { D1Answer, D1Database, D1Statement, D1Value } from './database.ts'
export { migrate } from './migrate.ts'
export type { MigrateOutcome } from '../sqlite/migrate.ts'
export { type Migration, migrations } from '../sqlite/migrations.ts'
