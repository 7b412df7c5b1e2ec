import type { Value } from './client.ts'

/** One statement and what it is given. */
export interface Command {
  readonly sql: string
  readonly values: readonly Value[]
}

/** A row by the places of its columns. */
export type Row = readonly unknown[]

/**
 * What happens within one transaction: each step is a list of statements that travel together, and is answered by the
 * rows of each. It is written once for clients that answer at once and for those that answer later.
 */
export type Work<Answer> = Generator<readonly Command[], Answer, readonly (readonly Row[])[]>

/** The app's connection, behind its transactions. */
export interface Connection {
  /**
   * Runs the work in one immediate transaction: all of it or nothing, and no other writer in between. A database that is
   * busy is asked again for some seconds.
   *
   * @throws FareboxError `unavailable` when the database fails or stays busy, with its own error as the cause;
   * `invalid-configuration` where the app has a transaction open on the connection, or the tables are not Farebox's.
   */
  write<Answer>(work: () => Work<Answer>): Promise<Answer>
  /** As {@link Connection.write}, of one moment, and writes nothing. */
  read<Answer>(work: () => Work<Answer>): Promise<Answer>
  /** Does what must not happen within a transaction; what the database refuses is left as it is. */
  prepare(statements: readonly string[]): Promise<void>
}

/** The rows of one statement. */
export function* rowsOf(sql: string, ...values: readonly Value[]): Work<readonly Row[]> {
  const [rows = []] = yield [{ sql, values }]
  return rows
}
