import type { Milliseconds } from '../domain/instant.ts'
import { FareboxError } from '../errors/error.ts'
import { isPromise } from '../ports/is-promise.ts'
import type { CollectionName, RecordEntry, RecordQuery, RecordReading, RecordStore, RowIds } from '../ports/record-store.ts'
import { startTimer } from '../ports/start-timer.ts'
import type { Store } from '../ports/store.ts'
import type { UsageStore } from '../ports/usage-store.ts'
import type { MaybePromise } from './maybe-promise.ts'

/**
 * The same store, each of whose calls fails with `unavailable` (reason `timeout`) unless it answers within `timeout`, if any. What
 * the call does is not undone: as with every lost answer, it may have happened or may yet happen. What is answered at
 * once, without a promise, costs nothing.
 */
export function withTimeout(store: Store, timeout: Milliseconds | null): Store {
  const within: Within = (answer) => (timeout === null ? answer : answerWithin(answer, timeout))
  const soon: Soon = (answer) => (isPromise(answer) ? within(answer) : answer)
  const timed = { usage: timedUsage(store.usage, within, soon), records: timedRecords(store.records, within, soon) }
  const { raising } = store
  if (raising?.usage !== store.usage || raising.records !== store.records) return timed
  return { ...timed, raising: { ...timed, commit: (...commit) => within(raising.commit(...commit)) } }
}

type Within = <Answer>(answer: Promise<Answer>) => Promise<Answer>

/** What is there already needs no time. */
type Soon = <Answer>(answer: MaybePromise<Answer>) => MaybePromise<Answer>

function timedUsage(usage: UsageStore, within: Within, soon: Soon): UsageStore {
  return {
    label: usage.label,
    lanes: usage.lanes ?? 1,
    execute: (operations) => soon(usage.execute(operations)),
    read: (queries) => within(usage.read(queries)),
    history: (request) => within(usage.history(request)),
    raiseVersion: (customer, version) => within(usage.raiseVersion(customer, version)),
    sweep: () => within(usage.sweep()),
    forget: (customer) => within(usage.forget(customer)),
    inspect: async () => (usage.inspect === undefined ? [] : within(usage.inspect())),
  }
}

function timedRecords(records: RecordStore, within: Within, soon: Soon): RecordStore {
  return {
    label: records.label,
    load: <Name extends CollectionName>(customer: string, names: readonly Name[], only?: RowIds): MaybePromise<RecordReading<Name>> =>
      soon(records.load(customer, names, only)),
    commit: (customer, writes) => soon(records.commit(customer, writes)),
    find: <Name extends CollectionName>(query: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]> =>
      within(records.find(query)),
    forget: (customer) => within(records.forget(customer)),
  }
}

/** @throws FareboxError `unavailable` (reason `timeout`), naming `who`, where the answer takes longer. */
export function answerWithin<Answer>(answer: Promise<Answer>, timeout: Milliseconds, who = 'The store'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stop = startTimer(() => {
      reject(new FareboxError('unavailable', `${who} did not answer in time`, { reason: 'timeout' }))
    }, timeout)
    const end = <Value>(settle: (value: Value) => void) => (value: Value): void => {
      stop()
      settle(value)
    }
    answer.then(end(resolve), end(reject))
  })
}
