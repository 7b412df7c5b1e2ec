import { FareboxError } from '../../errors/error.ts'
import type { SqliteClient } from './client.ts'
import { connect } from './connect.ts'
import { type Connection, type Work, rowsOf } from './connection.ts'
import { migrations, statementsOf } from './migrations.ts'

/** What {@link migrate} did. */
export interface MigrateOutcome {
  /** The version that the tables are at. */
  readonly version: number
  /** The migrations that this call ran, oldest first; empty when there was nothing to do. */
  readonly applied: readonly { readonly version: number; readonly name: string }[]
}

/** Readers and the writer do not wait for each other, and a commit is one write to the end of a file. */
const journal = 'pragma journal_mode = wal'

const latest = migrations.at(-1)?.version ?? 0

/**
 * Brings the tables up to this version of the package, each migration once, however many processes call at the same time.
 * The store does it by itself before its first call; call it where the tables are to be there earlier, when deploying.
 *
 * @throws FareboxError `invalid-configuration` when the database is newer than this version of the package, or holds
 * other tables of these names.
 * @throws FareboxError `unavailable` when the database does not answer; nothing is half done then.
 */
export async function migrate(client: SqliteClient): Promise<MigrateOutcome> {
  return migrateTables(connect(client))
}

/** As {@link migrate}. */
export async function migrateTables(connection: Connection): Promise<MigrateOutcome> {
  const before = await connection.read(readVersion)
  if (before === latest) return { version: latest, applied: [] }
  await connection.prepare([journal])
  return connection.write(migrateAll)
}

function* migrateAll(): Work<MigrateOutcome> {
  const before = yield* readVersion()
  const pending = migrations.filter(({ version }) => version > before)
  for (const migration of pending) {
    // One at a time: a client prepares a list before it runs it, and statements are about each other's tables.
    for (const sql of statementsOf(migration)) yield [{ sql, values: [] }]
  }
  return { version: latest, applied: pending.map(({ version, name }) => ({ version, name })) }
}

function* readVersion(): Work<number> {
  const names = yield* rowsOf("select name from sqlite_master where name = 'farebox_migrations'")
  if (names.length === 0) return 0
  const [row] = yield* rowsOf('select max(version) from farebox_migrations')
  const version = Number(row?.[0] ?? 0)
  if (version <= latest) return version
  throw new FareboxError('invalid-configuration', 'The database is newer than this version of @farebox/core', {
    faults: [{ path: 'client', message: `Its tables are at version ${version}, this package knows ${latest}: update it` }],
  })
}
