import { FareboxError } from '../../errors/error.ts'
import { messageOf } from '../../ports/message-of.ts'

/** What a D1 statement may be given. */
export type D1Value = string | number | null

/** A prepared statement, as D1's binding makes it. */
export interface D1Statement {
  bind(...values: readonly D1Value[]): D1Statement
}

/** What a statement of a batch answered. */
export interface D1Answer {
  readonly results: readonly unknown[]
}

/**
 * D1's binding, as far as it is used: `env.DB` of a Worker. One `batch` is one round trip and one transaction: all of its
 * statements or none.
 */
export interface D1Database {
  prepare(sql: string): D1Statement
  batch(statements: D1Statement[]): Promise<readonly D1Answer[]>
}

/** The binding, behind one verb. */
export interface D1Connection {
  /**
   * Runs the statements in one transaction, and answers the rows of each.
   *
   * @throws FareboxError `unavailable` when D1 fails or does not answer; then the batch may or may not have happened.
   */
  run(statements: readonly Prepared[]): Promise<readonly (readonly unknown[])[]>
  /** As {@link D1Connection.run}, unless a guard among the statements said no: then nothing happened, and this is what it said. */
  runGuarded(statements: readonly Prepared[]): Promise<readonly (readonly unknown[])[] | { readonly refusal: string }>
}

/** A statement and its parameters. */
export interface Prepared {
  readonly sql: string
  readonly values: readonly D1Value[]
}

/** Starts the text that a guard fails with; SQLite quotes it as the bad path of a JSON function. */
export const refusalMark = 'farebox-refuses-'

const refusalPattern = new RegExp(`'${refusalMark}([^']*)'`)

/** @throws FareboxError `invalid-configuration` where this is no binding, as where a Worker has none of that name. */
export function connectD1(database: D1Database): D1Connection {
  if (!isDatabase(database)) {
    throw new FareboxError('invalid-configuration', 'This is no binding of a D1 database', {
      faults: [{ path: 'database', message: "Give env.DB, where DB is the name of the binding in wrangler's configuration" }],
    })
  }
  // A statement is compiled by D1 with each batch; this spares the binding's own part.
  const known = new Map<string, D1Statement>()

  function prepare({ sql, values }: Prepared): D1Statement {
    let statement = known.get(sql)
    if (statement === undefined) {
      statement = database.prepare(sql)
      known.set(sql, statement)
    }
    return statement.bind(...values)
  }

  async function runGuarded(statements: readonly Prepared[]): Promise<readonly (readonly unknown[])[] | { readonly refusal: string }> {
    let answers: readonly D1Answer[]
    try {
      answers = await database.batch(statements.map(prepare))
    } catch (cause) {
      const refusal = refusalPattern.exec(messageOf(cause))?.[1]
      if (refusal !== undefined) return { refusal }
      throw failureOf(cause)
    }
    if (answers.length !== statements.length) throw new FareboxError('unavailable', 'The D1 database left a statement without an answer')
    return answers.map(({ results }) => results)
  }

  return {
    runGuarded,
    async run(statements) {
      const answers = await runGuarded(statements)
      if ('refusal' in answers) throw new FareboxError('unavailable', 'The D1 database refused a batch without a guard')
      return answers
    },
  }
}

function isDatabase(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return ['prepare', 'batch'].every((name) => typeof Reflect.get(value, name) === 'function')
}

/** What D1 threw, with its own error as the cause. Neither SQL nor values are told. */
function failureOf(cause: unknown): FareboxError {
  if (/no such table: farebox_/.test(messageOf(cause))) {
    const message = "Call migrate(database), or write `migrations` into wrangler's folder and apply them"
    return new FareboxError('invalid-configuration', 'The D1 database lacks the tables of Farebox', {
      faults: [{ path: 'database', message }],
      reason: 'no-tables',
      cause,
    })
  }
  return new FareboxError('unavailable', 'The D1 database did not answer', { cause })
}
