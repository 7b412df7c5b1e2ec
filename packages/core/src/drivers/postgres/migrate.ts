import { FareboxError, isFareboxError } from '../../errors/error.ts'
import { systemRandom } from '../../ports/random.ts'
import { type PostgresClient, type Query, queryOf } from './client.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { isMissing } from './query-failure.ts'

/** What {@link migrate} did. */
export interface MigrateOutcome {
  /** The version that the schema is at. */
  readonly version: number
  /** The migrations that this call ran, oldest first; empty when there was nothing to do, or another process did it. */
  readonly applied: readonly { readonly version: number; readonly name: string }[]
}

/** The advisory lock under which migrations run. */
const lock = '7093188523403914841'

const latest = migrations.at(-1)?.version ?? 0

/**
 * Brings the schema `farebox` up to this version of the package: creates it, or runs what is missing, each migration in
 * a transaction of its own and only once, however many processes call at the same time. Run it before the first call of
 * {@link postgresStore}, when deploying or starting up; as long as there is nothing to do it is one round trip. The role
 * that runs it owns the tables; connect the store as the same role.
 *
 * @throws FareboxError `invalid-configuration` when the database is newer than this version of the package.
 * @throws FareboxError `unavailable` when PostgreSQL does not answer; call it again, what was finished is not repeated.
 */
export async function migrate(client: PostgresClient): Promise<MigrateOutcome> {
  const query = queryOf(client, { prepare: false })
  const before = await readNotes(query)
  const pending = migrations.filter(({ version }) => before.every((note) => note.version !== version))
  if (pending.length === 0) return { version: latest, applied: [] }
  const run = systemRandom.id()
  for (const migration of pending) {
    await query({ text: blockOf(migration, run) }, []).catch(async (error: unknown) => {
      // A transaction that sees no more than there was when it began fails on what another process has made meanwhile.
      if ((await readNotes(query)).every(({ version }) => version !== migration.version)) throw error
    })
  }
  const after = await readNotes(query)
  const isOwn = ({ version }: Migration): boolean => after.some((note) => note.version === version && note.run === run)
  const applied = pending.filter(isOwn).map(({ version, name }) => ({ version, name }))
  return { version: latest, applied }
}

interface Note {
  readonly version: number
  /** The name of the call that ran it, where there was one. */
  readonly run: unknown
}

async function readNotes(query: Query): Promise<readonly Note[]> {
  const text = 'select version::float8 as version, run from farebox.migrations'
  const rows = await query({ text }, []).catch((error: unknown) => {
    if (isFareboxError(error) && isMissing(error.cause)) return []
    throw error
  })
  const notes = rows.map(({ version, run }) => ({ version: Number(version), run }))
  const newest = Math.max(0, ...notes.map(({ version }) => version))
  if (newest > latest) {
    throw new FareboxError('invalid-configuration', 'The database is newer than this version of @farebox/core', {
      faults: [{ path: 'client', message: `The schema farebox is at version ${newest}, this package knows ${latest}: update it` }],
    })
  }
  return notes
}

/** One statement, so that clients which send each by itself run it in one transaction too. */
function blockOf({ version, sql }: Migration, run: string): string {
  return `do $block$
begin
  perform pg_catalog.pg_advisory_xact_lock(${lock});
  if pg_catalog.to_regclass('farebox.migrations') is not null then
    if exists (select from farebox.migrations where version = ${version}) then
      return;
    end if;
  end if;
  execute $migration$${sql}$migration$;
  update farebox.migrations set run = '${run}' where version = ${version};
end
$block$`
}
