import type { Instant } from '../../domain/instant.ts'
import type { UsageSweep } from '../../ports/usage-store.ts'
import { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Row, Work } from './connection.ts'
import { rowsOf } from './connection.ts'
import { fillSet, nameOf, writeChanges } from './usage-rows.ts'

/** How many rows of each table one sweep looks at. */
const rowsPerSweep = 2000

/** Drops what is over, the next rows of each table with every sweep, round and round. */
export class UsageSweeper {
  /** Where the last sweep stopped in each table. */
  private document = 0
  private key: readonly [string, string] = ['', '']
  private reservation: readonly [string, string, string] = ['', '', '']
  private counter: readonly [string, string, string] = ['', '', '']

  sweep(now: Instant): Work<UsageSweep> {
    return this.sweepTables(now)
  }

  private *sweepTables(now: Instant): Work<UsageSweep> {
    const keys = yield* this.sweepKeys(now)
    const counters = yield* this.sweepCounters(now)
    const due = yield* this.sweepReservations(now)
    const documents = yield* rowsOf('select id, customer from farebox_usage where id > ? order by id limit ?', this.document, rowsPerSweep)
    this.document = documents.length < rowsPerSweep ? 0 : Number(documents.at(-1)?.[0])
    const set = new WorkingSet(now)
    for (const customer of [...due, ...documents.map((row) => nameOf(row[1]))]) set.touch(customer)
    yield* fillSet(set, now)
    const swept = set.sweep()
    yield* writeChanges(set)
    return { ...swept, keys, counters: counters + swept.counters }
  }

  private *sweepKeys(now: Instant): Work<number> {
    const sql = `select customer, key, until <= ? from farebox_usage_keys where (key, customer) > (?, ?) order by key, customer limit ?`
    const rows = yield* rowsOf(sql, now, ...this.key, rowsPerSweep)
    const last = rows.length < rowsPerSweep ? undefined : rows.at(-1)
    this.key = [columnOf(last, 1), columnOf(last, 0)]
    return yield* deleteRows('farebox_usage_keys', ['customer', 'key'], rows)
  }

  private *sweepCounters(now: Instant): Work<number> {
    const sql = `select customer, feature, bucket, coalesce(keep_until <= ?, 0) from farebox_usage_counters
      where (customer, feature, bucket) > (?, ?, ?) order by customer, feature, bucket limit ?`
    const rows = yield* rowsOf(sql, now, ...this.counter, rowsPerSweep)
    this.counter = nameAfter(rows)
    return yield* deleteRows('farebox_usage_counters', ['customer', 'feature', 'bucket'], rows)
  }

  /** Forgets ends that are over, and answers the customers who hold what has expired. */
  private *sweepReservations(now: Instant): Work<readonly string[]> {
    const sql = `select customer, feature, reservation, coalesce(until <= ?, 0), coalesce(expires_at <= ?, 0) from farebox_usage_reservations
      where (customer, feature, reservation) > (?, ?, ?) order by customer, feature, reservation limit ?`
    const rows = yield* rowsOf(sql, now, now, ...this.reservation, rowsPerSweep)
    this.reservation = nameAfter(rows)
    yield* deleteRows('farebox_usage_reservations', ['customer', 'feature', 'reservation'], rows)
    return rows.filter((row) => Number(row[4]) === 1).map((row) => nameOf(row[0]))
  }
}

function nameAfter(rows: readonly Row[]): readonly [string, string, string] {
  const last = rows.length < rowsPerSweep ? undefined : rows.at(-1)
  return [columnOf(last, 0), columnOf(last, 1), columnOf(last, 2)]
}

/** A name as it is stored; empty where there is no row. */
function columnOf(row: Row | undefined, place: number): string {
  const value = row?.[place]
  return typeof value === 'string' ? value : ''
}

/** Deletes the rows whose column behind the primary key says that they are over. */
function* deleteRows(table: string, columns: readonly string[], rows: readonly Row[]): Work<number> {
  const sql = `delete from ${table} where ${columns.map((column) => `${column} = ?`).join(' and ')}`
  const over = rows.filter((row) => Number(row[columns.length]) === 1)
  if (over.length > 0) yield over.map((row) => ({ sql, values: columns.map((_, place) => columnOf(row, place)) }))
  return over.length
}
