import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'
import { type D1Database, connectD1 } from './database.ts'
import { createRecordStore } from './record-store.ts'
import { createUsageStore } from './usage-store.ts'

/** Options of {@link d1Store}. */
export interface D1StoreOptions {
  /** The binding, such as `env.DB`. */
  readonly database: D1Database
  /** The store's clock; the database's own unless a test gives another. */
  readonly clock?: Clock
}

/**
 * Keeps usage and records in one D1 database, linearizably. A call of usage reads in one round trip and writes in a second
 * one, only where nobody wrote the same customers' rows in between; otherwise it starts anew. A commit of records is one
 * round trip. The tables are those of `migrate(database)`.
 *
 * A call whose answer was lost fails with `unavailable` and is never repeated here: it may have happened.
 *
 * @throws FareboxError `invalid-configuration` where `database` is no binding of D1.
 */
export function d1Store(options: D1StoreOptions): Store {
  const { database, clock } = { ...options }
  const connection = connectD1(database)
  return { usage: createUsageStore(connection, clock), records: createRecordStore(connection, clock) }
}
