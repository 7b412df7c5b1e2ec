import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from '@farebox/core/drivers/sqlite'
import Database from 'better-sqlite3'
import { RateLimiterSQLite } from 'rate-limiter-flexible'
import { type Terms, ample, countsOf, isCounted, newCustomers, openGate } from '../fixtures/counted-app.ts'
import { timed } from '../harness/calls.ts'
import { type Measurement, isolate } from '../harness/isolated.ts'
import type { Group, Variant } from '../harness/variant.ts'

type Synchronous = 'NORMAL' | 'FULL'

interface Ask {
  readonly inFlight: number
  readonly synchronous: Synchronous
  readonly goal?: number
}

const many = 10_000

/** Each variant has a file of its own, in a folder that the group removes. */
function openFile({ synchronous }: Ask): Database.Database {
  const client = new Database(join(process.env['FAREBOX_BENCH_SQLITE'] ?? '', `${process.pid}.db`))
  client.pragma('journal_mode = WAL')
  client.pragma(`synchronous = ${synchronous}`)
  return client
}

function keysOf(): (index: number) => string {
  const names = newCustomers(many)
  return (index) => names[index % names.length] ?? ''
}

function statement(name: string, ask: Ask): Variant {
  const client = openFile(ask)
  client.exec('create table windows (key text primary key, used integer not null) without rowid')
  const take = client.prepare<[string, number], { used: number }>(`
    insert into windows (key, used) values (?, 1)
    on conflict (key) do update set used = used + 1 where used < ? returning used`)
  const keyAt = keysOf()
  return timed({ name, call: async (index: number) => take.get(keyAt(index), ample), isRight: (row) => (row?.used ?? 0) > 0 }, ask.inFlight)
}

async function rateLimiterFlexible(name: string, ask: Ask): Promise<Variant> {
  const limiter = await new Promise<RateLimiterSQLite>((resolve, reject) => {
    const options = {
      storeClient: openFile(ask), storeType: 'better-sqlite3', points: ample, duration: 3600, tableName: 'limits', clearExpiredByTimeout: false,
    }
    const made = new RateLimiterSQLite(options, (error?: Error) => (error === undefined ? resolve(made) : reject(error)))
  })
  const keyAt = keysOf()
  return timed({ name, call: (index) => limiter.consume(keyAt(index)), isRight: (answer) => answer.consumedPoints > 0 }, ask.inFlight)
}

async function farebox(name: string, ask: Ask & Terms): Promise<Variant> {
  const call = await countsOf(sqliteStore({ client: openFile(ask) }), newCustomers(many), ask)
  return timed({ name, ...(ask.goal !== undefined && { goal: ask.goal }), call, isRight: isCounted }, ask.inFlight)
}

interface Goals {
  readonly plain?: number
  readonly key?: number
}

function measurement(synchronous: Synchronous, inFlight: number, { plain, key }: Goals): Measurement {
  const ask = { synchronous, inFlight }
  return {
    title: `Counting on SQLite, 10,000 customers, ${inFlight} at a time, synchronous ${synchronous}`,
    makers: [
      async () => statement('one prepared statement', ask),
      () => rateLimiterFlexible('rate-limiter-flexible', ask),
      () => farebox('Farebox consume', { ...ask, ...(plain !== undefined && { goal: plain }) }),
      () => farebox('Farebox consume, a key', { ...ask, hasKeys: true, ...(key !== undefined && { goal: key }) }),
      () => farebox('Farebox consume, a key and a gate', { ...ask, hasKeys: true, gates: openGate }),
    ],
  }
}

export const measurements: readonly Measurement[] = [
  measurement('NORMAL', 1, { plain: 0.9 }),
  measurement('NORMAL', 64, { plain: 6, key: 4 }),
  measurement('NORMAL', 512, { plain: 7, key: 4 }),
  measurement('FULL', 64, {}),
]

/** Counting against a limit in a SQLite file. */
export async function* sqliteGroups(): AsyncGenerator<Group> {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-bench-'))
  process.env['FAREBOX_BENCH_SQLITE'] = folder
  for (const [place, item] of measurements.entries()) yield isolate(import.meta.url, place, item)
  rmSync(folder, { recursive: true, force: true })
}
