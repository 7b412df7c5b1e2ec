/** A step of the schema `farebox`: plain SQL, run once, in the order of versions. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** Several statements, to be run in one transaction. The last one notes in `farebox.migrations` that it ran. */
  readonly sql: string
}

/** Leaves the functions to the owner of the schema: PostgreSQL lets every role call a new one. */
export const revokeFunctions = 'revoke execute on all functions in schema farebox from public;'

/** A migration that notes that it ran. `sql` ends with a semicolon and is never changed once it was published. */
export function createMigration(version: number, name: string, sql: string): Migration {
  const note = `insert into farebox.migrations (version, name) values (${version}, '${name}');`
  return { version, name, sql: `${sql.trim()}\n\n${note}\n` }
}
