import { migrations as d1 } from '@farebox/core/drivers/d1'
import { migrations as postgres } from '@farebox/core/drivers/postgres'
import { migrations as sqlite } from '@farebox/core/drivers/sqlite'
import { badUsage } from './check-settings.ts'
import type { Terminal } from './terminal.ts'

/** What every SQL driver exports as `migrations`. */
interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

const stores: ReadonlyMap<string, readonly Migration[]> = new Map([['postgres', postgres], ['sqlite', sqlite], ['d1', d1]])

/** What `farebox migrations` is asked for. */
export interface PrintMigrationsOptions {
  readonly store: string | undefined
  /** Only migrations after this version. */
  readonly after: string | undefined
}

/**
 * Prints the plain SQL by which `migrate()` of a store makes its tables, for those who run migrations by other means. Run
 * it as it is, in one transaction: it notes what ran where `migrate()` looks, so both may be used.
 *
 * @throws FareboxError `invalid-configuration` for a store without SQL or a version that is none.
 */
export function printMigrations({ store, after = '0' }: PrintMigrationsOptions, terminal: Terminal): void {
  const known = store === undefined ? undefined : stores.get(store)
  if (known === undefined) throw badUsage(store ?? 'store', `Name one of ${[...stores.keys()].join(', ')}`)
  if (!/^\d{1,9}$/.test(after)) throw badUsage('after', 'Give the version of a migration, such as 1')
  const asked = known.filter(({ version }) => version > Number(after))
  terminal.print(asked.map(printOne).join('\n') || `-- There is no migration after ${after}.`)
}

function printOne({ version, name, sql }: Migration): string {
  return `-- Farebox ${version}: ${name}\n\n${sql}`
}
