import type { Clock, Store } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import { Pool } from 'pg'

/** Counters and records, and how to let go of them. */
export interface OpenStore {
  readonly store: Store
  readonly close: () => Promise<void>
}

/**
 * Postgres at `databaseUrl`, its tables brought up to date; without one, this process, which forgets. `clock` is the
 * store's while developing, when days can pass at once.
 */
export async function openStore(databaseUrl: string | null, clock: Clock | undefined): Promise<OpenStore> {
  if (databaseUrl === null) return { store: memoryStore(clock && { clock }), close: async () => undefined }
  const client = new Pool({ connectionString: databaseUrl, max: 10, query_timeout: 5000, connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined)
  await migrate(client)
  return { store: postgresStore({ client, ...(clock && { clock }) }), close: async () => client.end() }
}
