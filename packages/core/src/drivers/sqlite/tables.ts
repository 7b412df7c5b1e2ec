import type { Connection } from './connection.ts'
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
  async prepare(): Promise<void> {
    this.underWay ??= migrateTables(this.connection)
    try {
      await this.underWay
      this.areReady = true
    } finally {
      this.underWay = undefined
    }
  }
}
