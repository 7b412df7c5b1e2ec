import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'
import { type PostgresClient, queryOf } from './client.ts'
import { createRecordStore } from './records-store.ts'

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions {
  /** The app's own client, as it is; the store opens and closes no connection. */
  readonly client: PostgresClient
  /** The store's clock; the server's unless a test gives another. */
  readonly clock?: Clock
  /** Whether statements are prepared under a name, once a connection. Turn it off behind PgBouncer below 1.21. */
  readonly prepare?: boolean
}

/** TODO */
export function postgresStore({ client, clock, prepare = true }: PostgresStoreOptions): Pick<Store, 'records'> {
  const query = queryOf(client, { prepare })
  return { records: createRecordStore(query, clock) }
}
