import type { LibsqlClient, LibsqlResult, LibsqlTransaction } from './client.ts'
import type { Connection, Row, Work } from './connection.ts'
import { whenFree } from './patience.ts'

/** The connection of `@libsql/client`, whose answers come later; the steps of a transaction are one round trip each. */
export class LibsqlConnection implements Connection {
  private readonly client: LibsqlClient
  private readonly isFile: boolean
  /** The transactions of this process follow each other: they would only wait for each other in the database. */
  private last: Promise<unknown> = Promise.resolve()

  constructor(client: LibsqlClient) {
    this.client = client
    this.isFile = client.protocol === 'file'
  }

  async write<Answer>(work: () => Work<Answer>): Promise<Answer> {
    return this.inTurn(async () => this.transact(await this.beginWriting(), work))
  }

  async read<Answer>(work: () => Work<Answer>): Promise<Answer> {
    return this.inTurn(async () => this.transact(await this.client.transaction('read'), work))
  }

  async prepare(statements: readonly string[]): Promise<void> {
    for (const sql of statements) {
      // A server decides itself how it keeps its journal.
      await this.inTurn(async () => this.client.executeMultiple(sql)).catch(() => undefined)
    }
  }

  private async inTurn<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    const answer = this.last.then(async () => whenFree(run))
    this.last = answer.catch(() => undefined)
    return answer
  }

  /**
   * A single statement that finds a file busy stays under way until it is collected, and until then nothing can be committed on its
   * connection ([libsql-client-ts 352](https://github.com/tursodatabase/libsql-client-ts/issues/352)). Several in one text do not.
   */
  private async beginWriting(): Promise<LibsqlTransaction> {
    if (!this.isFile) return this.client.transaction('write')
    const transaction = await this.client.transaction('deferred')
    try {
      await transaction.executeMultiple('commit; begin immediate')
      return transaction
    } catch (error) {
      transaction.close()
      throw error
    }
  }

  private async transact<Answer>(transaction: LibsqlTransaction, work: () => Work<Answer>): Promise<Answer> {
    try {
      const answer = await runAll(transaction, work())
      await transaction.commit()
      return answer
    } finally {
      // Undoes what was not committed.
      transaction.close()
    }
  }
}

async function runAll<Answer>(transaction: LibsqlTransaction, work: Work<Answer>): Promise<Answer> {
  let step = work.next([])
  while (step.done !== true) {
    const results = await transaction.batch(step.value.map(({ sql, values }) => ({ sql, args: [...values] })))
    step = work.next(results.map(rowsOf))
  }
  return step.value
}

function rowsOf({ columns, rows }: LibsqlResult): readonly Row[] {
  return rows.map((row) => columns.map((_, place) => row[place]))
}
