import type { D1Answer, D1Database } from '../../src/drivers/d1/index.ts'

/** What batches have cost. */
export interface Cost {
  batches: number
  rowsRead: number
  rowsWritten: number
}

/** A database that counts what is asked of it, and fails or is overtaken when a test says so. */
export interface WatchedDatabase extends D1Database {
  readonly cost: Cost
  /** Runs before and after each batch, with its number from 1. What it throws is what the caller sees. */
  onBatch: { before?: (batch: number) => void | Promise<void>; after?: (batch: number) => void | Promise<void> }
  /** Starts counting anew. */
  reset(): void
}

export function watchDatabase(database: D1Database): WatchedDatabase {
  const cost: Cost = { batches: 0, rowsRead: 0, rowsWritten: 0 }
  const watched: WatchedDatabase = {
    cost,
    onBatch: {},
    prepare: (sql) => database.prepare(sql),
    async batch(statements) {
      cost.batches += 1
      const number = cost.batches
      await watched.onBatch.before?.(number)
      const answers = await database.batch(statements)
      for (const answer of answers) {
        cost.rowsRead += metaOf(answer, 'rows_read')
        cost.rowsWritten += metaOf(answer, 'rows_written')
      }
      await watched.onBatch.after?.(number)
      return answers
    },
    reset() {
      Object.assign(cost, { batches: 0, rowsRead: 0, rowsWritten: 0 })
      watched.onBatch = {}
    },
  }
  return watched
}

function metaOf(answer: D1Answer, name: string): number {
  const meta: unknown = 'meta' in answer ? answer.meta : undefined
  const value: unknown = typeof meta === 'object' && meta !== null ? Reflect.get(meta, name) : undefined
  if (typeof value !== 'number') throw new Error(`D1 does not tell ${name}`)
  return value
}
