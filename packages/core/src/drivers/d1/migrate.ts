import { FareboxError } from '../../errors/error.ts'
import type { MigrateOutcome } from '../sqlite/migrate.ts'
import { type Migration, migrations, statementsOf } from '../sqlite/migrations.ts'
import { type D1Connection, type D1Database, connectD1 } from './database.ts'
import { numberAt, rowsOf } from './read-rows.ts'

const createList = `create table if not exists farebox_migrations
  (version integer primary key, name text not null, applied_at integer not null default (unixepoch()))`

const latest = migrations.at(-1)?.version ?? 0

/**
 * Brings the tables up to this version of the package, each migration once, however many Workers call at the same time:
 * each is one transaction, all of it or nothing. Where wrangler keeps the tables, write `migrations` into its folder
 * instead.
 *
 * @throws FareboxError `invalid-configuration` when the database is newer than this version of the package, or is no binding
 * of D1.
 * @throws FareboxError `unavailable` when D1 fails; nothing is half done then.
 */
export async function migrate(database: D1Database): Promise<MigrateOutcome> {
  const connection = connectD1(database)
  const before = await readVersion(connection)
  const applied: Migration[] = []
  for (const migration of migrations) {
    if (migration.version > before && (await apply(connection, migration))) applied.push(migration)
  }
  return { version: latest, applied: applied.map(({ version, name }) => ({ version, name })) }
}

/** `false` where another Worker was first, so that this one's transaction failed on what is there. */
async function apply(connection: D1Connection, migration: Migration): Promise<boolean> {
  try {
    await connection.run(statementsOf(migration).map((sql) => ({ sql, values: [] })))
    return true
  } catch (error) {
    if ((await readVersion(connection)) >= migration.version) return false
    throw error
  }
}

async function readVersion(connection: D1Connection): Promise<number> {
  const [, found] = await connection.run([
    { sql: createList, values: [] },
    { sql: 'select coalesce(max(version), 0) as version from farebox_migrations', values: [] },
  ])
  const version = Math.max(0, ...rowsOf(found).map((row) => numberAt(row, 'version')))
  if (version <= latest) return version
  throw new FareboxError('invalid-configuration', 'The database is newer than this version of @farebox/core', {
    faults: [{ path: 'database', message: `Its tables are at version ${version}, this package knows ${latest}: update it` }],
  })
}
