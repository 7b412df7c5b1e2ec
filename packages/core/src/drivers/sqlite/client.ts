import { FareboxError } from '../../errors/error.ts'

/** A prepared statement of better-sqlite3, libsql, `node:sqlite` or `bun:sqlite`, as far as it is used. */
export interface SyncStatement {
  all(...values: Value[]): unknown[]
  /** Rows as arrays: `bun:sqlite`, whose `raw` runs the statement. */
  values?(...values: Value[]): unknown[]
  run(...values: Value[]): { readonly changes: number | bigint }
  /** Rows as arrays: better-sqlite3 and libsql. */
  raw?(toggle: boolean): unknown
  /** Rows as arrays: `node:sqlite`. */
  setReturnArrays?(enabled: boolean): void
  safeIntegers?(toggle?: boolean): unknown
  setReadBigInts?(enabled: boolean): void
}

/** A `Database` of better-sqlite3, libsql or `bun:sqlite`, or a `DatabaseSync` of `node:sqlite`. */
export interface SyncClient {
  prepare(sql: string): SyncStatement
  exec(sql: string): unknown
  /** Whether the app has a transaction open: better-sqlite3, libsql and `bun:sqlite`. */
  readonly inTransaction?: boolean
  /** The same of `node:sqlite`. */
  readonly isTransaction?: boolean
  /** Whether it is not closed yet: better-sqlite3 and libsql. `node:sqlite` has a method of that name. */
  readonly open?: unknown
  /** Only libsql has it. */
  readonly syncUntil?: unknown
}

/** What a statement of `@libsql/client` is. */
export interface LibsqlStatement {
  readonly sql: string
  readonly args: Value[]
}

/** What a statement of `@libsql/client` answered; rows are read by the place of the column. */
export interface LibsqlResult {
  readonly columns: readonly string[]
  readonly rows: readonly { readonly [column: number]: unknown }[]
}

/** A transaction of `@libsql/client`. */
export interface LibsqlTransaction {
  batch(statements: LibsqlStatement[]): Promise<readonly LibsqlResult[]>
  executeMultiple(sql: string): Promise<void>
  commit(): Promise<void>
  close(): void
}

/** A client of `@libsql/client`, of a local file or of a server. */
export interface LibsqlClient {
  /** `file`, `http` or `ws`. */
  readonly protocol: string
  executeMultiple(sql: string): Promise<void>
  transaction(mode: 'read' | 'write' | 'deferred'): Promise<LibsqlTransaction>
}

/** The app's own client, as it is. */
export type SqliteClient = SyncClient | LibsqlClient

/** What every client passes on alike. */
export type Value = string | number | null

/** Clients are told apart by what only they have: those that answer at once have `prepare` and `exec`, `@libsql/client` has `transaction` and `execute`. */
export function isSyncClient(client: SqliteClient): client is SyncClient {
  return hasMethods(client, ['prepare', 'exec']) && !hasMethods(client, ['batch'])
}

/** @throws FareboxError `invalid-configuration` for anything that is no known client. */
export function checkClient(client: SqliteClient): void {
  if (isSyncClient(client) || hasMethods(client, ['execute', 'transaction', 'batch', 'executeMultiple'])) return
  const message =
    'Give a Database of better-sqlite3, libsql or bun:sqlite, a DatabaseSync of node:sqlite, or a client of @libsql/client; with an ORM, the client below it'
  throw new FareboxError('invalid-configuration', 'This is no client of SQLite that is known', { faults: [{ path: 'client', message }] })
}

function hasMethods(client: unknown, names: readonly string[]): boolean {
  return typeof client === 'object' && client !== null && names.every((name) => typeof Reflect.get(client, name) === 'function')
}
