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
import type { Query, Value } from './client.ts'
import { inspectServer } from './inspect-server.ts'
import { presentOf } from './present.ts'
import { isTaken, toFareboxError } from './query-failure.ts'
import { bucketStateOf, decodeOutcome, gateStatesOf, listOf, numberOf, numberOrNull, parseAnswer, stateOf } from './usage-answers.ts'
import { encodeCall, encodeConsume, encodeCount, isOfOne, placesOf } from './usage-call.ts'
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
    const isShort = !isMixed && grouped.apart.length === 0 && grouped.groups.every(({ first }) => isOfOne(first))
    const lanes = lanesOf(grouped)
    const calls = lanes.map((lane) => (isShort ? encodeCount(operations, lane) : encodeCall(operations, lane)))
    const outcomes: UsageOutcome[] = []
    const run = isShort ? countLane : executeLane
    // When one fails the other is waited for: nothing of this call is under way when its caller may ask again.
    const failures = await Promise.all(
      lanes.map(async (lane, index) => run(operations, lane, calls[index] ?? [], outcomes).then(() => undefined, toFareboxError)),
    )
    const [failure] = failures
    if (failure !== undefined && !failures.includes(undefined)) throw failure
    for (const [index, error] of failures.entries()) if (error !== undefined) failLane(outcomes, lanes[index], error)
    return outcomes
  }

  /** The short way: one row, where nothing has changed since the last time. */
  async function consume(group: Group, operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[] | undefined> {
    try {
      const rows = await query(isOfOne(group.first) ? consumeOneStatement : consumeStatement, [presentOf(clock), ...encodeConsume(group)])
      return rows[0]?.['answer'] === null ? undefined : decodeConsumed(parseAnswer(rows), group, operations)
    } catch (error) {
      // The same key was counted since this statement began, which did nothing.
      if (isTaken(error)) return undefined
      throw error
    }
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

  async function executeLane(
    operations: readonly UsageOperation[],
    lane: Grouped,
    call: readonly Value[],
    outcomes: UsageOutcome[],
  ): Promise<void> {
    const { groups, apart } = lane
    const values = [presentOf(clock), String(isMixed || apart.length > 0), ...call]
    const [instant, counted, takes, others, hasBegun] = parseAnswer(await query(executeStatement, values))
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

/** Halves of a large call, by customer: the server works on both at once. What is apart stays together. */
function lanesOf(grouped: Grouped): readonly Grouped[] {
  const { groups, apart } = grouped
  if (groups.length < groupsForLanes) return [grouped]
  let half = groups.length >> 1
  while (groups[half]?.first.customer === groups[half - 1]?.first.customer) half += 1
  return [
    { ...grouped, groups: groups.slice(0, half), apart },
    { ...grouped, groups: groups.slice(half), apart: [] },
  ]
}

function parseEntry(entry: unknown): UsageHistoryEntry {
  const [bucket, used] = listOf(entry)
  return { bucket: String(bucket), used: numberOf(used) }
}
