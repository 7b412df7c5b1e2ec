import type { SyncClient, SyncStatement, Value } from './client.ts'
import type { Command, Connection, Row, Work } from './connection.ts'
import { openTransaction } from './failure.ts'
import { whenFree } from './patience.ts'

/** A connection whose client answers at once, so that a whole transaction runs in one turn. */
export class SyncConnection implements Connection {
  private readonly client: SyncClient
  private readonly statements = new Map<string, SyncStatement>()
  /** The latest of each: where none is left at a collection, the engine forgets the code that was fast on them. */
  private readonly kept: { run?: () => unknown; result?: unknown } = {}

  /** Whether a transaction is open; `undefined` where the client does not tell. */
  private readonly isOpen: () => boolean | undefined

  /**
   * libsql keeps a statement under way that was prepared and found the database busy, until it runs again or is collected, and until
   * then nothing can be committed ([libsql-js 238](https://github.com/tursodatabase/libsql-js/pull/238)). It lets go of text.
   */
  private readonly letsGoOfTextAlone: boolean

  constructor(client: SyncClient) {
    this.client = client
    this.letsGoOfTextAlone = 'syncUntil' in client
    // libsql ends the process where this is asked of a client that is closed.
    this.isOpen = 'inTransaction' in client ? () => client.open !== false && client.inTransaction : () => client.isTransaction
  }

  async write<Answer>(work: () => Work<Answer>): Promise<Answer> {
    return whenFree(() => this.transact('begin immediate', () => this.runAll(work())))
  }

  async read<Answer>(work: () => Work<Answer>): Promise<Answer> {
    return whenFree(() => this.transact('begin', () => this.runAll(work())))
  }

  async prepare(statements: readonly string[]): Promise<void> {
    this.checkOutside()
    await whenFree(() => {
      for (const sql of statements) this.client.exec(sql)
    })
  }

  /** Runs `run` in a transaction that begins so. What it throws undoes everything. */
  transact<Answer>(begin: 'begin' | 'begin immediate', run: () => Answer): Answer {
    this.checkOutside()
    this.kept.run = run
    if (this.letsGoOfTextAlone) this.client.exec(begin)
    else this.change(begin, [])
    try {
      const answer = run()
      this.change('commit', [])
      return answer
    } catch (error) {
      this.undo()
      throw error
    }
  }

  /** Runs `run`, which writes with one statement: that is a transaction of its own, where a busy database is let go of. */
  transactOne<Answer>(run: () => Answer): Answer {
    if (this.letsGoOfTextAlone) return this.transact('begin immediate', run)
    this.checkOutside()
    return run()
  }

  /** The rows that a statement answers. */
  rows(sql: string, values: readonly Value[]): readonly Row[] {
    const statement = this.prepared(sql)
    const rows = statement.values === undefined ? statement.all(...values) : statement.values(...values)
    return rows.map((row) => (Array.isArray(row) ? row : Object.values(row ?? {})))
  }

  /** How many rows a statement changed that answers none. */
  change(sql: string, values: readonly Value[]): number {
    const result = this.prepared(sql).run(...values)
    this.kept.result = result
    return Number(result.changes)
  }

  /** @throws FareboxError `invalid-configuration` where the app has a transaction open. */
  checkOutside(): void {
    if (this.isOpen() === true) throw openTransaction()
  }

  private prepared(sql: string): SyncStatement {
    const known = this.statements.get(sql)
    if (known !== undefined) return known
    const statement = this.client.prepare(sql)
    if (isReading(sql)) {
      if (statement.values === undefined) statement.raw?.(true)
      statement.setReturnArrays?.(true)
      statement.safeIntegers?.(false)
      statement.setReadBigInts?.(false)
    }
    this.statements.set(sql, statement)
    return statement
  }

  private runAll<Answer>(work: Work<Answer>): Answer {
    let step = work.next([])
    while (step.done !== true) step = work.next(step.value.map((command) => this.runOne(command)))
    return step.value
  }

  private runOne({ sql, values }: Command): readonly Row[] {
    if (isReading(sql)) return this.rows(sql, values)
    this.change(sql, values)
    return []
  }

  /** SQLite has undone it by itself after some failures. */
  private undo(): void {
    if (this.isOpen() === false) return
    try {
      this.change('rollback', [])
    } catch {
      // There is nothing left to undo; the first failure is the one to tell.
    }
  }
}

function isReading(sql: string): boolean {
  return /^\s*(select|with)\b/.test(sql) || /\breturning\b/.test(sql)
}
