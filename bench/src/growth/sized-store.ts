import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UsageStore } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import { redisStore } from '@farebox/core/drivers/redis'
import { sqliteStore } from '@farebox/core/drivers/sqlite'
import Database from 'better-sqlite3'
import { Redis } from 'ioredis'
import { openPool, redisPort } from '../fixtures/store-at.ts'

/** An empty store that tells how much room it takes. */
export interface SizedStore {
  readonly usage: UsageStore
  bytes(): Promise<number>
  close(): Promise<void>
}

async function redis(): Promise<SizedStore> {
  const client = new Redis(redisPort)
  await client.flushall()
  return {
    usage: redisStore({ client }).usage,
    async bytes() {
      const info = await client.info('memory')
      return Number(/^used_memory:(\d+)/m.exec(info)?.[1])
    },
    async close() {
      await client.flushall()
      await client.quit()
    },
  }
}

async function postgres(): Promise<SizedStore> {
  const client = openPool()
  const drop = () => client.query('drop schema if exists farebox cascade')
  await drop()
  await migrate(client)
  return {
    usage: postgresStore({ client }).usage,
    async bytes() {
      const { rows } = await client.query<{ bytes: string }>(`
        select coalesce(sum(pg_total_relation_size(oid)), 0) as bytes from pg_class
        where relkind = 'r' and relnamespace = 'farebox'::regnamespace`)
      return Number(rows[0]?.bytes)
    },
    async close() {
      await drop()
      await client.end()
    },
  }
}

async function sqlite(): Promise<SizedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-growth-'))
  const path = join(folder, 'usage.db')
  const client = new Database(path)
  client.pragma('journal_mode = WAL')
  client.pragma('synchronous = NORMAL')
  return {
    usage: sqliteStore({ client }).usage,
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

async function memory(): Promise<SizedStore> {
  return {
    usage: memoryStore().usage,
    async bytes() {
      globalThis.gc?.()
      return process.memoryUsage().heapUsed
    },
    async close() {},
  }
}

export const sizedStores: Readonly<Record<string, () => Promise<SizedStore>>> = { memory, sqlite, redis, postgres }
