import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'
import { type PostgresClient, queryOf } from './client.ts'
import { createRecordStore } from './records-store.ts'
import { createUsageStore } from './usage-store.ts'

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions {
  /** The app's own client, as it is; the store opens and closes no connection. */
  readonly client: PostgresClient
  /** The store's clock; the server's unless a test gives another. */
  readonly clock?: Clock
  /** Whether statements are prepared under a name, once a connection; on unless it is turned off. */
  readonly prepare?: boolean
}

/**
 * Keeps every rule of both ports for any number of processes: what was acknowledged is in PostgreSQL, as durable as its
 * `synchronous_commit` makes it. Everything lives in the schema `farebox`, which `migrate` creates. Each call is one
 * statement and a transaction of its own; nothing depends on the session, so a pooler in transaction mode will do, and
 * no transaction stays open between calls.
 *
 * Give the client time limits (`query_timeout` and `connectionTimeoutMillis` of `pg`), so that a lost connection is not
 * waited for. Behind PgBouncer older than 1.21, which carries no prepared statements, give `prepare: false`;
 * `pg` notices by itself, the package `postgres` may hang without it.
 *
 * @throws FareboxError `invalid-configuration` for a client that is not known, or none.
 */
export function postgresStore(options: PostgresStoreOptions): Store {
  const { client, clock, prepare = true } = { ...options }
  const query = queryOf(client, { prepare })
  const usage = createUsageStore(query, clock)
  const { records, commitRaising } = createRecordStore(query, clock)
  return { usage, records, raising: { usage, records, commit: commitRaising } }
}
