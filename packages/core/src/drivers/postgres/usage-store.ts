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
import { bucketStateOf, decodeOutcome, gateStatesOf, listOf, numberOf, numberOrNull, parseAnswer, stateOf } from './usage-answers.ts'
import { encodeCall } from './usage-call.ts'
import { decodeCounted } from './usage-counted.ts'
import { groupOperations } from './usage-groups.ts'
import { checkName, shapeOf } from './usage-names.ts'
import {
  executeStatement,
  forgetStatement,
  historyStatement,
  raiseVersionStatement,
  readStatement,
  sweepStatement,
} from './usage-statements.ts'

/** How many rows one `sweep()` looks at. */
const rowsPerSweep = 2000

/** Counts in the tables `farebox.usage*`. Every call is one statement: one round trip, one transaction. */
export function createUsageStore(query: Query, clock: Clock | undefined): UsageStore {
  /** The last call met more than clean first successes: the next is likely to as well. */
  let isMixed = false
  let sweptTo: readonly [string, string] = ['', '']

  /** Text, so that every client sends it alike; null lets the server's clock decide. */
  function present(): Value {
    return clock === undefined ? null : String(clock.now())
  }

  async function execute(operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[]> {
    for (const operation of operations) checkOperation(operation)
    if (operations.length === 0) return []
    const grouped = groupOperations(operations)
    const values = [present(), String(isMixed || grouped.apart.length > 0), ...encodeCall(operations, grouped)]
    const [instant, counted, takes, others] = parseAnswer(await query(executeStatement, values))
    const now = numberOf(instant)
    const outcomes: UsageOutcome[] = []
    decodeCounted(counted, grouped.groups, operations, now, outcomes)
    const { groups, apart } = grouped
    isMixed = listOf(takes).length > 0
    if (isMixed) {
      const places = groups.flatMap((group) => group.places).toSorted((one, other) => one - other)
      for (const take of listOf(takes)) {
        const [position, answer] = listOf(take)
        const place = places[numberOf(position) - 1] ?? -1
        const operation = operations[place]
        if (operation !== undefined) outcomes[place] = decodeOutcome(operation, answer, now)
      }
    }
    for (const [index, place] of apart.entries()) {
      const operation = operations[place]
      if (operation !== undefined) outcomes[place] = decodeOutcome(operation, listOf(others)[index], now)
    }
    return outcomes
  }

  async function read(queries: readonly UsageQuery[]): Promise<readonly UsageReading[]> {
    if (queries.length === 0) return []
    const asked = queries.map(({ customer, feature, buckets, gates }) => [
      checkName(customer, 'customer'),
      checkName(feature, 'feature'),
      shapeOf(buckets.map((id) => ({ id, kind: 'allowance', limit: null, keepUntil: null })), gates),
    ])
    const [present_, ...answers] = parseAnswer(await query(readStatement, [present(), JSON.stringify(asked)]))
    const now = numberOf(present_)
    return queries.map(({ buckets, gates }, index) => {
      const answer = answers[index]
      const [marker, stored]: readonly unknown[] = Array.isArray(answer) ? answer : []
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
      const values = [present(), checkName(customer, 'customer'), checkName(feature, 'feature'), String(from), String(to)]
      return parseAnswer(await query(historyStatement, values)).map(parseEntry)
    },
    async raiseVersion(customer, version) {
      checkMarker(customer, version)
      await query(raiseVersionStatement, [present(), checkName(customer, 'customer'), String(version)])
    },
    async sweep() {
      const answer = parseAnswer(await query(sweepStatement, [present(), ...sweptTo, String(rowsPerSweep)]))
      const [reservations, keys, counters, markers] = answer.slice(0, 4).map(numberOf)
      const [customer, feature] = answer.slice(4)
      sweptTo = typeof customer === 'string' && typeof feature === 'string' ? [customer, feature] : ['', '']
      return { reservations: reservations ?? 0, keys: keys ?? 0, counters: counters ?? 0, markers: markers ?? 0 } satisfies UsageSweep
    },
    async forget(customer) {
      await query(forgetStatement, [checkName(customer, 'customer')])
    },
  }
}

function parseEntry(entry: unknown): UsageHistoryEntry {
  const [bucket, used]: readonly unknown[] = Array.isArray(entry) ? entry : []
  return { bucket: String(bucket), used: numberOf(used) }
}
