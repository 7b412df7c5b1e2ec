import type { Clock } from '../../ports/clock.ts'
import type {
  CollectionName,
  CommitOutcome,
  RecordEntry,
  RecordQuery,
  RecordReading,
  RecordStore,
  RecordWrite,
  RowIds,
} from '../../ports/record-store.ts'
import { inBatches } from '../../storage/in-batches.ts'
import { type CheckedWrite, checkCommit, checkCustomer, checkLoad, checkQuery, refuse } from '../../storage/records/check-records.ts'
import { indexedFields } from '../../storage/records/indexed-fields.ts'
import type { Query } from './client.ts'
import { isUndone } from './query-failure.ts'
import { parseCommitAnswer, parseFindAnswer, parseLoadAnswer } from './records-answers.ts'
import { commitStatement, findStatement, forgetStatement, loadStatement } from './records-statements.ts'
import { textFault } from './text-fault.ts'

interface Load {
  readonly customer: string
  readonly collections: readonly CollectionName[]
  readonly only: RowIds
}

interface Commit {
  readonly customer: string
  readonly writes: readonly CheckedWrite[]
}

/**
 * Keeps records in the table `farebox.records`. A commit is one statement, and so is a reading; those that are asked for
 * while one is under way share the next.
 */
export function createRecordStore(query: Query, clock: Clock | undefined): RecordStore {
  const load = inBatches<Load, RecordReading<CollectionName>>({ run: runLoads, isUndone })
  const commit = inBatches<Commit, CommitOutcome>({ run: runCommits, isUndone })

  async function runLoads(loads: readonly Load[]): Promise<readonly RecordReading<CollectionName>[]> {
    const places = loads.flatMap(({ customer, collections, only }) =>
      collections.map((collection) => [customer, collection, ...(only[collection] === undefined ? [] : [[...new Set(only[collection])]])]),
    )
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
    async load<Name extends CollectionName>(
      customer: string,
      collections: readonly Name[],
      only: RowIds = {},
    ): Promise<RecordReading<Name>> {
      checkLoad(customer, collections)
      requireText(customer, 'customer')
      for (const ids of Object.values(only)) for (const id of ids) requireText(id, 'id')
      return load({ customer, collections, only })
    },
    async commit(customer: string, writes: readonly RecordWrite[]) {
      const checked = checkCommit(customer, writes)
      requireText(customer, 'customer')
      for (const { id } of checked) requireText(id, 'id')
      return commit({ customer, writes: checked })
    },
    async find<Name extends CollectionName>(request: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]> {
      checkQuery(request)
      const { collection, index, where, after, limit } = request
      const [by, value] = 'equals' in where ? (['equals', where.equals] as const) : (['atMost', where.atMost] as const)
      if (typeof value === 'string') requireText(value, 'where')
      const behind = after === undefined ? [] : [JSON.stringify(after.value), after.customer, after.id]
      for (const text of behind) requireText(text, 'after')
      const rows = await query(findStatement(collection, index, by, after !== undefined), [JSON.stringify(value), limit, ...behind])
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

function requireText(name: string, path: string): void {
  const fault = textFault(name)
  if (fault !== undefined) refuse(path, fault)
}
