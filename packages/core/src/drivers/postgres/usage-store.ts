import type { Instant } from '../../domain/instant.ts'
import type { FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  UsageHistoryEntry,
  UsageOperation,
  UsageOutcome,
  UsageQuery,
  UsageReading,
  UsageStore,
  UsageSweep,
} from '../../ports/usage-store.ts'
import { checkMarker, checkOperation } from '../../storage/counting/check-operation.ts'
import type { Query, Row, Value } from './client.ts'
import { inspectServer } from './inspect-server.ts'
import { presentOf } from './present.ts'
import { toFareboxError } from './query-failure.ts'
import { bucketStateOf, decodeOutcome, gateStatesOf, listOf, numberOf, numberOrNull, parseAnswer, stateOf } from './usage-answers.ts'
import { encodeApart, encodeCall, encodeConsume, encodeCount, isHold, isOfOne, placesOf } from './usage-call.ts'
import { decodeConsumed, decodeCounted } from './usage-counted.ts'
import { type Group, type Grouped, groupOperations } from './usage-groups.ts'
import { checkName, shapeOf } from './usage-names.ts'
import {
  consumeOneStatement,
  consumeStatement,
  countStatement,
  executeStatement,
  forgetStatement,
  historyStatement,
  holdStatement,
  raiseVersionStatement,
  readStatement,
  sweepStatement,
} from './usage-statements.ts'

/** From how many rows on a call is worth two transactions. */
const groupsForLanes = 200

/** How many rows one `sweep()` looks at. */
const rowsPerSweep = 2000

