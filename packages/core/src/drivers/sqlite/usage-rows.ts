import { unescapeName } from '../../storage/rows/names.ts'
import { corruptRow } from '../../storage/rows/corrupt-row.ts'
import type { RowNeeds } from '../../storage/rows/row-needs.ts'
import type { WorkingSet } from '../../storage/rows/working-set.ts'
import type { Command, Row, Work } from './connection.ts'
import { splitDocument } from './split-document.ts'
import {
  deleteCounter,
  deleteKey,
  deleteRow,
  findCounter,
  findDocuments,
  findDue,
  findKeys,
  findReservation,
  insertDocuments,
  putCounter,
  putKeys,
  putReservations,
  updateDocuments,
} from './usage-statements.ts'

/** Fetches all that a call needs into its working set. */
export function* fillSet(set: WorkingSet, now: number): Work<void> {
  for (let needs = set.needs(); needs !== undefined; needs = set.needs()) yield* fillOnce(set, needs, now)
}

function* fillOnce(set: WorkingSet, { documents, keys, reservations, due, counters }: RowNeeds, now: number): Work<void> {
  const commands: Command[] = []
  const readers: ((row: Row) => void)[] = []
  const ask = (command: Command, read: (row: Row) => void): void => {
    commands.push(command)
    readers.push(read)
  }
  if (documents.length > 0) {
    ask(findDocuments(documents), (row) => addDocument(set, row))
  }
  if (keys.length > 0) {
    ask(findKeys(keys), ([customer, key, text, until]) => set.addKey(nameOf(customer), nameOf(key), textOf(text), Number(until)))
  }
  const addReservation = ([customer, feature, id, text, at]: Row): void => {
    set.addReservation(nameOf(customer), nameOf(feature), nameOf(id), textOf(text), Number(at))
  }
  for (const name of reservations) ask(findReservation(name), addReservation)
  for (const name of due) ask(findDue(name, now), addReservation)
  for (const name of counters) {
    ask(findCounter(name), ([customer, feature, bucket, used, keepUntil]) => {
      set.addCounter(nameOf(customer), nameOf(feature), nameOf(bucket), Number(used), keepUntil === null ? null : Number(keepUntil))
    })
  }
  const answers = yield commands
  for (const [index, rows] of answers.entries()) for (const row of rows) readers[index]?.(row)
}

/** Adds a row of `findDocuments`. */
export function addDocument(set: WorkingSet, [id, customer, text, revision]: Row): void {
  set.addDocument(nameOf(customer), textOf(text), Number(revision), Number(id))
}

/** Writes all changes. Within the transaction nobody else does, so every document has the revision it was fetched with. */
export function* writeChanges(set: WorkingSet): Work<void> {
  const { documents, keys, reservations, counters } = set.changes()
  const updated = documents.flatMap(({ row, text, revision }) => (row > 0 && text !== null ? [...splitDocument(text), row, revision] : []))
  const commands = [
    ...documents.filter(({ row, text }) => row > 0 && text === null).map(({ row }) => deleteRow('farebox_usage', ['id'], [row])),
    ...updateDocuments(updated),
    ...keys.filter(({ text }) => text === null).map(deleteKey),
    ...putKeys(keys.filter(({ text }) => text !== null)),
    ...putReservations(reservations),
    ...counters.map((change) => (change.counter === null ? deleteCounter(change) : putCounter(change, change.counter))),
  ]
  const inserted = insertDocuments(documents.filter(({ row, text }) => row === 0 && text !== null))
  if (commands.length + inserted.length === 0) return
  const answers = yield [...inserted, ...commands]
  for (const rows of answers.slice(0, inserted.length)) for (const [customer, id] of rows) set.place(nameOf(customer), Number(id))
}

export function nameOf(value: unknown): string {
  return unescapeName(textOf(value))
}

export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw corruptRow('row')
  return value
}
