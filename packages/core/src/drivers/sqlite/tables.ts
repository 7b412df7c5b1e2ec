import type { Connection, Work } from './connection.ts'
import { migrateTables } from './migrate.ts'

/** The tables of one connection: made, or brought up to this version, before the first call. */
export class Tables {
  private readonly connection: Connection
  private underWay: Promise<unknown> | undefined
  areReady = false

  constructor(connection: Connection) {
    this.connection = connection
  }

  /** Once; a failure is tried again by the next call. */
  private async prepare(): Promise<void> {
    if (this.areReady) return
    this.underWay ??= migrateTables(this.connection)
    try {
      await this.underWay
      this.areReady = true
    } finally {
      this.underWay = undefined
    }
  }

  /** As `Connection.write`, on tables that are there. */
  async write<Answer>(work: () => Work<Answer>): Promise<Answer> {
    await this.prepare()
    return this.connection.write(work)
  }

  /** As `Connection.read`, on tables that are there. */
  async read<Answer>(work: () => Work<Answer>): Promise<Answer> {
    await this.prepare()
    return this.connection.read(work)
  }
}
