import type { CollectionName, RecordEntry } from '../../ports/record-store.ts'
import type { Row } from './client.ts'
import { parseList } from './usage-answers.ts'

type Entry = RecordEntry<CollectionName>
type Fields = readonly [customer: string, id: string, revision: number, value: Entry['value']]

/** A row, whose it is, and of which collection. */
type FoundRow = readonly [position: number, entry: Entry, collection: string]

/** What `loadStatement` answers: rows, each with the position of whom it was asked for. */
export function parseLoadAnswer(rows: readonly Row[]): { readonly now: number; readonly rows: readonly FoundRow[] } {
  const { now, list } = parse(rows, 'rows')
  // The statement writes each row in this form, and `value` is what a commit wrote.
  const found = list as readonly (readonly [number, Fields, string])[]
  return { now, rows: found.map(([position, fields, collection]) => [position, entryOf(fields), collection]) }
}

/** What `commitStatement` answers: for each commit `null`, or the position of the write in conflict. */
export function parseCommitAnswer(rows: readonly Row[]): { readonly now: number; readonly answers: readonly (number | null)[] } {
  const { now, list } = parse(rows, 'answers')
  // As the function `farebox.commit_records` answers.
  return { now, answers: list as readonly (number | null)[] }
}

/** What `commitRowsStatement` answers to commits of so many writes, as {@link parseCommitAnswer} does. */
export function parseCommitRowsAnswer(rows: readonly Row[], sizes: readonly number[]): ReturnType<typeof parseCommitAnswer> {
  const { now, list } = parse(rows, 'answers')
  // As the function `farebox.commit_rows` answers: in ascending order, counted through all commits from one.
  const met = list as readonly number[]
  let before = 0
  const answers = sizes.map((size) => {
    const first = before
    before += size
    const position = met.find((one) => one > first && one <= before)
    return position === undefined ? null : position - first - 1
  })
  return { now, answers }
}

/** What a statement of `findStatement` answers. */
export function parseFindAnswer(rows: readonly Row[]): readonly Entry[] {
  // As in `parseLoadAnswer`.
  return (parse(rows, 'rows').list as readonly Fields[]).map(entryOf)
}

/** What stands in the one row that a statement answers. */
function parse([answer = {}]: readonly Row[], column: string): { readonly now: number; readonly list: readonly unknown[] } {
  return { now: Number(answer['now']), list: parseList(answer[column]) }
}

function entryOf([customer, id, revision, value]: Fields): Entry {
  return { customer, id, revision, value }
}
