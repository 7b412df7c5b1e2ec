import type { Instant } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RowNeeds } from '../../storage/rows/row-needs.ts'
import { WorkingSet } from '../../storage/rows/working-set.ts'
import type { D1Connection } from './database.ts'
import { type Fetch, fetchNeeds, fetchNow, fetchRevisions } from './fetch-rows.ts'
import { rowsOf } from './read-rows.ts'

/** The rows of a call, and when they were read. */
export interface LoadedRows {
  readonly set: WorkingSet
  readonly now: Instant
}

const nothing: RowNeeds = { documents: [], keys: [], reservations: [], due: [], counters: [] }

/**
 * Reads what a call is about, as it was at one moment: in one round trip, or in two where rows call for others, such as
 * reservations that are due. Answers `undefined` where somebody wrote them in between.
 */
export async function loadRows(
  connection: D1Connection,
  clock: Clock | undefined,
  ask: (set: WorkingSet) => void,
  alongside: readonly Fetch[] = [],
): Promise<LoadedRows | undefined> {
  // What a call names is the same at every instant; the instant comes with the rows.
  const timeless = new WorkingSet(0)
  ask(timeless)
  const named = timeless.needs() ?? nothing
  let present: Instant | undefined
  const fetches = [fetchNow((now) => (present = now)), ...fetchNeeds(named, 0), ...alongside]
  const answers = await connection.run(fetches.map(({ statement }) => statement))
  for (const row of rowsOf(answers[0])) fetches[0]?.add(timeless, row)
  const now = clock?.now() ?? present
  if (now === undefined) throw new FareboxError('unavailable', 'The D1 database did not tell the time')

  const set = new WorkingSet(now)
  ask(set)
  set.needs()
  addRows(set, fetches, answers)
  for (let needs = set.needs(); needs !== undefined; needs = set.needs()) {
    if (!(await loadMore(connection, set, named.documents, needs, now))) return undefined
  }
  return { set, now }
}

/** Reads more rows; `false` where a document is not at the revision at which it was read before. */
async function loadMore(
  connection: D1Connection,
  set: WorkingSet,
  customers: readonly string[],
  needs: RowNeeds,
  now: Instant,
): Promise<boolean> {
  const revisions = new Map<string, number>()
  const fetches = [...fetchRevisions(customers, (customer, revision) => revisions.set(customer, revision)), ...fetchNeeds(needs, now)]
  addRows(set, fetches, await connection.run(fetches.map(({ statement }) => statement)))
  return customers.every((customer) => set.touch(customer).revision === (revisions.get(customer) ?? 0))
}

function addRows(set: WorkingSet, fetches: readonly Fetch[], answers: readonly (readonly unknown[])[]): void {
  for (const [index, { add }] of fetches.entries()) {
    for (const row of rowsOf(answers[index])) add(set, row)
  }
}
