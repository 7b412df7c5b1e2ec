import { afterAll, beforeAll } from 'vitest'
import { migrate } from '../../src/drivers/postgres/migrate.ts'
import { type Database, type OpenClient, createDatabase } from './databases.ts'

/** An empty database of the file that asks, dropped after its tests. */
export async function ownDatabase(): Promise<Database> {
  const database = await createDatabase()
  afterAll(async () => database.drop())
  return database
}

/** A client of the block or file that asks: open while its tests run, on a database that has its tables by then. */
export function readyClient<Opened extends OpenClient>(open: () => Opened | Promise<Opened>): { readonly client: Opened['client'] } {
  let opened: Opened | undefined
  beforeAll(async () => {
    opened = await open()
    await migrate(opened.client)
  })
  afterAll(async () => opened?.close())
  return {
    get client() {
      if (opened === undefined) throw new Error('The client is open while tests run')
      return opened.client
    },
  }
}
