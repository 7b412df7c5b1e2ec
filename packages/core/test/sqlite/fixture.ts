import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { day } from '../../src/domain/instant.ts'
import type { ConsumeOperation, UsageBucket, UsageOutcome, UsageStore } from '../../src/ports/usage-store.ts'
import { type SqliteName, openSqlite } from '../stores/store-address.ts'

export const syncClients: readonly SqliteName[] = ['better-sqlite3', 'libsql', 'node:sqlite']
export const clients: readonly SqliteName[] = [...syncClients, '@libsql/client']

/** The path of a database that is not there yet; it is gone after the test. */
export async function newFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'farebox-sqlite-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  return join(folder, 'app.db')
}

/** A connection that is closed after the test. */
export async function open(name: SqliteName, file: string): Promise<Awaited<ReturnType<typeof openSqlite>>> {
  const opened = await openSqlite(name, file)
  onTestFinished(opened.close)
  return opened
}

export function bucketOf(id: string, limit: number | null = null): UsageBucket {
  return { id, kind: 'allowance', limit, keepUntil: null }
}

export function consumption(changes: Partial<ConsumeOperation> = {}): ConsumeOperation {
  const freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }
  const buckets = [bucketOf('allowance:0')]
  return { verb: 'consume', customer: 'ada', feature: 'apiCalls', amount: 1, key: null, keyFor: day, freshness, gates: [], buckets, ...changes }
}

export async function consume(usage: UsageStore, changes: Partial<ConsumeOperation> = {}): Promise<UsageOutcome> {
  const [outcome] = await usage.execute([consumption(changes)])
  if (outcome === undefined) throw new Error('An operation has an outcome')
  return outcome
}

export async function usedOf(usage: UsageStore, bucket = 'allowance:0', customer = 'ada'): Promise<number | undefined> {
  const [reading] = await usage.read([{ customer, feature: 'apiCalls', buckets: [bucket], gates: [] }])
  return reading?.buckets[0]?.used
}
