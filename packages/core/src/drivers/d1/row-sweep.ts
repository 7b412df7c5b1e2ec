import type { Instant } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { UsageSweep } from '../../ports/usage-store.ts'
import { unescapeName } from '../../storage/rows/names.ts'
import type { SweptUsage } from '../../storage/rows/sweep-usage.ts'
import type { D1Connection, Prepared } from './database.ts'
import { selectNow } from './fetch-rows.ts'
import { type Row, numberAt, rowsOf, textAt } from './read-rows.ts'

/** Documents that one step looks at. */
const documentsPerStep = 100

/** Rows of each other table that one step looks at. */
const rowsPerStep = 500

const selectDocuments = `SELECT id, customer FROM farebox_usage WHERE id > ?1 ORDER BY id LIMIT ${documentsPerStep}`

/** Steps until a sweep that found nothing answers so. */
const mostSteps = 10

/** A table that is looked through by its primary key, a part at a time, round and round. */
interface Table {
  /** Where the next part ends; no row where the rest is the next part. */
  end(): Prepared
  /** Moves on past the part, whose last row this is. */
  moveOn(end: Row | undefined): void
  /** Drops what is over in the next part, and answers a row for each. */
  drop(now: Instant): Prepared
}

/** Drops what is over, part after part of the tables, round and round. */
export function createRowSweep(
  connection: D1Connection,
  clock: Clock | undefined,
  sweepDocuments: (customers: readonly string[]) => Promise<SweptUsage>,
): () => Promise<UsageSweep> {
  let lastDocument = 0
  const tables = [
    createTable('farebox_usage_keys', ['key', 'customer'], 'until'),
    createTable('farebox_usage_counters', ['customer', 'feature', 'bucket'], 'keep_until'),
    createTable('farebox_usage_reservations', ['customer', 'feature', 'reservation'], 'until'),
  ]

  /** Looks at one part of each table. */
  async function step(): Promise<UsageSweep> {
    const documents = { sql: selectDocuments, values: [lastDocument] }
    const [present, found, ...ends] = await connection.run([selectNow, documents, ...tables.map((table) => table.end())])
    const now = clock?.now() ?? rowsOf(present).reduce((_, row) => numberAt(row, 'now'), 0)
    const rows = rowsOf(found)
    lastDocument = rows.length < documentsPerStep ? 0 : rows.reduce((_, row) => numberAt(row, 'id'), 0)
    const customers = rows.map((row) => unescapeName(textAt(row, 'customer')))
    const swept = customers.length === 0 ? { reservations: 0, counters: 0, markers: 0 } : await sweepDocuments(customers)
    const [keys = [], counters = []] = await connection.run(tables.map((table) => table.drop(now)))
    for (const [index, table] of tables.entries()) table.moveOn(rowsOf(ends[index])[0])
    return { ...swept, keys: keys.length, counters: swept.counters + counters.length }
  }

  return async () => {
    for (let steps = 1; ; steps += 1) {
      const swept = await step()
      const isFound = swept.reservations + swept.keys + swept.counters + swept.markers > 0
      if (isFound || steps === mostSteps) return swept
    }
  }
}

function createTable(name: string, key: readonly string[], over: string): Table {
  const columns = key.join(', ')
  const after = `(${columns}) > (${key.map((_, index) => `?${index + 1}`).join(', ')})`
  const start = key.map(() => '')
  let last: readonly string[] = start
  return {
    end: () => ({ sql: `SELECT ${columns} FROM ${name} WHERE ${after} ORDER BY ${columns} LIMIT 1 OFFSET ${rowsPerStep - 1}`, values: last }),
    moveOn(end) {
      last = end === undefined ? start : key.map((column) => textAt(end, column))
    },
    drop: (now) => ({
      sql: `DELETE FROM ${name} WHERE (${columns}) IN
        (SELECT ${columns} FROM (SELECT ${columns}, ${over} AS over FROM ${name} WHERE ${after} ORDER BY ${columns} LIMIT ${rowsPerStep})
          WHERE over <= ?${key.length + 1}) RETURNING 1 AS dropped`,
      values: [...last, now],
    }),
  }
}
