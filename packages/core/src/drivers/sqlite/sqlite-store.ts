import { type Clock, systemClock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'
import type { SqliteClient } from './client.ts'
import { connect } from './connect.ts'
import { QuickCounting } from './quick-counting.ts'
import { createRecordStore } from './record-store.ts'
import { SyncConnection } from './sync-connection.ts'
import { Tables } from './tables.ts'
import { createUsageStore } from './usage-store.ts'

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions {
  /**
   * The app's own connection, as it is: a `Database` of better-sqlite3 or libsql, a `DatabaseSync` of `node:sqlite`, or a
   * client of `@libsql/client`. The store opens and closes none.
   */
  readonly client: SqliteClient
  /** The store's clock; the host's unless a test gives another. */
  readonly clock?: Clock
}

/**
 * Keeps every rule of both ports in a SQLite database, with any number of processes on one file and any number of stores
 * on one connection. Each call is one immediate transaction and as durable as the connection's `synchronous` setting; a
 * database that others write to is waited for, up to five seconds, or twice as long as its client waits by itself. The
 * tables, whose names begin with `farebox_`, are made before the first call.
 *
 * @throws FareboxError `invalid-configuration` for a client that is not known, or none.
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const { client, clock = systemClock } = { ...options }
  const connection = connect(client)
  const tables = new Tables(connection)
  const quick = connection instanceof SyncConnection ? new QuickCounting(connection) : undefined
  return {
    usage: createUsageStore(tables, { quick, clock }),
    records: createRecordStore(tables, clock),
  }
}
