/**
 * Counters and records in a SQLite file: exact, durable, on one machine, with any number of processes. For better-sqlite3,
 * libsql, `node:sqlite` and `@libsql/client`.
 *
 * @example
 * ```ts
 * import { sqliteStore } from '@farebox/core/drivers/sqlite'
 * import Database from 'better-sqlite3'
 *
 * export const store = sqliteStore({ client: new Database('app.db') })
 * ```
 *
 * @module
 */
export { type MigrateOutcome, migrate } from './migrate.ts'
export { type Migration, migrations } from './migrations.ts'
export { type SqliteStoreOptions, sqliteStore } from './sqlite-store.ts'
export type { LibsqlClient, LibsqlResult, LibsqlStatement, LibsqlTransaction, SqliteClient, SyncClient, SyncStatement } from './client.ts'
