import type { Instant } from '../../domain/instant.ts'
import type { UsageSweep } from '../../ports/usage-store.ts'
import { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Row, Work } from './connection.ts'
import { rowsOf } from './connection.ts'
import { fillSet, nameOf, textOf, writeChanges } from './usage-rows.ts'
import { deleteRow } from './usage-statements.ts'

/** How many rows of each table one sweep looks at. */
const rowsPerSweep = 2000

/** Drops what is over, the next rows of each table with every sweep, round and round. */
export class UsageSweeper {
  /** Where the last sweep stopped in each table. */
  private document = 0
  private readonly stops = new Map<string, readonly string[]>()

  /** Answers the next rows by their names and `times`, and how many of them were dropped because the first time is over. */
  private *sweepTable(table: string, columns: readonly string[], times: string, now: Instant): Work<readonly [rows: readonly Row[], dropped: number]> {
    const names = columns.join(', ')
    const places = columns.map(() => '?').join(', ')
    const sql = `select ${names}, ${times} from ${table} where (${names}) > (${places}) order by ${names} limit ?`
    const rows = yield* rowsOf(sql, ...(this.stops.get(table) ?? columns.map(() => '')), rowsPerSweep)
    const last = rows.length < rowsPerSweep ? undefined : rows.at(-1)
    this.stops.set(table, columns.map((_, place) => textOf(last?.[place] ?? '')))
    const over = rows.filter((row) => isOver(row[columns.length], now))
    if (over.length > 0) yield over.map((row) => deleteRow(table, columns, columns.map((_, place) => textOf(row[place]))))
    return [rows, over.length]
  }

  *sweep(now: Instant): Work<UsageSweep> {
    const [, keys] = yield* this.sweepTable('farebox_usage_keys', ['key', 'customer'], 'until', now)
    const [, counters] = yield* this.sweepTable('farebox_usage_counters', ['customer', 'feature', 'bucket'], 'keep_until', now)
    const [held] = yield* this.sweepTable('farebox_usage_reservations', ['customer', 'feature', 'reservation'], 'until, expires_at', now)
    const documents = yield* rowsOf('select id, customer from farebox_usage where id > ? order by id limit ?', this.document, rowsPerSweep)
    this.document = documents.length < rowsPerSweep ? 0 : Number(documents.at(-1)?.[0])
    const set = new WorkingSet(now)
    for (const row of held) if (isOver(row[4], now)) set.touch(nameOf(row[0]))
    for (const row of documents) set.touch(nameOf(row[1]))
    yield* fillSet(set, now)
    const swept = set.sweep()
    yield* writeChanges(set)
    return { ...swept, keys, counters: counters + swept.counters }
  }
}

function isOver(time: unknown, now: Instant): boolean {
  return time !== null && Number(time) <= now
}
