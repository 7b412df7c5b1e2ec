import type { Clock } from '../../ports/clock.ts'
import type {
  CollectionName,
  CommitOutcome,
  RecordEntry,
  RecordQuery,
  RecordReading,
  RecordStore,
  RecordWrite,
} from '../../ports/record-store.ts'
import { inBatches } from '../../storage/in-batches.ts'
import { type CheckedWrite, checkCommit, checkCustomer, checkLoad, checkQuery, refuse } from '../../storage/records/check-records.ts'
import { indexedFields } from '../../storage/records/indexed-fields.ts'
import type { Query } from './client.ts'
import { isUndone } from './query-failure.ts'
import { parseCommitAnswer, parseFindAnswer, parseLoadAnswer } from './records-answers.ts'
import { commitStatement, findStatement, forgetStatement, loadStatement } from './records-statements.ts'

interface Load {
  readonly customer: string
  readonly collections: readonly CollectionName[]
}

interface Commit {
  readonly customer: string
  readonly writes: readonly CheckedWrite[]
}

/** The longest name of a customer or a row, in bytes: together they are one key of an index. */
const longestName = 1000

/**
 * Keeps records in the table `farebox.records`. A commit is one statement, and so is a reading; those that are asked for
 * while one is under way share the next.
 */
export function createRecordStore(query: Query, clock: Clock | undefined): RecordStore {
  const load = inBatches<Load, RecordReading<CollectionName>>({ run: runLoads, isUndone })
  const commit = inBatches<Commit, CommitOutcome>({ run: runCommits, isUndone })

  async function runLoads(loads: readonly Load[]): Promise<readonly RecordReading<CollectionName>[]> {
    const places = loads.flatMap(({ customer, collections }) => collections.map((collection) => [customer, collection]))
    const { now, rows } = parseLoadAnswer(await query(loadStatement, [JSON.stringify(places)]))
    const found: RecordEntry<CollectionName>[][] = places.map(() => [])
    for (const [position, entry] of rows) found[position]?.push(entry)
    let position = 0
    return loads.map(({ collections }) => {
      const own = collections.map((name) => [name, found[position++] ?? []])
      return { now: clock?.now() ?? now, rows: Object.fromEntries(own) }
    })
  }

  async function runCommits(commits: readonly Commit[]): Promise<readonly CommitOutcome[]> {
    const requests = commits.map(({ customer, writes }) => [customer, writes.map(encodeWrite)])
    const { now, answers } = parseCommitAnswer(await query(commitStatement, [JSON.stringify(requests)]))
    return commits.map(({ writes }, index) => {
      const conflicting = writes[answers[index] ?? -1]
      if (conflicting === undefined) return { kind: 'committed', now: clock?.now() ?? now }
      return { kind: 'conflict', collection: conflicting.collection, id: conflicting.id }
    })
  }

  return {
    label: 'linearizable',
    async load<Name extends CollectionName>(customer: string, collections: readonly Name[]): Promise<RecordReading<Name>> {
      checkLoad(customer, collections)
      requireText(customer, 'customer')
      return load({ customer, collections })
    },
    async commit(customer: string, writes: readonly RecordWrite[]) {
      const checked = checkCommit(customer, writes)
      requireText(customer, 'customer')
      for (const { id } of checked) requireText(id, 'id')
      return commit({ customer, writes: checked })
    },
    async find<Name extends CollectionName>(request: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]> {
      checkQuery(request)
      const { collection, index, where, limit } = request
      const [by, value] = 'equals' in where ? (['equals', where.equals] as const) : (['atMost', where.atMost] as const)
      if (typeof value === 'string') requireText(value, 'where')
      const rows = await query(findStatement(collection, index, by), [JSON.stringify(value), limit])
      // The statement asked for rows of this collection alone.
      return parseFindAnswer(rows) as readonly RecordEntry<Name>[]
    },
    async forget(customer) {
      checkCustomer(customer)
      requireText(customer, 'customer')
      await query(forgetStatement, [customer])
    },
  }
}

function encodeWrite({ collection, id, expect, value }: CheckedWrite): readonly unknown[] {
  if (value === null) return [collection, id, expect, null, null]
  const indexed = indexedFields(collection, value)
  for (const [field, item] of indexed) {
    if (typeof item === 'string') requireText(item, `${collection}.${id}.${field}`)
  }
  return [collection, id, expect, JSON.stringify(value), indexed.length === 0 ? null : Object.fromEntries(indexed)]
}

const encoder = new TextEncoder()

/** Halves of a surrogate pair are refused too: UTF-8 has none, so two names would become one. */
function requireText(name: string, path: string): void {
  if (/[\0\p{Cs}]/u.test(name)) refuse(path, 'Give text without NUL and without halves of characters')
  const isLong = name.length > longestName / 4 && encoder.encode(name).length > longestName
  if (isLong) refuse(path, `Give at most ${longestName} bytes`)
}
