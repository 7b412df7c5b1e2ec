import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createClient } from '@libsql/client'
import BetterSqlite from 'better-sqlite3'
import Libsql from 'libsql'
import type { SqliteClient } from '../../src/drivers/sqlite/index.ts'

/** A connection to a file, of one of the clients that apps have. */
export interface OpenClient {
  readonly client: SqliteClient
  /** Runs SQL beside the store. */
  run(sql: string): Promise<void>
  close(): void
}

/** Every client that the store takes, by its name. */
export const clients: Readonly<Record<string, (path: string) => OpenClient>> = {
  'better-sqlite3'(path) {
    const client = new BetterSqlite(path)
    return { client, run: async (sql) => void client.exec(sql), close: () => void client.close() }
  },
  libsql(path) {
    const client = new Libsql(path)
    return { client, run: async (sql) => void client.exec(sql), close: () => void client.close() }
  },
  'node:sqlite'(path) {
    const client = new DatabaseSync(path)
    return { client, run: async (sql) => client.exec(sql), close: () => client.close() }
  },
  '@libsql/client'(path) {
    const client = createClient({ url: `file:${path}` })
    return { client, run: async (sql) => client.executeMultiple(sql), close: () => client.close() }
  },
}

/** A folder for database files, and how to get rid of it. */
export function createFolder(): { readonly path: (name: string) => string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-sqlite-'))
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
