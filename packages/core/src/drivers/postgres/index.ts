/**
 * Counters and records in the app's own PostgreSQL, through the app's own client: exact for any number of processes, and
 * as durable as the database. PostgreSQL 15 or later.
 *
 * Clients are told apart by what only they have: a `Pool` or `Client` of `pg` (and packages that extend it, such as the
 * `Pool` of `@neondatabase/serverless`), the `sql` function of `postgres`, a `PGlite`, and whatever else has
 * `query(text, values)` that answers rows, such as the `sql` function of `neon()`.
 *
 * @example
 * ```ts
 * import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
 * import { Pool } from 'pg'
 *
 * const client = new Pool({ connectionString: 'postgres://localhost/app', max: 10, query_timeout: 5000 })
 * await migrate(client)
 *
 * export const store = postgresStore({ client })
 * ```
 *
 * @module
 */
export type { OneShotClient, PgClient, PgliteClient, PostgresClient, PostgresJsClient, Value } from './client.ts'
export { type MigrateOutcome, migrate } from './migrate.ts'
export { migrations } from './migrations/index.ts'
export type { Migration } from './migrations/migration.ts'
export { type PostgresStoreOptions, postgresStore } from './postgres-store.ts'
