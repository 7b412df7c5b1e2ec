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
import { bucketStateOf, decodeOutcome, gateStatesOf, numberOf, numberOrNull, parseAnswer, stateOf } from './usage-answers.ts'
import { checkName, shapeOf } from './usage-names.ts'
import { encodeOperation } from './usage-operations.ts'
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
  let sweptTo: readonly [string, string] = ['', '']

  /** Text, so that every client sends it alike; null lets the server's clock decide. */
  function present(): Value {
    return clock === undefined ? null : String(clock.now())
  }

  async function execute(operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[]> {
    for (const operation of operations) checkOperation(operation)
    if (operations.length === 0) return []
    const [now, ...answers] = parseAnswer(await query(executeStatement, [present(), JSON.stringify(operations.map(encodeOperation))]))
    return operations.map((operation, index) => decodeOutcome(operation, answers[index], numberOf(now)))
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
        gates: gateStatesOf(gates, 3 * buckets.length + 1, state, now),
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
