import { FareboxError, isFareboxError } from '../../errors/error.ts'

/** Undone by the server, for others were quicker: serialization failure, deadlock, a row that they wrote first. */
const transient: ReadonlySet<unknown> = new Set(['40001', '40P01', '23505'])

/** The connection behind a pooler does not know the prepared statement, or knows it already. Nothing was run. */
const lostStatement: ReadonlySet<unknown> = new Set(['26000', '42P05'])

/** No such table, schema, function or column. */
const missing: ReadonlySet<unknown> = new Set(['42P01', '3F000', '42883', '42703'])

const notPermitted = '42501'

/** Of its class the only one after which something may have been written. */
const completionUnknown = '40003'

/** The five characters by which PostgreSQL names a failure: clients carry them as `code`, `Bun.SQL` as `errno` beside a code of its own. */
function sqlStateOf(error: unknown): unknown {
  const { code, errno }: { readonly code?: unknown; readonly errno?: unknown } = Object(error)
  return code === 'ERR_POSTGRES_SERVER_ERROR' ? errno : code
}

/** Whether the same statement may simply be run again. */
export function isTransient(error: unknown): boolean {
  return transient.has(sqlStateOf(error))
}

export function isStatementUnknown(error: unknown): boolean {
  return lostStatement.has(sqlStateOf(error))
}

/** Whether Farebox's tables or functions are not there. */
export function isMissing(error: unknown): boolean {
  return missing.has(sqlStateOf(error))
}

/**
 * Whether a statement that failed like this did nothing: the server itself refused it, and was not on its way out. Of a
 * lost connection nobody knows.
 */
export function isUndone(error: unknown): boolean {
  const state = sqlStateOf(isFareboxError(error) ? error.cause : error)
  return typeof state === 'string' && state !== completionUnknown && /^(?:2[123]|40|54)[0-9A-Z]{3}$/.test(state)
}

/** What callers see: what to do about it, and the client's own error as the cause, for only it may hold values. */
export function toFareboxError(error: unknown): FareboxError {
  if (isFareboxError(error)) return error
  if (isMissing(error)) {
    return new FareboxError('invalid-configuration', 'The database lacks tables of Farebox: run migrate(client)', { cause: error })
  }
  if (sqlStateOf(error) === notPermitted) {
    const message = 'The role may not make or use the schema farebox: connect as the role that runs migrate(client)'
    return new FareboxError('invalid-configuration', message, { cause: error })
  }
  return new FareboxError('unavailable', 'PostgreSQL did not answer', { cause: error })
}
