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
import type { RaisingCommit } from '../../ports/store.ts'
import { inBatches } from '../../storage/in-batches.ts'
import { checkQuery } from '../../storage/records/check-query.ts'
import { type EncodedWrite, checkCustomer, checkLoad, encodeCommit, refuse } from '../../storage/records/check-records.ts'
import type { Query } from './client.ts'
import { presentOf } from './present.ts'
import { isUndone } from './query-failure.ts'
import { parseCommitAnswer, parseCommitRowsAnswer, parseFindAnswer, parseLoadAnswer } from './records-answers.ts'
import { commitRowsStatement, commitStatement, findStatement, forgetStatement, loadStatement } from './records-statements.ts'
import { textFault } from './text-fault.ts'
import { quoteText } from './usage-names.ts'

interface Load {
  readonly customer: string
  readonly collections: readonly CollectionName[]
  readonly only: RowIds
}

interface Commit {
  readonly customer: string
  readonly writes: readonly EncodedWrite[]
  /** To which the customer's marker is raised along, if at all. */
  readonly version: number | null
}

/** The store, and its commits that raise a marker in the tables of usage along. */
export interface PostgresRecords extends Pick<RaisingCommit, 'records'> {
  readonly commitRaising: RaisingCommit['commit']
}

/**
 * Keeps records in the table `farebox.records`. A commit is one statement, and so is a reading; those that are asked for
 * while one is under way share the next.
 */
export function createRecordStore(query: Query, clock: Clock | undefined): PostgresRecords {
  const load = inBatches<Load, RecordReading<CollectionName>>({ run: runLoads, isUndone })
  const commit = inBatches<Commit, CommitOutcome>({ run: runCommits, isUndone })

  async function runLoads(loads: readonly Load[]): Promise<readonly RecordReading<CollectionName>[]> {
    const { now, rows } = parseLoadAnswer(await query(loadStatement, [JSON.stringify(loads.map(encodeLoad))]))
    const found = loads.map(({ collections }) => new Map<string, RecordEntry<CollectionName>[]>(collections.map((name) => [name, []])))
    for (const [position, entry, collection] of rows) found[position]?.get(collection)?.push(entry)
    return found.map((own) => {
      const read: Record<string, unknown> = Object.fromEntries(own)
      // One entry for each name that was asked for, each with the rows of that name.
      return { now: clock?.now() ?? now, rows: read as RecordReading<CollectionName>['rows'] }
    })
  }

  async function runCommits(commits: readonly Commit[]): Promise<readonly CommitOutcome[]> {
    const { now, answers } = isPlain(commits) ? await commitRows(commits) : await commitInTurn(commits)
    return commits.map(({ writes }, index) => {
      const conflicting = writes[answers[index] ?? -1]
      if (conflicting === undefined) return { kind: 'committed', now: clock?.now() ?? now }
      return { kind: 'conflict', collection: conflicting.collection, id: conflicting.id }
    })
  }

  async function commitRows(commits: readonly Commit[]): Promise<ReturnType<typeof parseCommitAnswer>> {
    const rows = commits.flatMap(({ writes }) => writes)
    const values = [
      listOf(commits.map(({ customer }) => quoteText(customer))),
      listOf(commits.map(({ version }) => version)),
      listOf(commits.flatMap(({ writes }, place) => writes.map(() => place + 1))),
      listOf(rows.map(({ collection }) => collection)),
      listOf(rows.map(({ id }) => quoteText(id))),
      listOf(rows.map(({ expect }) => expect)),
      listOf(rows.map(({ value }) => value && quoteJson(value))),
      listOf(rows.map(({ indexed }) => (indexed.length === 0 ? null : quoteJson(JSON.stringify(Object.fromEntries(indexed)))))),
      presentOf(clock),
    ]
    return parseCommitRowsAnswer(await query(commitRowsStatement, values), commits.map(({ writes }) => writes.length))
  }

  async function commitInTurn(commits: readonly Commit[]): Promise<ReturnType<typeof parseCommitAnswer>> {
    const requests = commits.map(({ customer, writes, version }) => [customer, writes.map(rowOf), version])
    return parseCommitAnswer(await query(commitStatement, [JSON.stringify(requests), presentOf(clock)]))
  }

  async function commitChecked(customer: string, writes: readonly RecordWrite[], version: number | null): Promise<CommitOutcome> {
    const encoded = encodeCommit(customer, writes)
    requireText(customer, 'customer')
    for (const { collection, id, indexed } of encoded) {
      requireText(id, 'id')
      for (const [field, item] of indexed) if (typeof item === 'string') requireText(item, `${collection}.${id}.${field}`)
    }
    return commit({ customer, writes: encoded, version })
  }

  const records: RecordStore = {
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
    commit: async (customer, writes) => commitChecked(customer, writes, null),
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
  return { records, commitRaising: commitChecked }
}

function encodeLoad({ customer, collections, only }: Load): readonly unknown[] {
  const named = collections.flatMap((name) => [...new Set(only[name])].map((id) => [name, id]))
  return [customer, collections.filter((name) => only[name] === undefined), named]
}

/** Whether the commits can be written as one set of rows. */
function isPlain(commits: readonly Commit[]): boolean {
  const owners = new Set(commits.map(({ customer }) => customer))
  return owners.size === commits.length && commits.every(({ writes }) => writes.length === 1 || writesOnce(writes))
}

function writesOnce(writes: readonly EncodedWrite[]): boolean {
  return new Set(writes.map(({ collection, id }) => `${collection}:${id}`)).size === writes.length
}

/** As the function `farebox.commit_records` takes it. */
function rowOf({ collection, id, expect, value, indexed }: EncodedWrite): readonly unknown[] {
  return [collection, id, expect, value, indexed.length === 0 ? null : Object.fromEntries(indexed)]
}

/** JSON as an element of a text array's literal: it has no control characters, so both escape the same two characters. */
function quoteJson(text: string): string {
  return JSON.stringify(text)
}

/** The literal of an array. */
function listOf(elements: readonly (string | number | null)[]): string {
  return `{${elements.map((element) => element ?? 'null').join(',')}}`
}

function requireText(name: string, path: string): void {
  const fault = textFault(name)
  if (fault !== undefined) refuse(path, fault)
}
