/** What SQL in an object may be given. */
export type SqlValue = string | number | null

/** The rows of a statement, as far as they are read. */
export interface SqlCursor {
  toArray(): readonly unknown[]
  raw(): Iterable<readonly unknown[]>
}

/**
 * An object's storage, as far as it is used: `ctx.storage` of a class with SQLite (`new_sqlite_classes`). It answers at
 * once, and what is written in one turn is kept all of it or not at all.
 */
export interface ObjectStorage {
  readonly sql: { exec(sql: string, ...values: SqlValue[]): SqlCursor }
  transactionSync<Answer>(work: () => Answer): Answer
  deleteAll(): Promise<void>
  getAlarm(): Promise<number | null>
  setAlarm(at: number): Promise<void>
}

/** What an object is made with, as far as it is used: the `ctx` of its constructor. */
export interface ObjectState {
  readonly storage: ObjectStorage
}
