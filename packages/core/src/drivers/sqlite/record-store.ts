import type { Clock } from '../../ports/clock.ts'
import {
  type CollectionName,
  type CommitOutcome,
  type RecordEntry,
  type RecordQuery,
  type RecordReading,
  type RecordStore,
  type RowIds,
  recordIndexes,
} from '../../ports/record-store.ts'
import { checkQuery } from '../../storage/records/check-query.ts'
import { type CheckedWrite, checkCommit, checkCustomer, checkLoad } from '../../storage/records/check-records.ts'
import { indexedFields } from '../../storage/records/indexed-fields.ts'
import { corruptRow } from '../../storage/rows/corrupt-row.ts'
import { escapeName, unescapeName } from '../../storage/rows/names.ts'
import { type Command, type Row, type Work, rowsOf } from './connection.ts'
import type { Tables } from './tables.ts'
import { deleteRow } from './usage-statements.ts'

/** Keeps records in SQLite: a row as JSON text, and beside it one row for each of its fields by which it can be found. */
export function createRecordStore(tables: Tables, clock: Clock): RecordStore {
  return {
    label: 'linearizable',
    async load<Name extends CollectionName>(customer: string, collections: readonly Name[], only: RowIds = {}): Promise<RecordReading<Name>> {
      checkLoad(customer, collections)
      const found = await tables.read(() =>
        rowsOf(
          loadRows,
          escapeName(customer),
          JSON.stringify(collections.filter((name) => only[name] === undefined)),
          JSON.stringify(namedRows(collections, only)),
          escapeName(customer),
        ),
      )
      const rows: Record<string, unknown> = Object.fromEntries(
        collections.map((name) => [name, found.filter(([collection]) => collection === name).map((row) => entryOf(row.slice(1)))]),
      )
      // One entry for each name that was asked for, each with the rows of that name.
      return { now: clock.now(), rows: rows as RecordReading<Name>['rows'] }
    },
    async commit(customer, writes) {
      const checked = checkCommit(customer, writes)
      return tables.write(() => commitAll(escapeName(customer), checked, clock))
    },
    async find<Name extends CollectionName>(query: RecordQuery<Name>): Promise<readonly RecordEntry<Name>[]> {
      checkQuery(query)
      const rows = await tables.read(() => findRows(query))
      // As in `load`: the collection's name decides the shape of its rows.
      return rows.map((row) => entryOf(row) as RecordEntry<Name>)
    },
    async forget(customer) {
      checkCustomer(customer)
      const values = [escapeName(customer)]
      await tables.write(function* (): Work<void> {
        yield [deleteRow('farebox_record_fields', ['customer'], values), deleteRow('farebox_records', ['customer'], values)]
      })
    },
  }
}

const loadRows = `select collection, customer, id, revision, value from farebox_records
    where customer = ? and collection in (select value from json_each(?))
  union all
  select known.collection, known.customer, known.id, known.revision, known.value from json_each(?) as asked
    cross join farebox_records as known
    on known.customer = ? and known.collection = asked.value ->> 0 and known.id = asked.value ->> 1`

function namedRows(collections: readonly CollectionName[], only: RowIds): readonly (readonly [CollectionName, string])[] {
  return collections.flatMap((name) => [...new Set(only[name])].map((id) => [name, escapeName(id)] as const))
}

function* commitAll(customer: string, writes: readonly CheckedWrite[], clock: Clock): Work<CommitOutcome> {
  const names = writes.map(({ collection, id }) => [collection, escapeName(id)] as const)
  const found = yield* rowsOf(
    `select known.collection, known.id, known.revision from json_each(?) as asked cross join farebox_records as known
      on known.customer = ? and known.collection = asked.value ->> 0 and known.id = asked.value ->> 1`,
    JSON.stringify(names),
    customer,
  )
  const revisions = new Map(found.map(([collection, id, revision]) => [`${String(collection)}:${String(id)}`, Number(revision)]))
  const commands: Command[] = []
  for (const [index, { collection, id, expect, value }] of writes.entries()) {
    const name = names[index]?.[1] ?? id
    const slot = `${collection}:${name}`
    const revision = revisions.get(slot) ?? 0
    if (expect !== null && expect !== revision) return { kind: 'conflict', collection, id }
    revisions.set(slot, value === null ? 0 : revision + 1)
    commands.push(...writeRow({ customer, collection, id: name }, revision, value))
  }
  if (commands.length > 0) yield commands
  return { kind: 'committed', now: clock.now() }
}

interface RowName {
  readonly customer: string
  readonly collection: CollectionName
  readonly id: string
}

function writeRow({ customer, collection, id }: RowName, revision: number, value: CheckedWrite['value']): readonly Command[] {
  const columns = ['customer', 'collection', 'id']
  const place = [customer, collection, id]
  const commands: Command[] = []
  if (revision > 0 && recordIndexes[collection].length > 0) {
    commands.push(deleteRow('farebox_record_fields', columns, place))
  }
  if (value === null) {
    return [...commands, deleteRow('farebox_records', columns, place)]
  }
  commands.push({ sql: 'insert or replace into farebox_records values (?, ?, ?, ?, ?)', values: [...place, revision + 1, JSON.stringify(value)] })
  for (const [field, indexed] of indexedFields(collection, value)) {
    const sql = 'insert into farebox_record_fields (collection, field, value, customer, id) values (?, ?, ?, ?, ?)'
    commands.push({ sql, values: [collection, field, indexable(indexed), customer, id] })
  }
  return commands
}

function* findRows<Name extends CollectionName>({ collection, index, where, after, limit }: RecordQuery<Name>): Work<readonly Row[]> {
  const behind = after === undefined ? [] : [indexable(after.value), escapeName(after.customer), escapeName(after.id)]
  const [condition, value] = 'equals' in where ? ['=', where.equals] : ["< '' and field.value <=", where.atMost]
  return yield* rowsOf(
    `select known.customer, known.id, known.revision, known.value
      from farebox_record_fields as field
      join farebox_records as known
        on known.customer = field.customer and known.collection = field.collection and known.id = field.id
      where field.collection = ? and field.field = ? and field.value ${condition} ?
        ${after === undefined ? '' : 'and (field.value, field.customer, field.id) > (?, ?, ?)'}
      order by field.value, field.customer, field.id limit ?`,
    collection,
    index,
    indexable(value),
    ...behind,
    limit,
  )
}

/** Text is kept as every client carries it. */
function indexable(value: string | number): string | number {
  return typeof value === 'string' ? escapeName(value) : value
}

function entryOf([customer, id, revision, value]: Row): RecordEntry<CollectionName> {
  if (typeof customer !== 'string' || typeof id !== 'string' || typeof value !== 'string') throw corruptRow('record')
  try {
    // What is read was checked and written by `commit`.
    const parsed: RecordEntry<CollectionName>['value'] = JSON.parse(value)
    return { customer: unescapeName(customer), id: unescapeName(id), revision: Number(revision), value: parsed }
  } catch {
    throw corruptRow('record')
  }
}
