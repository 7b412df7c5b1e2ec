import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from '@farebox/core/drivers/sqlite'
import Database from 'better-sqlite3'
import { type SizedCounters, type SizedPlace, countIn, limit } from './sized-counters.ts'

/** A file of SQLite in WAL mode. The floor is one prepared statement for each count, in one transaction for each call. */
export const sizedSqlite: SizedPlace = {
  async farebox() {
    return inFile((client) => countIn(sqliteStore({ client }).usage))
  },
  async floor() {
    return inFile((client) => {
      client.exec('create table windows (key text primary key, used integer not null) without rowid')
      const take = client.prepare<[string, number]>(`
        insert into windows (key, used) values (?, 1)
        on conflict (key) do update set used = used + 1 where used < ?`)
      const countAll = client.transaction((customers: readonly string[]) => {
        for (const customer of customers) if (take.run(customer, limit).changes === 0) throw new Error('A count was refused')
      })
      return async (customers) => countAll.immediate(customers)
    })
  },
}

function inFile(prepare: (client: Database.Database) => SizedCounters['count']): SizedCounters {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-growth-'))
  const path = join(folder, 'usage.db')
  const client = new Database(path)
  client.pragma('journal_mode = WAL')
  client.pragma('synchronous = NORMAL')
  return {
    count: prepare(client),
    async bytes() {
      client.pragma('wal_checkpoint(TRUNCATE)')
      return statSync(path).size
    },
    async close() {
      client.close()
      rmSync(folder, { recursive: true })
    },
  }
}
