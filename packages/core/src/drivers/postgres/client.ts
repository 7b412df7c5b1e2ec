import { FareboxError } from '../../errors/error.ts'
import { isStatementUnknown, isTransient, toFareboxError } from './query-failure.ts'

/**
 * One SQL statement. `name` is the name of its prepared form: another text needs another name. One without is planned each
 * time, for as many rows as there are then.
 */
export interface Statement {
  readonly name?: string
  readonly text: string
}

/**
 * What every client passes on alike: scalars. Lists and objects travel as JSON text (`$1::text::jsonb`), for clients
 * differ in how they send arrays and in whether they encode JSON once or twice.
 */
export type Value = string | number | null

/** A row by the names of its columns. Answer `text` and `float8` alone: clients differ in how they read everything else. */
export type Row = Readonly<Record<string, unknown>>

/**
 * Runs one statement as a transaction of its own; where others were quicker (a deadlock, a serialization failure, a row
 * that was there already) it is tried again, for nothing of it happened.
 *
 * @throws FareboxError `invalid-configuration` where the schema is missing or may not be used, otherwise `unavailable`;
 * the client's own error is its `cause`.
 */
export type Query = (statement: Statement, values: readonly Value[]) => Promise<readonly Row[]>

/** `Pool` or `Client` of the `pg` package, or of a package that extends it, as `@neondatabase/serverless` does. */
export interface PgClient {
  connect(...never: never[]): unknown
  query(query: { name?: string; text: string; values: Value[] }): Promise<{ readonly rows: readonly unknown[] }>
}

/** The `sql` function of the `postgres` package, or a `SQL` of Bun. */
export interface PostgresJsClient {
  begin(...never: never[]): unknown
  unsafe(text: string, values: Value[], options: { prepare: boolean }): PromiseLike<readonly unknown[]>
}

/** A `PGlite` of `@electric-sql/pglite`. */
export interface PgliteClient {
  execProtocol(...never: never[]): unknown
  query(text: string, values: Value[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** Sends each query by itself, as the `sql` function of `neon()` does over HTTP. */
export interface OneShotClient {
  query(text: string, values: Value[]): PromiseLike<readonly unknown[] | { readonly rows: readonly unknown[] }>
}

/** The app's own client, as it is. */
export type PostgresClient = PgClient | PostgresJsClient | PgliteClient | OneShotClient

/** Options of {@link queryOf}. */
export interface QueryOptions {
  /** Whether statements are prepared under a name, once a connection. Turn it off behind PgBouncer below 1.21. */
  readonly prepare?: boolean
}

/** How often one statement is tried, the first time included. */
const mostAttempts = 5

/**
 * The client's way of running a statement. Clients are told apart by what only they have: `postgres` has `unsafe` and
 * `begin` and no `query`, PGlite has `execProtocol`, `pg` has `connect`, and what has `query` alone is one-shot. A pooler
 * that loses prepared statements is noticed through `pg` by its first answer; from then on none is prepared. The package
 * `postgres` has to be told: it repeats lost statements by itself, and may get stuck.
 *
 * @throws FareboxError `invalid-configuration` for anything else.
 */
export function queryOf(client: PostgresClient, { prepare = true }: QueryOptions = {}): Query {
  const run = runnerOf(client)
  let isPrepared = prepare

  return async (statement, values) => {
    for (let attempt = 1; ; attempt += 1) {
      const wasPrepared = isPrepared
      try {
        return await run(statement, values, wasPrepared)
      } catch (error) {
        if (wasPrepared && isStatementUnknown(error)) isPrepared = false
        else if (!isTransient(error) || attempt === mostAttempts) throw toFareboxError(error)
      }
    }
  }
}

type Runner = (statement: Statement, values: readonly Value[], isPrepared: boolean) => Promise<readonly Row[]>

function runnerOf(client: PostgresClient): Runner {
  if (isPostgresJs(client)) {
    return async ({ name, text }, values, isPrepared) =>
      rowsOf(await client.unsafe(text, [...values], { prepare: isPrepared && name !== undefined }))
  }
  if (isPg(client)) {
    const run: Runner = async ({ name, text }, values, isPrepared) =>
      rowsOf(await client.query(isPrepared && name !== undefined ? { name, text, values: [...values] } : { text, values: [...values] }))
    return 'totalCount' in client ? run : oneByOne(run)
  }
  if (isOneShot(client)) return async ({ text }, values) => rowsOf(await client.query(text, [...values]))
  throw refuse()
}

/** A single connection takes one query at a time. */
function oneByOne(run: Runner): Runner {
  let last: Promise<unknown> = Promise.resolve()
  return async (statement, values, isPrepared) => {
    const answer = last.then(async () => run(statement, values, isPrepared))
    last = answer.catch(() => undefined)
    return answer
  }
}

function isPostgresJs(client: unknown): client is PostgresJsClient {
  return hasMethods(client, ['unsafe', 'begin']) && !hasMethods(client, ['query'])
}

function isPg(client: unknown): client is PgClient {
  return hasMethods(client, ['query', 'connect']) && !isForeign(client)
}

function isOneShot(client: unknown): client is PgliteClient | OneShotClient {
  return hasMethods(client, ['query']) && (hasMethods(client, ['execProtocol']) || !isForeign(client))
}

/** Clients of other databases, and libraries above a client, have a `query` of another kind. */
function isForeign(client: unknown): boolean {
  return ['execute', 'prepare', 'getConnection', 'define'].some((name) => hasMethods(client, [name]))
}

function hasMethods(client: unknown, names: readonly string[]): boolean {
  const isHolder = (typeof client === 'object' && client !== null) || typeof client === 'function'
  return isHolder && names.every((name) => typeof Reflect.get(client, name) === 'function')
}

function rowsOf(answer: unknown): readonly Row[] {
  const rows: unknown = Array.isArray(answer) ? answer : typeof answer === 'object' && answer !== null && 'rows' in answer ? answer.rows : null
  if (!Array.isArray(rows) || !rows.every(isRow)) throw refuse()
  return rows
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null && !Array.isArray(row)
}

function refuse(): FareboxError {
  const message = 'Give a Pool of pg, the sql function of postgres, a PGlite, or the sql function of neon(); with an ORM, the client below it'
  return new FareboxError('invalid-configuration', 'This is no client of PostgreSQL that is known', {
    faults: [{ path: 'client', message }],
  })
}
