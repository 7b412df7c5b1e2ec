import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { history, replay } from '../../../test/stores/usage-histories.ts'
import type { Clock } from '../../ports/clock.ts'
import type { UsageStore } from '../../ports/usage-store.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { usageStoreContract } from '../../testing/usage-store-contract.ts'
import { checkMarker, checkOperation } from '../counting/check-operation.ts'
import type { ArchivedCounter, RowChanges } from './row-changes.ts'
import { WorkingSet } from './working-set.ts'

interface Rows {
  readonly documents: Map<string, { text: string; revision: number }>
  readonly keys: Map<string, { text: string; until: number }>
  readonly reservations: Map<string, { name: readonly [string, string, string]; text: string; isHeld: boolean; at: number }>
  readonly counters: Map<string, { name: readonly [string, string, string]; counter: ArchivedCounter }>
}

function nameOf(...parts: readonly string[]): string {
  return JSON.stringify(parts)
}

function dropWhere<Row>(table: Map<string, Row>, isOver: (row: Row, name: string) => boolean): number {
  const over = [...table].filter(([name, row]) => isOver(row, name))
  for (const [name] of over) table.delete(name)
  return over.length
}

/** Rows in maps: the least that a driver does. */
function rowStore(clock: Clock): { store: UsageStore; rows: Rows } {
  const rows: Rows = { documents: new Map(), keys: new Map(), reservations: new Map(), counters: new Map() }

  function fetchAll(set: WorkingSet, now: number): void {
    for (let needs = set.needs(); needs !== undefined; needs = set.needs()) {
      for (const customer of needs.documents) {
        const row = rows.documents.get(customer)
        if (row !== undefined) set.addDocument(customer, row.text, row.revision)
      }
      for (const [customer, key] of needs.keys) {
        const row = rows.keys.get(nameOf(customer, key))
        if (row !== undefined) set.addKey(customer, key, row.text, row.until)
      }
      for (const name of needs.reservations) {
        const row = rows.reservations.get(nameOf(...name))
        if (row !== undefined) set.addReservation(...name, row.text, row.at)
      }
      for (const [customer, feature] of needs.due) {
        const held = [...rows.reservations.values()]
          .filter((row) => row.isHeld && row.name[0] === customer && row.name[1] === feature)
          .toSorted((first, second) => first.at - second.at)
        const due = held.filter((row) => row.at <= now).length
        for (const row of held.slice(0, due + 1)) set.addReservation(...row.name, row.text, row.at)
      }
      for (const name of needs.counters) {
        const row = rows.counters.get(nameOf(...name))
        if (row !== undefined) set.addCounter(...name, row.counter.used, row.counter.keepUntil)
      }
    }
  }

  function write({ documents, keys, reservations, counters }: RowChanges): void {
    const guarded = new Set(documents.map(({ customer }) => customer))
    for (const { customer, text, expected, revision } of documents) {
      expect(rows.documents.get(customer)?.revision ?? 0).toBe(expected)
      expect(revision).toBeGreaterThan(expected)
      if (text === null) rows.documents.delete(customer)
      else rows.documents.set(customer, { text, revision })
    }
    for (const { customer, key, text, until } of keys) {
      expect(guarded).toContain(customer)
      if (text === null) rows.keys.delete(nameOf(customer, key))
      else rows.keys.set(nameOf(customer, key), { text, until })
    }
    for (const { customer, feature, reservation, text, isHeld, at } of reservations) {
      expect(guarded).toContain(customer)
      rows.reservations.set(nameOf(customer, feature, reservation), { name: [customer, feature, reservation], text, isHeld, at })
    }
    for (const { customer, feature, bucket, counter } of counters) {
      expect(guarded).toContain(customer)
      const name = nameOf(customer, feature, bucket)
      expect(rows.counters.has(name)).toBe(counter === null)
      if (counter === null) rows.counters.delete(name)
      else rows.counters.set(name, { name: [customer, feature, bucket], counter })
    }
  }

  const store: UsageStore = {
    label: 'linearizable',
    async execute(operations) {
      for (const operation of operations) checkOperation(operation)
      const now = clock.now()
      const set = new WorkingSet(now)
      set.ask(operations)
      fetchAll(set, now)
      const outcomes = set.run()
      write(set.changes())
      return outcomes
    },
    async read(queries) {
      const now = clock.now()
      const set = new WorkingSet(now)
      set.askReadings(queries)
      fetchAll(set, now)
      return set.read()
    },
    async history({ customer, feature, from, to }) {
      const now = clock.now()
      const set = new WorkingSet(now)
      set.touch(customer)
      fetchAll(set, now)
      const archived = [...rows.counters.values()].filter(({ name }) => name[0] === customer && name[1] === feature)
      return set.history(customer, feature, { from, to }, archived.map(({ name, counter }) => [name[2], counter.used] as const))
    },
    async raiseVersion(customer, version) {
      checkMarker(customer, version)
      const now = clock.now()
      const set = new WorkingSet(now)
      set.touch(customer)
      fetchAll(set, now)
      set.raise(customer, version)
      write(set.changes())
    },
    async sweep() {
      const now = clock.now()
      const set = new WorkingSet(now)
      for (const customer of rows.documents.keys()) set.touch(customer)
      fetchAll(set, now)
      const swept = set.sweep()
      write(set.changes())
      dropWhere(rows.reservations, ({ isHeld, at }) => !isHeld && at <= now)
      const counters = dropWhere(rows.counters, ({ counter }) => counter.keepUntil !== null && counter.keepUntil <= now)
      const keys = dropWhere(rows.keys, ({ until }) => until <= now)
      return { ...swept, keys, counters: swept.counters + counters }
    },
    async forget(customer) {
      rows.documents.delete(customer)
      for (const table of [rows.keys, rows.reservations, rows.counters]) {
        for (const name of table.keys()) if (name.startsWith(`["${customer}",`)) table.delete(name)
      }
    },
  }
  return { store, rows }
}

const isFull = process.env['FAREBOX_TEST_SCALE'] === 'full'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)

const rules = usageStoreContract({
  hasClock: true,
  create() {
    const clock = manualClock()
    return { store: rowStore(clock).store, clock }
  },
})

describe('counting on rows keeps every rule of the contract', () => {
  it.each(rules)('$name', async (rule) => rule.run())

  it('answers as the reference does, in histories of random calls, markers, gates and time', { timeout: 600_000 }, async () => {
    const numRuns = isFull ? 5_000 : 40
    let operations = 0
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        operations += await replay(steps, (clock) => rowStore(clock).store)
      }),
      { seed, numRuns },
    )
    process.stdout.write(`Counting on rows: ${operations} operations in ${numRuns} histories, no difference, seed ${seed}\n`)
    expect(operations).toBeGreaterThan(numRuns * 40)
  })
})