/** Counts in the tables `farebox.usage*`. Every call is one statement: one round trip, one transaction. */
export function createUsageStore(query: Query, clock: Clock | undefined): UsageStore {
  /** The last call met more than clean first successes: the next is likely to as well. */
  let isMixed = false
  let sweptTo: readonly [string, string] = ['', '']

  async function execute(operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[]> {
    for (const operation of operations) checkOperation(operation)
    if (operations.length === 0) return []
    const grouped = groupOperations(operations)
    const { groups: [only], hasKeys, apart } = grouped
    const isAlone = grouped.groups.length === 1 && apart.length === 0 && (!hasKeys || operations.length === 1)
    if (only !== undefined && isAlone && !isMixed) {
      const counted = await consume(only, operations)
      if (counted !== undefined) return counted
    }
    const outcomes: UsageOutcome[] = []
    // All of it is put into words before any of it is asked.
    const lanes = lanesOf(grouped).map((lane) => ({ lane, ...wayOf(operations, lane) }))
    // When one fails the other is waited for: nothing of this call is under way when its caller may ask again.
    const failures = await Promise.all(
      lanes.map(async ({ lane, run, call }) => run(operations, lane, call, outcomes).then(() => undefined, toFareboxError)),
    )
    const [failure] = failures
    if (failure !== undefined && !failures.includes(undefined)) throw failure
    for (const [index, error] of failures.entries()) if (error !== undefined) failLane(outcomes, lanes[index]?.lane, error)
    return outcomes
  }

  /** How to ask what of a call: the short way, where all may be as it was. */
  function wayOf(operations: readonly UsageOperation[], lane: Grouped): { readonly run: typeof executeLane; readonly call: readonly Value[] } {
    const { groups, apart } = lane
    if (apart.length === 0 && !isMixed && groups.every(({ first }) => isOfOne(first))) return { run: countLane, call: encodeCount(operations, lane) }
    if (groups.length === 0 && apart.every((place) => isHold(operations[place]))) return { run: holdLane, call: [encodeApart(operations, lane)] }
    return { run: executeLane, call: encodeCall(operations, lane) }
  }

  /** The short way: one row, where nothing has changed since the last time. */
  async function consume(group: Group, operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[] | undefined> {
    const rows = await query(isOfOne(group.first) ? consumeOneStatement : consumeStatement, [presentOf(clock), ...encodeConsume(group)])
    return rows[0]?.['answer'] === null ? undefined : decodeConsumed(parseAnswer(rows), group, operations)
  }

  /** The short way for many rows. Groups that it did not count are looked at with everything that may be the case. */
  async function countLane(
    operations: readonly UsageOperation[],
    lane: Grouped,
    call: readonly Value[],
    outcomes: UsageOutcome[],
  ): Promise<void> {
    const rows = await query(countStatement, [presentOf(clock), ...call])
    const isDone = rows[0]?.['answer'] !== null
    const [instant, counted] = isDone ? parseAnswer(rows) : [0, null]
    decodeCounted(counted, lane.groups, operations, numberOf(instant), outcomes)
    const places = new Set(counted === null ? [] : listOf(listOf(counted)[0]))
    if (places.size === lane.groups.length) return
    isMixed = true
    const rest = { ...lane, groups: lane.groups.filter((_, index) => !places.has(index + 1)) }
    await executeLane(operations, rest, encodeCall(operations, rest), outcomes)
  }

  /** The short way for what is held. Where that does not do, nothing was done, and all of it is looked at. */
  async function holdLane(operations: readonly UsageOperation[], lane: Grouped, call: readonly Value[], outcomes: UsageOutcome[]): Promise<void> {
    const rows = await query(holdStatement, [presentOf(clock), ...call])
    if (rows[0]?.['answer'] !== null) tell(rows, operations, lane, outcomes)
    else await executeLane(operations, lane, encodeCall(operations, lane), outcomes)
  }

  async function executeLane(
    operations: readonly UsageOperation[],
    lane: Grouped,
    call: readonly Value[],
    outcomes: UsageOutcome[],
  ): Promise<void> {
    const values = [presentOf(clock), String(isMixed || lane.apart.length > 0), ...call]
    tell(await query(executeStatement, values), operations, lane, outcomes)
  }

  /** Writes the outcomes that a call was told, those of groups and of what was looked at by itself. */
  function tell(rows: readonly Row[], operations: readonly UsageOperation[], lane: Grouped, outcomes: UsageOutcome[]): void {
    const { groups, apart } = lane
    const [instant, counted, takes, others, hasBegun] = parseAnswer(rows)
    const now = numberOf(instant)
    decodeCounted(counted, groups, operations, now, outcomes)
    const answers = listOf(takes)
    isMixed = answers.length > 0 || hasBegun === true
    if (answers.length > 0) {
      const places = placesOf(lane)
      for (const [position, answer] of answers.map(listOf)) decodeInto(outcomes, places[numberOf(position) - 1], operations, answer, now)
    }
    for (const [index, answer] of listOf(others).entries()) decodeInto(outcomes, apart[index], operations, answer, now)
  }

  async function read(queries: readonly UsageQuery[]): Promise<readonly UsageReading[]> {
    if (queries.length === 0) return []
    const asked = queries.map(({ customer, feature, buckets, gates }) => [
      checkName(customer, 'customer'),
      checkName(feature, 'feature'),
      shapeOf(buckets.map((id) => ({ id, kind: 'allowance', limit: null, keepUntil: null })), gates),
    ])
    const [instant, ...answers] = parseAnswer(await query(readStatement, [presentOf(clock), JSON.stringify(asked)]))
    const now = numberOf(instant)
    return queries.map(({ buckets, gates }, index) => {
      const [marker, stored] = listOf(answers[index])
      const state = stateOf(stored)
      return {
        now,
        marker: numberOrNull(marker),
        buckets: buckets.map((id, position) => bucketStateOf(id, position, state)),
        gates: gateStatesOf(gates, 3 * buckets.length, state, now),
      }
    })
  }

  return {
    label: 'linearizable',
    execute,
    read,
    async history({ customer, feature, from, to }) {
      const values = [presentOf(clock), checkName(customer, 'customer'), checkName(feature, 'feature'), String(from), String(to)]
      return parseAnswer(await query(historyStatement, values)).map(parseEntry)
    },
    async raiseVersion(customer, version) {
      checkMarker(customer, version)
      await query(raiseVersionStatement, [presentOf(clock), checkName(customer, 'customer'), String(version)])
    },
    async sweep() {
      const answer = parseAnswer(await query(sweepStatement, [presentOf(clock), ...sweptTo, String(rowsPerSweep)]))
      const [reservations, keys, counters, markers] = answer.slice(0, 4).map(numberOf)
      const [customer, feature] = answer.slice(4)
      sweptTo = typeof customer === 'string' && typeof feature === 'string' ? [customer, feature] : ['', '']
      return { reservations: reservations ?? 0, keys: keys ?? 0, counters: counters ?? 0, markers: markers ?? 0 } satisfies UsageSweep
    },
    async forget(customer) {
      await query(forgetStatement, [checkName(customer, 'customer')])
    },
    inspect: async () => inspectServer(query),
  }
}

function decodeInto(
  outcomes: UsageOutcome[],
  place: number | undefined,
  operations: readonly UsageOperation[],
  answer: unknown,
  now: Instant,
): void {
  const operation = place === undefined ? undefined : operations[place]
  if (place !== undefined && operation !== undefined) outcomes[place] = decodeOutcome(operation, answer, now)
}

/** Nobody knows whether any of it happened. */
function failLane(outcomes: UsageOutcome[], lane: Grouped | undefined, error: FareboxError): void {
  for (const place of [...(lane?.groups ?? []).flatMap(({ places }) => places), ...(lane?.apart ?? [])]) outcomes[place] = { kind: 'failed', error }
}

/** Parts of a call that the server works on at once, by customer: halves of many groups, and what is apart. */
function lanesOf(grouped: Grouped): readonly Grouped[] {
  const { groups, apart } = grouped
  const lanes: Grouped[] = apart.length === 0 ? [] : [{ ...grouped, groups: [] }]
  let half = groups.length < groupsForLanes ? 0 : groups.length >> 1
  while (half > 0 && groups[half]?.first.customer === groups[half - 1]?.first.customer) half += 1
  for (const part of [groups.slice(0, half), groups.slice(half)]) if (part.length > 0) lanes.push({ ...grouped, groups: part, apart: [] })
  return lanes
}

function parseEntry(entry: unknown): UsageHistoryEntry {
  const [bucket, used] = listOf(entry)
  return { bucket: String(bucket), used: numberOf(used) }
}
